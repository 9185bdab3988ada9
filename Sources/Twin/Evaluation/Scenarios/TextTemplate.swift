import Core

/// A message without what two runs of the same thing never share: generated names, uids, addresses, durations, nodes.
struct TextTemplate: Sendable {
    /// Names of nodes: which of them a pod lands on depends on what ran there before.
    var nodes: Set<String> = []

    func of(_ text: String) -> String {
        var out = ""
        var word = ""
        for scalar in text.unicodeScalars {
            if Self.isWord(scalar) {
                word.unicodeScalars.append(scalar)
            } else {
                if !word.isEmpty { out += template(word) }
                word = ""
                out.unicodeScalars.append(scalar)
            }
        }
        return word.isEmpty ? out : out + template(word)
    }

    private static func isWord(_ c: Unicode.Scalar) -> Bool {
        c.properties.isAlphabetic || ("0"..."9").contains(c) || c == "-" || c == "."
    }

    private func template(_ word: String) -> String {
        if nodes.contains(word) { return "{node}" }
        if let end = word.last, end == "." || end == "-", word.count > 1 { return template(String(word.dropLast())) + String(end) }
        guard word.utf8.contains(where: { (0x30...0x39).contains($0) }) || word.contains("-") else { return word }
        if Self.isAddress(word) { return "{ip}" }
        if word.utf8.count >= 32, word.utf8.allSatisfy(Self.isHex) { return "{id}" }
        if word.utf8.count >= 36, Self.isUID(word.suffix(36)) { return word.dropLast(36) + "{uid}" }
        if Self.isDuration(word) { return "{time}" }
        return Self.name(word)
    }

    /// `web-7bc85d7499-5gv4z` → `web-#-#`: the endings that ReplicaSets (a hash), pods (five characters) and Jobs of CronJobs (minutes) get.
    static func name(_ word: String) -> String {
        var parts = word.split(separator: "-", omittingEmptySubsequences: false)
        var marks = 0
        while parts.count > 1, marks < 2, let last = parts.last, isGenerated(last, isSecond: marks == 1) {
            parts.removeLast()
            marks += 1
        }
        return marks == 0 ? word : parts.joined(separator: "-") + String(repeating: "-#", count: marks)
    }

    private static func isGenerated(_ part: Substring, isSecond: Bool) -> Bool {
        let count = part.utf8.count
        if count >= 7, part.utf8.allSatisfy({ (0x30...0x39).contains($0) }) { return true }
        // The letters that apimachinery draws from (util/rand): no vowels, none that read as digits.
        guard part.utf8.allSatisfy({ "bcdfghjklmnpqrstvwxz2456789".utf8.contains($0) }) else { return false }
        return isSecond ? (6...10).contains(count) : count == 5 || (8...10).contains(count)
    }

    private static func isHex(_ c: UInt8) -> Bool { (0x30...0x39).contains(c) || (0x61...0x66).contains(c) }

    private static func isAddress(_ word: String) -> Bool {
        let parts = word.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts.allSatisfy { UInt8($0) != nil }
    }

    private static func isUID(_ text: Substring) -> Bool {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        return parts.map(\.utf8.count) == [8, 4, 4, 4, 12] && parts.allSatisfy { $0.utf8.allSatisfy(isHex) }
    }

    /// As Go prints one: `1m30s`, `157ms`, `1.962s`.
    private static func isDuration(_ word: String) -> Bool {
        var rest = Substring(word)
        var count = 0
        while !rest.isEmpty {
            let digits = rest.prefix { ("0"..."9").contains($0) || $0 == "." }
            rest = rest.dropFirst(digits.count)
            guard !digits.isEmpty, let unit = ["ms", "ns", "µs", "h", "m", "s"].first(where: { rest.hasPrefix($0) }) else { return false }
            rest = rest.dropFirst(unit.count)
            count += 1
        }
        return count > 0
    }
}
