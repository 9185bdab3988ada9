/// Passwords in sentences: `password hunter2`, `with password swordfish`, `WITH PASSWORD 'x'`. Sentences about passwords are what
/// diagnosis lives on ("password authentication failed for user"), so that a word is taken for one only where its shape says so, or
/// the words before it do.
extension Scan {
    /// - Parameter previous: the word before the name.
    func spokenValue(after name: Range<Int>, behind previous: Range<Int>) -> Range<Int>? {
        guard Scan.spoken.contains(where: { ends(name, with: $0) }), var start = wordStart(after: name.upperBound) else { return nil }
        var isLinked = false
        for link: StaticString in ["is", "was"] where lower(start, link) {
            guard let next = wordStart(after: start + link.utf8CodeUnitCount) else { continue }
            (start, isLinked) = (next, true)
        }
        let first = bytes[start]
        if first == UInt8(ascii: "'") || first == UInt8(ascii: "\"") || first == UInt8(ascii: "`") {
            guard let end = bytes[(start + 1)...].firstIndex(where: { $0 == first || $0 == 0x0A }), bytes[end] == first, end > start + 1
            else {
                return nil
            }
            // The name of a setting is no value.
            return names.contains(String(decoding: bytes[start + 1..<end], as: UTF8.self)) ? nil : start + 1..<end
        }
        var end = bytes[start...].firstIndex { $0 <= 0x20 || $0 == UInt8(ascii: "\"") || $0 == UInt8(ascii: "'") } ?? bytes.count
        while end > start, [0x2E, 0x2C, 0x3A, 0x3B, 0x29, 0x5D, 0x7D].contains(bytes[end - 1]) { end -= 1 }
        guard end - start >= 3, end - start <= 128 else { return nil }
        let value = start..<end
        if isOdd(value) { return value }
        let isGiven =
            !isLinked && previous.upperBound + 1 == name.lowerBound && (ends(previous, with: "with") || ends(previous, with: "using"))
        guard isGiven, value.allSatisfy({ (0x61...0x7A).contains(bytes[$0] | 0x20) }) else { return nil }
        let word = String(decoding: bytes[value], as: UTF8.self).lowercased()
        return Scan.prose.contains(word) || Scan.proseOfPasswords.contains(word) ? nil : value
    }

    /// Unlike a word of a sentence, a name of Kubernetes, a number, an address or a path: digits among letters, signs that only
    /// passwords have, capitals after a small beginning.
    private func isOdd(_ value: Range<Int>) -> Bool {
        var digits = 0, letters = 0, capitals = 0, signs = 0
        for i in value {
            switch bytes[i] {
            case 0x30...0x39: digits += 1
            case 0x41...0x5A: capitals += 1
            case 0x61...0x7A: letters += 1
            case UInt8(ascii: "!"), UInt8(ascii: "@"), UInt8(ascii: "#"), UInt8(ascii: "$"), UInt8(ascii: "%"), UInt8(ascii: "^"),
                UInt8(ascii: "&"), UInt8(ascii: "*"), UInt8(ascii: "+"), UInt8(ascii: "~"), UInt8(ascii: "?"):
                signs += 1
            // Paths, references, assignments and what is in brackets are no passwords.
            case UInt8(ascii: "="), UInt8(ascii: "("), UInt8(ascii: "<"), UInt8(ascii: "["), UInt8(ascii: "{"), UInt8(ascii: "/"):
                return false
            default: break
            }
        }
        let word = String(decoding: bytes[value], as: UTF8.self).lowercased()
        if Scan.algorithms.contains(where: word.hasPrefix) { return false }
        if digits == value.count { return digits >= 6 }
        if letters + capitals == 0 { return signs > 0 }
        return digits > 0 || signs > 0 && bytes[value.lowerBound] != UInt8(ascii: "$")
            || capitals > 0 && (0x61...0x7A).contains(bytes[value.lowerBound])
    }

    private func wordStart(after end: Int) -> Int? {
        var i = end
        while i < bytes.count, bytes[i] == 0x20 { i += 1 }
        return i > end && i < bytes.count && bytes[i] > 0x20 ? i : nil
    }

    private func ends(_ word: Range<Int>, with text: StaticString) -> Bool {
        word.count >= text.utf8CodeUnitCount && lower(word.upperBound - text.utf8CodeUnitCount, text)
    }

    private static let spoken: [StaticString] = ["password", "passwd", "passphrase", "pwd"]

    private static let algorithms = ["sha", "md4", "md5", "scram", "bcrypt", "argon2", "pbkdf2", "x509", "utf"]

    /// What follows `with password` or `using password` and is none.
    private static let proseOfPasswords: Set<String> = [
        "auth", "based", "for", "from", "in", "on", "at", "by", "and", "or", "but", "of", "to", "via", "hash", "hashes", "hashing", "file",
        "files", "policy", "policies", "reset", "change", "prompt", "protected", "protection", "login", "logins", "encryption", "which",
        "that", "when", "only", "set", "given", "provided", "stored", "storage", "manager", "disabled", "enabled", "field", "option",
        "method", "grant", "mode", "support", "rotation", "length", "type", "credentials", "credential", "checking", "validation",
    ]
}
