import Core

/// What a field may hold, and how it is merged.
indirect enum FieldType: Sendable {
    case string, integer, long, boolean, number, quantity, integerOrString, time, microTime, bytes, any
    case map(FieldType, atomic: Bool)
    case list(FieldType, ListKind)
    /// A type of ``Schemas`` by name.
    case object(String, retainKeys: Bool)
}

/// How two lists become one.
enum ListKind: Sendable, Equatable {
    /// Replaced whole.
    case atomic
    /// Values are members (finalizers).
    case set
    /// Elements are told apart by keys: those of server-side apply, and the one of the strategic merge patch.
    case keyed([String], mergeKey: String)
    /// Whole for server-side apply, merged by a key in a strategic merge patch.
    case patchKeyed(String)

    var mergeKey: String? {
        switch self {
        case .keyed(_, let key), .patchKeyed(let key): key
        default: nil
        }
    }
}

struct Field: Sendable {
    let name: String
    let type: FieldType
    let isRequired: Bool
}

struct ObjectSchema: Sendable {
    let name: String
    /// `io.k8s.api.core.v1`
    let package: String
    /// Server-side apply takes it as one value.
    let isAtomic: Bool
    let fields: [Field]
    private let index: [String: Int]

    init(name: String, package: String, isAtomic: Bool, fields: [Field]) {
        self.name = name
        self.package = package
        self.isAtomic = isAtomic
        self.fields = fields
        index = Dictionary(fields.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { $1 })
    }

    subscript(name: String) -> FieldType? { index[name].map { fields[$0].type } }

    func requires(_ name: String) -> Bool { index[name].map { fields[$0].isRequired } ?? false }
}

/// The built-in types: field names, types, and merge keys, as the API reference of Kubernetes v1.36 gives them.
///
/// One description serves validation of field names and types, strategic merge patches, server-side apply and OpenAPI.
struct Schemas: Sendable {
    static let builtIn = Schemas(SchemaText.all).completed(from: .builtIn, for: APIResources.served.all)

    let types: [String: ObjectSchema]
    /// In the order of the text.
    let names: [String]

    subscript(name: String) -> ObjectSchema? { types[name] }

    /// The schema of a kind; `Event` of both groups, `HorizontalPodAutoscaler` of both versions.
    func schema(kind: String, group: String, version: String) -> ObjectSchema? {
        if kind == "Event", group == "events.k8s.io" { return types["EventsEvent"] }
        if kind == "HorizontalPodAutoscaler", version == "v1" { return types["HorizontalPodAutoscalerV1"] }
        // One name may stand for two things: a ResourceClaim of a container, and one of devices.
        let section = group.isEmpty ? "core" : group.prefix { $0 != "." }
        if let own = types[kind], own.package.split(separator: ".").contains(section) { return own }
        return types["\(section).\(kind)"]
    }

    init(types: [String: ObjectSchema], names: [String]? = nil) {
        self.types = types
        self.names = names ?? types.keys.sorted()
    }

    /// Reads the notation of ``SchemaText``.
    init(_ text: String) {
        var types: [String: ObjectSchema] = [:]
        var names: [String] = []
        var package = ""
        for line in text.split(separator: "\n") {
            let words = line.split(separator: " ")
            guard let first = words.first else { continue }
            if first == "#" { package = words.count > 1 ? String(words[1]) : ""; continue }
            let isAtomic = first.hasSuffix("@")
            let name = String(isAtomic ? first.dropLast() : first)
            var fields: [Field] = []
            for word in words.dropFirst() {
                guard let colon = word.firstIndex(of: ":") else { continue }
                let isRequired = word.hasPrefix("!")
                let field = word[(isRequired ? word.index(after: word.startIndex) : word.startIndex)..<colon]
                fields.append(
                    Field(name: String(field), type: Schemas.type(word[word.index(after: colon)...]), isRequired: isRequired))
            }
            types[name] = ObjectSchema(name: name, package: package, isAtomic: isAtomic, fields: fields)
            names.append(name)
        }
        self.types = types
        self.names = names
    }

    /// A type in the notation of ``SchemaText``.
    static func type(_ text: Substring) -> FieldType {
        if text.hasPrefix("{") {
            let atomic = text.hasSuffix("@")
            return .map(type(text.dropFirst().dropLast(atomic ? 2 : 1)), atomic: atomic)
        }
        if text.hasPrefix("[") {
            let inner = text.dropFirst().dropLast()
            if inner.hasSuffix("=") { return .list(type(inner.dropLast()), .set) }
            if let bar = inner.firstIndex(of: "|") {
                let sides = inner[inner.index(after: bar)...].split(separator: "/")
                let keys = (sides.first ?? "").split(separator: ",").map(String.init)
                let mergeKey = sides.count > 1 ? String(sides[1]) : keys.first ?? ""
                return .list(type(inner[..<bar]), .keyed(keys, mergeKey: mergeKey))
            }
            if let slash = inner.firstIndex(of: "/") {
                return .list(type(inner[..<slash]), .patchKeyed(String(inner[inner.index(after: slash)...])))
            }
            return .list(type(inner), .atomic)
        }
        switch text {
        case "s": return .string
        case "i": return .integer
        case "l": return .long
        case "b": return .boolean
        case "n": return .number
        case "q": return .quantity
        case "is": return .integerOrString
        case "t": return .time
        case "mt": return .microTime
        case "bytes": return .bytes
        case "x": return .any
        default:
            return text.hasSuffix("~") ? .object(String(text.dropLast()), retainKeys: true) : .object(String(text), retainKeys: false)
        }
    }
}
