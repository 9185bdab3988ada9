import Core

/// What the objects of one list have in common is read and held once: pods of a workload repeat its environment, probes and labels byte
/// for byte. Where the same bytes come again they are compared, not read, and the value is shared (docs/adr/0008).
struct Repeats {
    var texts = RecentStrings()
    var labels = Repeated<[String: String]>(), annotations = Repeated<[String: String]>(), nodeSelector = Repeated<[String: String]>()
    var owners = Repeated<[OwnerReference]>(), managers = Repeated<[FieldManager]>(), managedFields = Repeated<Void>()
    var containers = Repeated<[Container]>(), environment = Repeated<[EnvVar]>(), ports = Repeated<[ContainerPort]>()
    var requests = Repeated<[String: Quantity]>(), limits = Repeated<[String: Quantity]>(), mounts = Repeated<[VolumeMount]>()
    var livenessProbe = Repeated<Boxed<Probe>>(), readinessProbe = Repeated<Boxed<Probe>>(), startupProbe = Repeated<Boxed<Probe>>()
    var volumes = Repeated<[Volume]>(), projections = Repeated<[ProjectedSource]>(), tolerations = Repeated<[Toleration]>(),
        conditions = Repeated<[Condition]>()
}

/// The values of one field that came lately, and where in the document they stood.
struct Repeated<Value> {
    /// The value that came last, and its place: most lists are sorted so that what repeats stands side by side.
    private(set) var last: Value?
    private var place = 0..<0
    /// Earlier ones in pairs, by a hash of how they begin; empty until a second value comes.
    private var places: [Range<Int>] = []
    private var values: [Value?] = []
    /// The pair to which belongs what was looked for last.
    private var pair = 0

    /// Moves past the next value if its bytes are those of one that is known, and answers with that.
    mutating func find(_ reader: inout JSONReader) -> Value? {
        if reader.skip(ifEqualTo: place) { return last }
        if places.isEmpty { return nil }
        pair = Int(truncatingIfNeeded: reader.fingerprint(at: reader.offset) >> 58) * 2
        for i in pair...pair + 1 where reader.skip(ifEqualTo: places[i]) {
            (place, last) = (places[i], values[i])
            return last
        }
        return nil
    }

    /// Remembers what was not found and had to be read.
    mutating func keep(_ value: Value, at place: Range<Int>) {
        if !places.isEmpty {
            (places[pair + 1], values[pair + 1]) = (places[pair], values[pair])
            (places[pair], values[pair]) = (place, value)
        } else if last != nil {
            places = [Range<Int>](repeating: 0..<0, count: 128)
            values = [Value?](repeating: nil, count: 128)
        }
        (self.place, last) = (place, value)
    }
}

extension JSONReader {
    /// Reads a field that often repeats; within a list, equal bytes give the same value again. `body` gets the last value: the next one is
    /// likely to be as large.
    @inline(__always)
    mutating func repeated<Value>(
        _ field: WritableKeyPath<Repeats, Repeated<Value>>, _ body: (inout JSONReader, Value?) throws(JSONError) -> Value
    ) throws(JSONError) -> Value {
        // Only of objects and arrays does an equal beginning mean an equal value.
        guard let repeats = companion(Repeats.self), isNext(UInt8(ascii: "{")) || isNext(UInt8(ascii: "[")) else {
            return try body(&self, nil)
        }
        if let value = repeats.pointee[keyPath: field].find(&self) { return value }
        let start = offset
        let value = try body(&self, repeats.pointee[keyPath: field].last)
        repeats.pointee[keyPath: field].keep(value, at: start..<offset)
        return value
    }

    @inline(__always)
    mutating func repeatedMap(_ field: WritableKeyPath<Repeats, Repeated<[String: String]>>) throws(JSONError) -> [String: String] {
        try repeated(field) { (r, last) throws(JSONError) in try r.map(capacity: last?.count ?? 0) }
    }

    @inline(__always)
    mutating func repeatedQuantities(
        _ field: WritableKeyPath<Repeats, Repeated<[String: Quantity]>>
    ) throws(JSONError) -> [String: Quantity] {
        try repeated(field) { (r, _) throws(JSONError) in try r.quantities() }
    }

    @inline(__always)
    mutating func repeatedList<Value: JSONReadable>(_ field: WritableKeyPath<Repeats, Repeated<[Value]>>) throws(JSONError) -> [Value] {
        try repeated(field) { (r, last) throws(JSONError) in try r.list(capacity: last?.count ?? 0) }
    }

    @inline(__always)
    mutating func repeatedBox<Value: JSONReadable>(
        _ field: WritableKeyPath<Repeats, Repeated<Boxed<Value>>>
    ) throws(JSONError) -> Boxed<Value> {
        try repeated(field) { (r, _) throws(JSONError) in try r.boxed() }
    }

    @inline(__always)
    mutating func skipRepeated(_ field: WritableKeyPath<Repeats, Repeated<Void>>) throws(JSONError) {
        try repeated(field) { (r, _) throws(JSONError) in try r.skip() }
    }
}
