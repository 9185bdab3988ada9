extension JSON {
    /// The canonical form of RFC 8785 (JCS): no white space, keys sorted by UTF-16 code units, numbers as ECMAScript writes them.
    ///
    /// Whole numbers beyond 2^53 are written as the nearest double, as the RFC demands; numbers that must survive are strings.
    package func canonical() -> [UInt8] {
        var out: [UInt8] = []
        appendCanonical(to: &out)
        return out
    }

    private func appendCanonical(to out: inout [UInt8]) {
        switch self {
        case .null: out += "null".utf8
        case .bool(let x): out += (x ? "true" : "false").utf8
        case .integer(let x): out += x.magnitude <= 1 << 53 ? String(x).utf8 : JSON.ecmaScriptNumber(Double(x)).utf8
        case .number(let x): out += JSON.ecmaScriptNumber(x).utf8
        case .string(let x): JSON.appendQuoted(x, to: &out)
        case .array(let elements):
            out.append(UInt8(ascii: "["))
            for (i, element) in elements.enumerated() {
                if i > 0 { out.append(UInt8(ascii: ",")) }
                element.appendCanonical(to: &out)
            }
            out.append(UInt8(ascii: "]"))
        case .object(let members):
            out.append(UInt8(ascii: "{"))
            let keys = members.keys.sorted { $0.utf16.lexicographicallyPrecedes($1.utf16) }
            for (i, key) in keys.enumerated() {
                if i > 0 { out.append(UInt8(ascii: ",")) }
                JSON.appendQuoted(key, to: &out)
                out.append(UInt8(ascii: ":"))
                (members[key] ?? .null).appendCanonical(to: &out)
            }
            out.append(UInt8(ascii: "}"))
        }
    }

    /// A double as ECMAScript's Number::toString writes it (ECMA-262 section 6.1.6.1.20). Not-a-number and infinities become `null`.
    package static func ecmaScriptNumber(_ value: Double) -> String {
        guard value.isFinite else { return "null" }
        if value == 0 { return "0" }
        if value < 0 { return "-" + ecmaScriptNumber(-value) }
        // Swift's description has the shortest digits that read back as the same value; only their arrangement differs.
        let parts = value.description.lowercased().split(separator: "e", maxSplits: 1)
        var exponent = parts.count == 2 ? Int(parts[1]) ?? 0 : 0
        let mantissa = parts[0].split(separator: ".", maxSplits: 1)
        let whole = String(mantissa[0])
        let fraction = mantissa.count == 2 ? String(mantissa[1]) : ""
        var digits = whole + fraction
        exponent += whole.count  // the value is 0.digits times 10 to the exponent
        let leading = digits.prefix { $0 == "0" }.count
        digits.removeFirst(leading)
        exponent -= leading
        while digits.last == "0" { digits.removeLast() }
        let k = digits.count
        if k <= exponent && exponent <= 21 { return digits + String(repeating: "0", count: exponent - k) }
        if 0 < exponent && exponent <= 21 { return digits.prefix(exponent) + "." + digits.dropFirst(exponent) }
        if -6 < exponent && exponent <= 0 { return "0." + String(repeating: "0", count: -exponent) + digits }
        let e = exponent - 1
        let tail = k == 1 ? "" : "." + digits.dropFirst()
        return "\(digits.prefix(1))\(tail)e\(e < 0 ? "-" : "+")\(abs(e))"
    }
}
