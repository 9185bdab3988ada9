import Foundation

/// One line of a log, prepared for questions: its text as it was and in small letters.
///
/// Only ASCII letters are folded: messages of programs and runtimes are ASCII where they matter, and bytes keep their places.
struct LogLine {
    /// Longer lines are cut: no message that decides anything is longer, and a line may have megabytes.
    static let longest = 2000

    let bytes: [UInt8]
    private let small: [UInt8]

    init(_ slice: some Collection<UInt8>) {
        bytes = Array(slice.prefix(LogLine.longest))
        small = bytes.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }
    }

    init(_ text: String) { self.init(Array(text.utf8)) }

    /// The line as people read it, without colour codes; invalid UTF-8 becomes U+FFFD.
    var text: String {
        var out: [UInt8] = []
        out.reserveCapacity(bytes.count)
        var i = 0
        while i < bytes.count {
            if bytes[i] == 0x1B, i + 1 < bytes.count, bytes[i + 1] == UInt8(ascii: "[") {
                i += 2
                while i < bytes.count, !(0x40...0x7E).contains(bytes[i]) { i += 1 }
                i += 1
                continue
            }
            out.append(bytes[i])
            i += 1
        }
        return String(decoding: out, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// Where the (small-letter) words begin; nil when the line does not have them.
    func find(_ words: StaticString, from: Int = 0) -> Int? {
        guard from < small.count else { return nil }
        let count = words.utf8CodeUnitCount
        return small.withUnsafeBytes { all -> Int? in
            guard let base = all.baseAddress, count > 0, all.count - from >= count else { return nil }
            // The first byte is looked for by memchr, the rest compared: lines are short and words rare.
            var at = from
            let last = all.count - count
            while at <= last, let hit = memchr(base + at, Int32(words.utf8Start[0]), last - at + 1) {
                let offset = UnsafeRawPointer(hit) - base
                if memcmp(hit, words.utf8Start, count) == 0 { return offset }
                at = offset + 1
            }
            return nil
        }
    }

    func has(_ words: StaticString) -> Bool { find(words) != nil }

    func hasAny(_ words: StaticString...) -> Bool { words.contains { has($0) } }

    /// What stands behind the words, up to white space, a quote, a comma, a closing bracket or a colon that ends it; quotes around it are taken off.
    func word(after words: StaticString) -> String? {
        guard let at = find(words) else { return nil }
        return word(at: at + words.utf8CodeUnitCount)
    }

    func word(at position: Int) -> String? {
        var i = position
        func isSkipped(_ c: UInt8) -> Bool {
            c == 0x20 || c == 0x22 || c == 0x27 || c == 0x5C || c == 0x60 || c == 0x3A || c == 0x3D || c == 0x28 || c == 0x5B
        }
        while i < bytes.count, isSkipped(bytes[i]) { i += 1 }
        let start = i
        while i < bytes.count {
            let c = bytes[i]
            if c <= 0x20 || c == 0x22 || c == 0x27 || c == 0x60 || c == 0x2C || c == 0x29 || c == 0x5D || c == 0x7D || c == 0x5C { break }
            i += 1
        }
        while i > start, [0x3A, 0x2E, 0x3B].contains(bytes[i - 1]) { i -= 1 }
        return i > start ? String(decoding: bytes[start..<i], as: UTF8.self) : nil
    }

    /// The words of the line: runs of letters, digits and what names, paths and addresses are made of.
    var tokens: [Substring] {
        String(decoding: bytes, as: UTF8.self).split { c in
            !(c.isASCII && (c.isLetter || c.isNumber || c == "_" || c == "-" || c == "." || c == "/" || c == ":" || c == "$"))
        }
    }
}
