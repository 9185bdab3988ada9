import Core

/// What `x-kubernetes-list-type` asks of lists: elements of a `set`, and keys of a `map`, stand once (apiextensions schema/listtype).
enum ListElements {
    static func causes(_ value: JSON, _ schema: JSON, _ path: String) -> [APIFailure.Cause] {
        switch value {
        case .object(let members):
            let rest = schema["additionalProperties"].flatMap { $0.object == nil ? nil : $0 }
            return members.keys.sorted().flatMap { key -> [APIFailure.Cause] in
                guard let child = members[key] else { return [] }
                if let inner = schema["properties"]?[key] { return causes(child, inner, path.isEmpty ? key : "\(path).\(key)") }
                return rest.map { causes(child, $0, "\(path)[\(key)]") } ?? []
            }
        case .array(let list):
            let inner = schema["items"] ?? [:]
            return own(list, schema, path) + list.enumerated().flatMap { causes($1, inner, "\(path)[\($0)]") }
        default: return []
        }
    }

    private static func own(_ list: [JSON], _ schema: JSON, _ path: String) -> [APIFailure.Cause] {
        switch schema["x-kubernetes-list-type"] {
        case "set": return doubles(list, path)
        case "map":
            if let at = list.firstIndex(where: { $0.object == nil && !$0.isNull }) {
                let text = "Invalid value: \(list[at].text()): must be an object for an array of list-type map"
                return [.init(reason: "FieldValueInvalid", message: text, field: "\(path)[\(at)]")]
            }
            let names = (schema["x-kubernetes-list-map-keys"]?.array ?? []).compactMap(\.string).sorted()
            return doubles(
                list.map { element in .object(JSONObject(names.compactMap { name in element[name].map { (name, $0) } })) }, path)
        default: return []
        }
    }

    /// One cause for every value that stands again, at the second place only.
    private static func doubles(_ values: [JSON], _ path: String) -> [APIFailure.Cause] {
        var times: [JSON: Int] = [:]
        var causes: [APIFailure.Cause] = []
        for (i, value) in values.enumerated() {
            times[value, default: 0] += 1
            if times[value] == 2 {
                causes.append(.init(reason: "FieldValueDuplicate", message: "Duplicate value: \(value.text())", field: "\(path)[\(i)]"))
            }
        }
        return causes
    }
}
