/// Finds what looks like a secret in free text: where, as ranges of UTF-8 bytes in ascending order, none overlapping.
enum SecretShapes {
    static func ranges(in bytes: [UInt8], names: SensitiveNames) -> [Range<Int>] {
        guard bytes.count >= 6 else { return [] }
        var found: [Range<Int>] = []
        var scan = Scan(bytes: bytes, names: names)
        scan.run(&found)
        guard found.count > 1 else { return found }
        found.sort { ($0.lowerBound, $1.upperBound) < ($1.lowerBound, $0.upperBound) }
        var merged: [Range<Int>] = []
        for range in found {
            if let last = merged.last, range.lowerBound < last.upperBound {
                if range.upperBound > last.upperBound { merged[merged.count - 1] = last.lowerBound..<range.upperBound }
            } else {
                merged.append(range)
            }
        }
        return merged
    }
}

struct Scan {
    let bytes: [UInt8]
    let names: SensitiveNames

    mutating func run(_ found: inout [Range<Int>]) {
        var i = 0
        var sensitiveUntil = -1  // a sensitive word was seen; long random-looking words up to here are taken for its value
        var flag: PasswordFlag?  // of the program that was named on this line
        var previous = 0..<0  // the word before
        while i < bytes.count {
            let c = bytes[i]
            if c == UInt8(ascii: "-"), has("-----BEGIN ", at: i), let end = privateKeyEnd(from: i) {
                found.append(i..<end)
                i = end
                continue
            }
            if c == UInt8(ascii: ":"), has("://", at: i), let range = userInfo(after: i + 3) { found.append(range) }
            if let range = secretAccessKey(from: i) { found.append(range); i = range.upperBound; continue }
            guard isWord(c), i == 0 || !isWord(bytes[i - 1]) else {
                if c == 0x0A || c == UInt8(ascii: "|") || c == UInt8(ascii: ";") { flag = nil }
                i += 1
                continue
            }
            var end = i
            while end < bytes.count, isWord(bytes[end]) { end += 1 }
            let word = i..<end
            defer { previous = word }
            if let known = PasswordFlag.of(program: word, in: self) { flag = known }
            if let range = shape(word) ?? flag.flatMap({ value(of: $0, at: word) })
                ?? (isQuerySignature(word) ? assignedValue(after: end) : nil)
            {
                found.append(range)
                i = range.upperBound
                continue
            }
            if end - i <= 64, names.hasFurther || mightBeSensitive(word), names.contains(String(decoding: bytes[word], as: UTF8.self)) {
                sensitiveUntil = end + 32
                if let range = cookies(after: word) ?? assignedValue(after: end) ?? spokenValue(after: word, behind: previous) {
                    found.append(range)
                    i = range.upperBound
                    continue
                }
            } else if i <= sensitiveUntil, looksRandom(word) {
                found.append(word)
            }
            i = end
        }
    }

    // MARK: Words

    func isWord(_ c: UInt8) -> Bool {
        switch c {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "_"), UInt8(ascii: "-"): true
        default: false
        }
    }

    func has(_ text: StaticString, at i: Int) -> Bool {
        guard i + text.utf8CodeUnitCount <= bytes.count else { return false }
        for k in 0..<text.utf8CodeUnitCount where bytes[i + k] != text.utf8Start[k] { return false }
        return true
    }

    func lower(_ i: Int, _ text: StaticString) -> Bool {
        guard i + text.utf8CodeUnitCount <= bytes.count else { return false }
        for k in 0..<text.utf8CodeUnitCount where bytes[i + k] | 0x20 != text.utf8Start[k] { return false }
        return true
    }

    /// A cheap sieve before names are taken apart: every sensitive name has one of these letters pairs.
    private func mightBeSensitive(_ range: Range<Int>) -> Bool {
        guard range.count >= 2 else { return false }
        for i in range.lowerBound..<(range.upperBound - 1) {
            switch (bytes[i] | 0x20, bytes[i + 1] | 0x20) {
            case (UInt8(ascii: "p"), UInt8(ascii: "a")), (UInt8(ascii: "p"), UInt8(ascii: "w")), (UInt8(ascii: "t"), UInt8(ascii: "o")),
                (UInt8(ascii: "s"), UInt8(ascii: "e")), (UInt8(ascii: "c"), UInt8(ascii: "r")), (UInt8(ascii: "d"), UInt8(ascii: "s")),
                (UInt8(ascii: "k"), UInt8(ascii: "e")), (UInt8(ascii: "b"), UInt8(ascii: "e")), (UInt8(ascii: "a"), UInt8(ascii: "u")),
                (UInt8(ascii: "c"), UInt8(ascii: "o")), (UInt8(ascii: "s"), UInt8(ascii: "a")), (UInt8(ascii: "o"), UInt8(ascii: "t")),
                (UInt8(ascii: "h"), UInt8(ascii: "m")), (UInt8(ascii: "j"), UInt8(ascii: "w")), (UInt8(ascii: "p"), UInt8(ascii: "e")):
                return true
            default: continue
            }
        }
        return false
    }

    // MARK: Shapes

    /// What a word, or what it begins, gives away by its shape alone.
    private func shape(_ word: Range<Int>) -> Range<Int>? {
        if isKeyShape(word) { return word }
        if has("eyJ", at: word.lowerBound), let range = jsonWebToken(word) { return range }
        let isScheme = word.count == 6 && lower(word.lowerBound, "bearer") || word.count == 5 && lower(word.lowerBound, "basic")
        return isScheme ? schemeValue(after: word.upperBound) : nil
    }

    /// `?sig=`, as in the shared access signatures of Azure, and the signed URLs of AWS and Google.
    private func isQuerySignature(_ word: Range<Int>) -> Bool {
        let i = word.lowerBound
        guard i > 0, word.upperBound < bytes.count, bytes[word.upperBound] == UInt8(ascii: "="), [0x3F, 0x26, 0x3B].contains(bytes[i - 1])
        else { return false }
        return word.count == 3 && lower(i, "sig") || word.count >= 9 && lower(word.upperBound - 9, "signature")
    }

    /// All pairs of a `Cookie:` header, to the end of the line or of the quotes around it.
    private func cookies(after name: Range<Int>) -> Range<Int>? {
        guard name.count >= 6, lower(name.upperBound - 6, "cookie"), name.upperBound < bytes.count,
            bytes[name.upperBound] == UInt8(ascii: ":")
        else { return nil }
        var start = name.upperBound + 1
        while start < bytes.count, bytes[start] == 0x20 { start += 1 }
        let first = bytes[start...].prefix(128).prefix { $0 > 0x20 && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "'") }
        guard first.contains(UInt8(ascii: "=")) else { return nil }
        let end = bytes[start...].firstIndex { $0 < 0x20 || $0 == UInt8(ascii: "\"") || $0 == UInt8(ascii: "'") } ?? bytes.count
        return start..<end
    }

    /// From `-----BEGIN … PRIVATE KEY-----` to the end of its last line, or to the end of the text where that was cut off.
    private func privateKeyEnd(from i: Int) -> Int? {
        var k = i + 11
        while k < bytes.count, bytes[k] != UInt8(ascii: "-"), k - i < 60 { k += 1 }
        guard String(decoding: bytes[i..<k], as: UTF8.self).contains("PRIVATE KEY") else { return nil }
        while k < bytes.count {
            if bytes[k] == UInt8(ascii: "-"), has("-----END ", at: k) {
                var end = k + 9
                while end < bytes.count, bytes[end] != UInt8(ascii: "-") { end += 1 }
                while end < bytes.count, bytes[end] == UInt8(ascii: "-") { end += 1 }
                return end
            }
            k += 1
        }
        return bytes.count
    }

    /// The password of `user:password@`, or all of a long `token@`, of a URL.
    private func userInfo(after start: Int) -> Range<Int>? {
        var colon: Int?
        var at: Int?
        var i = start
        // A password may hold anything but white space and quotes; its end is the last @ before the host's path.
        while i < bytes.count, i - start < 400 {
            let c = bytes[i]
            if c <= 0x20 || c == UInt8(ascii: "\"") || c == UInt8(ascii: "<") || c == UInt8(ascii: ">") { break }
            if c == UInt8(ascii: "/") && (colon == nil || at != nil) { break }
            if c == UInt8(ascii: "/"), !bytes[i...].prefix(200).prefix(while: { $0 > 0x20 }).contains(UInt8(ascii: "@")) { break }
            if c == UInt8(ascii: "@") { at = i }
            if c == UInt8(ascii: ":"), colon == nil { colon = i }
            i += 1
        }
        guard let at else { return nil }
        if let colon, colon < at { return colon + 1 < at ? colon + 1..<at : nil }
        return at - start >= 16 ? start..<at : nil
    }

    /// Three parts of base64url with dots between (RFC 7519).
    private func jsonWebToken(_ first: Range<Int>) -> Range<Int>? {
        let start = first.lowerBound
        var i = first.upperBound
        guard i < bytes.count, bytes[i] == UInt8(ascii: ".") else { return nil }
        var dots = 0
        while i < bytes.count, isWord(bytes[i]) || bytes[i] == UInt8(ascii: ".") || bytes[i] == UInt8(ascii: "=") {
            if bytes[i] == UInt8(ascii: ".") { dots += 1 }
            i += 1
        }
        while i > start, bytes[i - 1] == UInt8(ascii: ".") { i -= 1; dots -= 1 }
        return dots >= 1 && i - start >= 20 ? start..<i : nil
    }

    private func schemeValue(after end: Int) -> Range<Int>? {
        guard end < bytes.count, bytes[end] == 0x20 else { return nil }
        let start = end + 1
        var i = start
        while i < bytes.count, isWord(bytes[i]) || [0x2B, 0x2F, 0x3D, 0x2E, 0x7E].contains(bytes[i]) { i += 1 }
        // "basic authentication" and "bearer token" are prose.
        return i - start >= 8 && (bytes[start..<i].contains { !($0 >= 0x61 && $0 <= 0x7A) } || i - start > 24) ? start..<i : nil
    }

    /// What stands behind `name=`, `name: `, `"name":"` or `--name `; nil where nothing is assigned.
    private func assignedValue(after end: Int) -> Range<Int>? {
        var i = end
        // A quote behind the name, also an escaped one: {\"password\":\"x\"}.
        while i < bytes.count, bytes[i] == UInt8(ascii: "\\") || bytes[i] == UInt8(ascii: "\"") || bytes[i] == UInt8(ascii: "'") { i += 1 }
        if i < bytes.count, bytes[i] == UInt8(ascii: "]") { i += 1 }
        while i < bytes.count, bytes[i] == 0x20 { i += 1 }
        let isFlag: Bool
        if i < bytes.count, bytes[i] == UInt8(ascii: "=") || bytes[i] == UInt8(ascii: ":") {
            isFlag = false
            let colon = bytes[i] == UInt8(ascii: ":")
            i += 1
            if i < bytes.count, bytes[i] == UInt8(ascii: ">") || bytes[i] == UInt8(ascii: "=") { i += 1 }
            if colon, has("//", at: i) { return nil }
        } else {
            // `--password x`: the name begins with two dashes.
            var start = end
            while start > 0, isWord(bytes[start - 1]) { start -= 1 }
            guard has("--", at: start), i > end, i < bytes.count else { return nil }
            isFlag = true
            // One of a list: ["--password", "x"].
            if bytes[i] == UInt8(ascii: ","), bytes[i - 1] == UInt8(ascii: "\"") || bytes[i - 1] == UInt8(ascii: "'") { i += 1 }
        }
        while i < bytes.count, bytes[i] == 0x20 { i += 1 }
        var escapes = 0
        while i < bytes.count, bytes[i] == UInt8(ascii: "\\") { escapes += 1; i += 1 }
        guard i < bytes.count else { return nil }
        if bytes[i] == UInt8(ascii: "\"") || bytes[i] == UInt8(ascii: "'") {
            let quote = bytes[i]
            let start = i + 1
            var k = start
            while k < bytes.count, bytes[k] != quote {
                k += bytes[k] == UInt8(ascii: "\\") && escapes == 0 ? 2 : 1
            }
            k = min(k, bytes.count)
            var stop = k
            while escapes > 0, stop > start, bytes[stop - 1] == UInt8(ascii: "\\") { stop -= 1 }
            return stop > start ? start..<stop : nil
        }
        let start = i
        if has("<redacted:", at: i) || has("$(", at: i) || has("${", at: i) { return nil }
        while i < bytes.count, bytes[i] > 0x20,
            !(bytes[i] == UInt8(ascii: ",") || bytes[i] == UInt8(ascii: ";") || bytes[i] == UInt8(ascii: "&")
                || bytes[i] == UInt8(ascii: "\"") || bytes[i] == UInt8(ascii: "'") || bytes[i] == UInt8(ascii: "\\")
                || bytes[i] == UInt8(ascii: "}")
                || bytes[i] == UInt8(ascii: ")") || bytes[i] == UInt8(ascii: "]"))
        { i += 1 }
        guard i > start, !isFlag || bytes[start] != UInt8(ascii: "-") else { return nil }
        let value = String(decoding: bytes[start..<i], as: UTF8.self)
        if Scan.prose.contains(value.lowercased()) { return nil }
        if ["Bearer", "Basic", "Token", "Digest", "bearer", "basic"].contains(value), i < bytes.count {
            let next = i + 1
            var k = next
            while k < bytes.count, bytes[k] > 0x20, bytes[k] != UInt8(ascii: "\""), bytes[k] != UInt8(ascii: ",") { k += 1 }
            return k > next ? next..<k : nil
        }
        return start..<i
    }

    /// Words that follow `password:` or `token:` in an error message and say nothing secret.
    static let prose: Set<String> = [
        "is", "not", "no", "required", "missing", "must", "expected", "unexpected", "empty", "undefined", "null", "nil", "none", "true",
        "false", "invalid", "expired", "unauthorized", "forbidden", "denied", "failed", "error", "cannot", "unable", "the", "a", "an",
        "authentication", "access", "permission", "has", "was", "could", "yes", "{", "[", "map[", "open", "stat", "secret",
    ]
}
