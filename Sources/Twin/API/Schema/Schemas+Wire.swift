import Core
import Kubernetes

extension Schemas {
    /// These types, and for the kinds that they lack those of the wire, whose lists are replaced whole: `storage.CSIDriver`.
    func completed(from wire: WireSchema, for resources: [APIResource]) -> Schemas {
        var derived = DerivedTypes(known: self, wire: wire)
        for resource in resources where resource.verbs.contains("update") && resource.type.group != "metrics.k8s.io" {
            let (kind, group, version) = (resource.type.kind, resource.type.group, resource.type.version)
            guard schema(kind: kind, group: group, version: version) == nil,
                let name = wire.name(kind: kind, apiVersion: resource.groupVersion)
            else { continue }
            derived.add(name, isRoot: true)
        }
        return Schemas(types: types.merging(derived.types) { own, _ in own }, names: names + derived.names)
    }
}

private struct DerivedTypes {
    let known: Schemas
    let wire: WireSchema
    private(set) var types: [String: ObjectSchema] = [:]
    private(set) var names: [String] = []

    init(known: Schemas, wire: WireSchema) {
        self.known = known
        self.wire = wire
    }

    mutating func add(_ name: String, isRoot: Bool = false) {
        guard types[name] == nil, let message = wire.messages[name] else { return }
        let package = "io.k8s.api.\(name.prefix { $0 != "." }).v1"
        // Known before its members, which may hold it again.
        types[name] = ObjectSchema(name: name, package: package, isAtomic: false, fields: [])
        names.append(name)
        let envelope = isRoot ? ["apiVersion", "kind"].map { Field(name: $0, type: .string, isRequired: false) } : []
        types[name] = ObjectSchema(name: name, package: package, isAtomic: false, fields: envelope + fields(of: message))
    }

    private mutating func fields(of message: WireSchema.Message) -> [Field] {
        var out: [Field] = []
        for field in message.fields {
            if field.isInline, case .message(let inner) = field.form {
                out += wire.messages[inner].map { fields(of: $0) } ?? []
            } else {
                out.append(Field(name: field.name, type: type(of: field.form), isRequired: field.isShownWhenZero))
            }
        }
        return out
    }

    private mutating func type(of form: WireSchema.Form) -> FieldType {
        switch form {
        case .string: return .string
        case .integer: return .long
        case .boolean: return .boolean
        case .double: return .number
        case .bytes: return .bytes
        case .quantity: return .quantity
        case .integerOrString: return .integerOrString
        case .time: return .time
        case .microTime: return .microTime
        case .json, .schemaOrBool, .schemaOrList, .schemaOrTexts: return .any
        case .wrappedTexts: return .list(.string, .atomic)
        case .list(let element): return .list(type(of: element), .atomic)
        case .map(let element): return .map(type(of: element), atomic: false)
        case .message(let name):
            let parts = name.split(separator: ".", maxSplits: 1).map(String.init)
            if let own = known[parts[1]], own.package.split(separator: ".").contains(Substring(parts[0])) {
                return .object(own.name, retainKeys: false)
            }
            add(name)
            return .object(name, retainKeys: false)
        }
    }
}
