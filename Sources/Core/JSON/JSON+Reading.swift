/// Values as trees.
extension JSONReader {
    /// A whole number that fits 64 bits, or a double.
    package mutating func number() throws(JSONError) -> JSON {
        let (range, whole) = try rawNumber()
        if whole {
            let negative = base[range.lowerBound] == UInt8(ascii: "-")
            var value: Int64 = 0
            var fits = true
            for i in (negative ? range.dropFirst() : range[...]) {
                let digit = Int64(base[i] - 0x30)
                let (times, o1) = value.multipliedReportingOverflow(by: 10)
                let (sum, o2) = negative ? times.subtractingReportingOverflow(digit) : times.addingReportingOverflow(digit)
                if o1 || o2 { fits = false; break }
                value = sum
            }
            if fits { return .integer(value) }
        }
        let text = String(decoding: bytes(range), as: UTF8.self)
        guard let value = Double(text), value.isFinite else {
            throw JSONError(range.lowerBound, "the number \(text.prefix(40)) is too large")
        }
        return .number(value)
    }

    /// One value as a tree.
    package mutating func value() throws(JSONError) -> JSON {
        switch try kind() {
        case .null: try null(); return .null
        case .bool: return .bool(try bool())
        case .number: return try number()
        case .string: return .string(try string())
        case .array:
            var elements: [JSON] = []
            try array { (r) throws(JSONError) in elements.append(try r.value()) }
            return .array(elements)
        case .object:
            var members: JSONObject = [:]
            try object { (r, key) throws(JSONError) in
                let name = try JSONReader.key(key, at: r.offset)
                members[name] = try r.value()
            }
            return .object(members)
        }
    }
}
