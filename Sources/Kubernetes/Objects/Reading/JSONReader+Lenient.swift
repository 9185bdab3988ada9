package import Core

/// Lenient reading: a value of the wrong type is skipped and costs that one field, never the object around it. Only bytes that are
/// not JSON at all are an error.
extension JSONReader {
    /// The string, or nil for anything else. Within a list, strings that came lately are handed out again.
    package mutating func text() throws(JSONError) -> String? {
        guard isNext(UInt8(ascii: "\"")) else {
            try skip()
            return nil
        }
        guard let repeats = companion(Repeats.self) else { return try string() }
        return try string(sharing: &repeats.pointee.texts)
    }

    /// The same for a string that no other object of a list has, such as its uid.
    package mutating func ownText() throws(JSONError) -> String? {
        if isNext(UInt8(ascii: "\"")) { return try string() }
        try skip()
        return nil
    }

    /// The name of a key that has just been read.
    func name(_ key: UnsafeBufferPointer<UInt8>) throws(JSONError) -> String {
        guard let repeats = companion(Repeats.self) else { return try JSONReader.key(key, at: offset) }
        return try self.key(key, sharing: &repeats.pointee.texts)
    }

    /// A whole number that fits, or nil for anything else.
    package mutating func int() throws(JSONError) -> Int? {
        if case .number = try kind() {
            let start = offset
            let (range, whole) = try rawNumber()
            guard whole, range.count <= 18 else { return wideInteger(start) }
            var value = 0
            var negative = false
            for byte in bytes(range) {
                if byte == UInt8(ascii: "-") { negative = true } else { value = value * 10 + Int(byte &- 0x30) }
            }
            return negative ? -value : value
        }
        try skip()
        return nil
    }

    private func wideInteger(_ start: Int) -> Int? {
        let text = String(decoding: bytes(start..<offset).drop { $0 <= 0x20 }, as: UTF8.self)
        return Int(text) ?? Double(text).flatMap { Int(exactly: $0) }
    }

    /// True or false, or nil for anything else.
    package mutating func flag() throws(JSONError) -> Bool? {
        if case .bool = try kind() { return try bool() }
        try skip()
        return nil
    }

    /// A time in RFC 3339, or nil for anything else.
    package mutating func time() throws(JSONError) -> Timestamp? {
        if isNext(UInt8(ascii: "\"")) {
            let (range, escaped) = try rawString()
            return escaped ? nil : Timestamp(utf8: bytes(range))
        }
        try skip()
        return nil
    }

    /// A quantity written as a string or as a plain number, or nil for anything else.
    package mutating func quantity() throws(JSONError) -> Quantity? {
        switch try kind() {
        case .string:
            let (range, escaped) = try rawString()
            return escaped ? nil : Quantity(utf8: bytes(range))
        case .number:
            return Quantity(utf8: bytes(try rawNumber().range))
        default:
            try skip()
            return nil
        }
    }

    /// A number or a string, or nil for anything else.
    package mutating func intOrString() throws(JSONError) -> IntOrString? {
        switch try kind() {
        case .string: return .string(try string())
        case .number: return try int().map { .int($0) }
        default:
            try skip()
            return nil
        }
    }

    /// Any value but null as a tree.
    package mutating func json() throws(JSONError) -> JSON? {
        if case .null = try kind() {
            try null()
            return nil
        }
        return try value()
    }

    /// Calls `body` for each member of an object; anything else is skipped.
    @inline(__always)
    package mutating func members(
        _ body: (inout JSONReader, UnsafeBufferPointer<UInt8>) throws(JSONError) -> Void
    ) throws(JSONError) {
        if isNext(UInt8(ascii: "{")) { try object(body) } else { try skip() }
    }

    /// A typed object, or nil for anything that is not an object.
    package mutating func read<Value: JSONReadable>(_ type: Value.Type = Value.self) throws(JSONError) -> Value? {
        if isNext(UInt8(ascii: "{")) { return try Value(from: &self) }
        try skip()
        return nil
    }

    /// A number of 32 bits, as the API has it: what is beyond is taken for the greatest or the least, so that sums of such never overflow.
    mutating func int32() throws(JSONError) -> Int? {
        try int().map { min(max($0, Int(Int32.min)), Int(Int32.max)) }
    }

    /// A typed object read to where it is kept; nothing for anything that is not an object.
    mutating func shared<Value>() throws(JSONError) -> Shared<Value> {
        if isNext(UInt8(ascii: "{")) { return try Shared(from: &self) }
        try skip()
        return Shared()
    }

    /// The same for a value that may be absent.
    mutating func boxed<Value: JSONReadable>() throws(JSONError) -> Boxed<Value> {
        if isNext(UInt8(ascii: "{")) { return try Boxed(from: &self) }
        try skip()
        return Boxed()
    }

    /// The objects of an array; elements that are not objects are left out. `capacity` is how many there may be.
    package mutating func list<Value: JSONReadable>(_ type: Value.Type = Value.self, capacity: Int = 0) throws(JSONError) -> [Value] {
        var result: [Value] = []
        result.reserveCapacity(capacity)
        try append(to: &result)
        return result
    }

    /// Reads the objects of an array behind those of another.
    mutating func append<Value: JSONReadable>(to list: inout [Value]) throws(JSONError) {
        try elements { (r) throws(JSONError) in
            guard r.isNext(UInt8(ascii: "{")) else { return try r.skip() }
            list.append(Value())
            try list[list.count - 1].read(from: &r)
        }
    }

    /// The strings of an array.
    package mutating func texts() throws(JSONError) -> [String] {
        var result: [String] = []
        try elements { (r) throws(JSONError) in if let value = try r.text() { result.append(value) } }
        return result
    }

    /// The whole numbers of an array.
    package mutating func ints() throws(JSONError) -> [Int] {
        var result: [Int] = []
        try elements { (r) throws(JSONError) in if let value = try r.int() { result.append(value) } }
        return result
    }

    /// The `name` of each object of an array, as lists of references hold them.
    package mutating func names() throws(JSONError) -> [String] {
        var result: [String] = []
        try elements { (r) throws(JSONError) in
            try r.members { (r, key) throws(JSONError) in
                switch key {
                case "name": if let name = try r.text() { result.append(name) }
                default: try r.skip()
                }
            }
        }
        return result
    }

    /// The keys of an object, in order; the values are dropped unread.
    package mutating func keys() throws(JSONError) -> [String] {
        var result: [String] = []
        try members { (r, key) throws(JSONError) in
            result.append(try r.name(key))
            try r.skip()
        }
        return result
    }

    /// An object of strings, such as labels; members of other types are left out. `capacity` is how many there may be.
    package mutating func map(capacity: Int = 0) throws(JSONError) -> [String: String] {
        var result: [String: String] = [:]
        result.reserveCapacity(capacity)
        try members { (r, key) throws(JSONError) in
            let name = try r.name(key)
            if let value = try r.text() { result[name] = value }
        }
        return result
    }

    /// An object of quantities, such as requests; members that are none are left out.
    package mutating func quantities() throws(JSONError) -> [String: Quantity] {
        var result: [String: Quantity] = [:]
        try members { (r, key) throws(JSONError) in
            let name = try r.name(key)
            if let value = try r.quantity() { result[name] = value }
        }
        return result
    }

    /// Calls `body` for each element of an array; anything else is skipped.
    @inline(__always)
    package mutating func elements(_ body: (inout JSONReader) throws(JSONError) -> Void) throws(JSONError) {
        if isNext(UInt8(ascii: "[")) { try array(body) } else { try skip() }
    }
}
