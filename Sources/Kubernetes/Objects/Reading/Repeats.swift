import Core

/// What the objects of one list have in common is read and held once: pods of a workload repeat its environment, probes and labels byte
/// for byte. Where the same bytes come again they are compared, not read, and the value is shared.
final class Repeats {
    let texts = RepeatedTexts()
    let maps = Repeated<[String: String]>(), quantities = Repeated<[String: Quantity]>()
    let skipped = Repeated<Void>(), owners = Repeated<[OwnerReference]>(), managers = Repeated<[FieldManager]>()
    let environments = Repeated<[EnvVar]>(), ports = Repeated<[ContainerPort]>(), mounts = Repeated<[VolumeMount]>()
    let volumes = Repeated<[Volume]>(), tolerations = Repeated<[Toleration]>(), probes = Repeated<Boxed<Probe>>()
    let containers = Repeated<[Container]>()
}

/// The last few different values of one field, and where in the document they stood.
final class Repeated<Value> {
    private var known: [(place: Range<Int>, value: Value)] = []
    private var oldest = 0

    func read(_ reader: inout JSONReader, _ body: (inout JSONReader) throws(JSONError) -> Value) throws(JSONError) -> Value {
        // Only of these does an equal beginning mean an equal value.
        guard reader.isNext(UInt8(ascii: "{")) || reader.isNext(UInt8(ascii: "[")) else { return try body(&reader) }
        let known = known
        for i in known.indices.reversed() where reader.skip(ifEqualTo: known[i].place) { return known[i].value }
        let start = reader.offset
        let value = try body(&reader)
        let entry = (start..<reader.offset, value)
        if known.count < 16 {
            self.known.append(entry)
        } else {
            self.known[oldest] = entry
            oldest = (oldest + 1) % 16
        }
        return value
    }
}

/// Strings that came lately, found by a few of their bytes. Short ones need no memory of their own and are not looked for.
final class RepeatedTexts {
    private var known = [(place: Range<Int>, text: String)](repeating: (0..<0, ""), count: 256)

    func read(_ reader: inout JSONReader) throws(JSONError) -> String {
        let (range, escaped) = try reader.rawString()
        if escaped || range.count < 16 { return try reader.string(range, escaped: escaped) }
        let bytes = UnsafeRawBufferPointer(reader.bytes(range))
        let first = bytes.loadUnaligned(as: UInt64.self)
        let last = bytes.loadUnaligned(fromByteOffset: range.count - 8, as: UInt64.self)
        let slot = Int(truncatingIfNeeded: ((first &+ last &+ UInt64(range.count)) &* 0x9E37_79B9_7F4A_7C15) >> 56)
        let entry = known[slot]
        if entry.place.count == range.count, reader.areEqual(entry.place, range) { return entry.text }
        let text = try reader.string(range, escaped: false)
        known[slot] = (range, text)
        return text
    }
}

extension JSONReader {
    /// Reads a field that often repeats; within a list, equal bytes give the same value again.
    @inline(__always)
    mutating func repeated<Value>(
        _ field: (Repeats) -> Repeated<Value>, _ body: (inout JSONReader) throws(JSONError) -> Value
    ) throws(JSONError) -> Value {
        guard let context else { return try body(&self) }
        return try field(unsafeDowncast(context, to: Repeats.self)).read(&self, body)
    }

    mutating func repeatedText() throws(JSONError) -> String? {
        guard let context, isNext(UInt8(ascii: "\"")) else { return try text() }
        return try unsafeDowncast(context, to: Repeats.self).texts.read(&self)
    }

    mutating func repeatedMap() throws(JSONError) -> [String: String] {
        try repeated(\.maps) { (r) throws(JSONError) in try r.map() }
    }

    mutating func repeatedList<Value: JSONReadable>(_ field: (Repeats) -> Repeated<[Value]>) throws(JSONError) -> [Value] {
        try repeated(field) { (r) throws(JSONError) in try r.list() }
    }

    mutating func skipRepeated() throws(JSONError) {
        try repeated(\.skipped) { (r) throws(JSONError) in try r.skip() }
    }
}
