extension Scan {
    /// Keys that carry their maker's mark.
    func isKeyShape(_ range: Range<Int>) -> Bool {
        let i = range.lowerBound
        if range.count == 20, has("AKIA", at: i) || has("ASIA", at: i) {
            return range.allSatisfy { (0x30...0x39).contains(bytes[$0]) || (0x41...0x5A).contains(bytes[$0]) }
        }
        guard range.count >= 20 else { return false }
        return has("ghp_", at: i) || has("gho_", at: i) || has("ghs_", at: i) || has("ghu_", at: i) || has("github_pat_", at: i)
            || has("glpat-", at: i) || has("xoxb-", at: i) || has("xoxp-", at: i) || has("xoxa-", at: i) || has("sk_live_", at: i)
            || has("rk_live_", at: i) || has("sk-", at: i) && looksRandom(range) || has("AIza", at: i) || has("npm_", at: i)
            || has("dop_v1_", at: i) || has("hvs.", at: i)
    }

    /// An AWS secret access key: 40 characters of base64 that stand by themselves. What tells it from a path is how often capitals, small
    /// letters and digits take turns: half of the time in a key, at the beginnings of words in a path. Nil but at the start of such a run.
    func secretAccessKey(from start: Int) -> Range<Int>? {
        guard isBase64(bytes[start]),
            start == 0 || !isBase64(bytes[start - 1]) && bytes[start - 1] != dash && bytes[start - 1] != underscore
        else { return nil }
        var end = start
        while end < bytes.count, end - start <= 40, isBase64(bytes[end]) { end += 1 }
        guard end - start == 40 else { return nil }
        if end < bytes.count, bytes[end] == dash || bytes[end] == underscore || bytes[end] == UInt8(ascii: "=") { return nil }
        // Digests of Git are 40 small hexadecimal digits.
        for needed in [Kind.digit, .capital, .small] where !bytes[start..<end].contains(where: { kind($0) == needed }) { return nil }
        var turns = 0
        for i in start + 1..<end where kind(bytes[i]) != kind(bytes[i - 1]) && kind(bytes[i]) != .sign && kind(bytes[i - 1]) != .sign {
            turns += 1
        }
        return turns >= 10 ? start..<end : nil
    }

    private enum Kind { case digit, capital, small, sign }

    private func kind(_ c: UInt8) -> Kind {
        switch c {
        case 0x30...0x39: .digit
        case 0x41...0x5A: .capital
        case 0x61...0x7A: .small
        default: .sign
        }
    }

    private func isBase64(_ c: UInt8) -> Bool { kind(c) != .sign || c == UInt8(ascii: "/") || c == UInt8(ascii: "+") }
    private var dash: UInt8 { UInt8(ascii: "-") }
    private var underscore: UInt8 { UInt8(ascii: "_") }

    /// Long hexadecimal, or a long mix of capitals, small letters and digits. Kubernetes' own names have no capitals.
    func looksRandom(_ range: Range<Int>) -> Bool {
        guard range.count >= 20 else { return false }
        var upper = false, small = false, digit = false, hex = true
        for i in range {
            switch bytes[i] {
            case 0x30...0x39: digit = true
            case 0x41...0x46: upper = true
            case 0x47...0x5A: upper = true; hex = false
            case 0x61...0x66: small = true
            case 0x67...0x7A: small = true; hex = false
            default: hex = false
            }
        }
        return (hex && range.count >= 32 && digit) || (upper && small && digit)
    }
}
