import Core

/// Keys that stand twice in one object of a JSON document, as the strict decoder of sigs.k8s.io/json finds them.
struct DuplicateKeys {
    struct Found {
        /// `spec.template.spec.containers[0].image`
        let path: String
        let key: String
        /// Where the key stands again, in bytes from the start.
        let offset: Int
    }

    /// In the order of the document, each path once.
    private(set) var found: [Found] = []
    /// Where the first key of a path stands, to tell what comes before what.
    private var places: [String: Int] = [:]

    /// What is no JSON has no keys.
    init(_ body: [UInt8]) {
        var keys = self
        try? JSONReader.read(body) { (reader) throws(JSONError) in try keys.read(&reader, "") }
        self = keys
    }

    private mutating func read(_ reader: inout JSONReader, _ path: String) throws(JSONError) {
        switch try reader.kind() {
        case .object:
            var seen: Set<String> = []
            try reader.object { (reader, bytes) throws(JSONError) in
                let offset = reader.offset
                let key = try JSONReader.key(bytes, at: offset)
                let place = path.isEmpty ? key : "\(path).\(key)"
                if seen.insert(key).inserted {
                    if places[place] == nil { places[place] = offset }
                } else if !found.contains(where: { $0.path == place }) {
                    found.append(Found(path: place, key: key, offset: offset))
                }
                try read(&reader, place)
            }
        case .array:
            var index = 0
            try reader.array { (reader) throws(JSONError) in
                try read(&reader, "\(path)[\(index)]")
                index += 1
            }
        default: try reader.skip()
        }
    }

    /// All of them as the server words them.
    var texts: [String] { found.map { "duplicate field \"\($0.path)\"" } }

    /// Fields that a typed object does not have and those that stand twice, in the order of the document. What is in a field that nobody
    /// knows is not looked at.
    func texts(withUnknown unknown: [String]) -> [String] {
        let unknownTexts = unknown.map { (places[$0] ?? 0, "unknown field \"\($0)\"") }
        guard !found.isEmpty else { return unknownTexts.map(\.1) }
        let known = found.filter { one in
            !unknown.contains { one.path == $0 || one.path.hasPrefix("\($0).") || one.path.hasPrefix("\($0)[") }
        }
        let all = unknownTexts + known.map { ($0.offset, "duplicate field \"\($0.path)\"") }
        return all.sorted { $0.0 < $1.0 }.map(\.1)
    }

    /// The same in the words of a reader of YAML, which knows lines and no paths: `line 10: key "paused" already set in map`.
    func yamlTexts(in body: [UInt8]) -> [String] {
        found.map { one in
            let line = 1 + body.prefix(one.offset).count { $0 == 0x0A }
            return "line \(line): key \(JSON.string(one.key).text()) already set in map"
        }
    }
}
