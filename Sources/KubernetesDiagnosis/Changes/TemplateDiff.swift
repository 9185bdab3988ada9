package import Core

/// What differs between two pod templates, in people's form: `spec.template.spec.containers[checkout].env[PAYMENTS_URL]`.
package enum TemplateDiff {
    /// Lists whose elements have a name of their own, and the member that holds it.
    private static let named: [String: String] = [
        "containers": "name", "initContainers": "name", "ephemeralContainers": "name", "env": "name", "volumes": "name",
        "volumeMounts": "mountPath", "ports": "containerPort", "imagePullSecrets": "name", "tolerations": "key", "hostAliases": "ip",
        "volumeDevices": "devicePath", "items": "key", "topologySpreadConstraints": "topologyKey", "readinessGates": "conditionType",
        "schedulingGates": "name",
    ]
    private static let maps: Set<String> = ["annotations", "labels"]
    /// Set by controllers, not by people: a difference in them is no change.
    private static let ignored: Set<String> = ["pod-template-hash", "controller-revision-hash", "pod-template-generation"]

    /// Changed fields in the order of their paths. `old` and `new` are the values of `spec.template`.
    package static func fields(_ old: JSON, _ new: JSON) -> [FieldChange] {
        var changes: [FieldChange] = []
        compare(old, new, "spec.template", nil, &changes)
        return changes.sorted { $0.path < $1.path }
    }

    /// The path of a member: `labels.app`, `labels[example.com/team]`.
    static func path(of name: String, in parent: String) -> String {
        name.contains { $0 == "." || $0 == "/" } ? "\(parent)[\(name)]" : "\(parent).\(name)"
    }

    private static func compare(_ old: JSON?, _ new: JSON?, _ path: String, _ key: String?, _ changes: inout [FieldChange]) {
        if old == new || isEmpty(old) && isEmpty(new) { return }
        switch (old, new) {
        case (.object(let a), .object(let b)):
            // {"name": "X", "value": "1"} is shown as its value when nothing else is in it.
            if key == "env", let x = plainValue(a), let y = plainValue(b) {
                if x != y { changes.append(FieldChange(path: path, from: x, to: y)) }
                return
            }
            for name in Set(a.keys).union(b.keys).sorted() where !ignored.contains(name) && !(key == "env" && name == "name") {
                compare(a[name], b[name], self.path(of: name, in: path), name, &changes)
            }
        case (.array(let a), .array(let b)):
            if let key, let member = named[key], let x = byName(a, member), let y = byName(b, member) {
                for name in Set(x.keys).union(y.keys).sorted() {
                    let before = x[name], after = y[name]
                    if key == "env", before == nil || after == nil {
                        changes.append(FieldChange(path: "\(path)[\(name)]", from: before.map(envValue), to: after.map(envValue)))
                    } else {
                        compare(before, after, "\(path)[\(name)]", key == "env" ? "env" : nil, &changes)
                    }
                }
            } else {
                changes.append(FieldChange(path: path, from: .array(a), to: .array(b)))
            }
        // Labels that are not there are none: what is said is which came or went.
        case (.object, nil) where maps.contains(key ?? ""), (.object, .null) where maps.contains(key ?? ""):
            compare(old, [:], path, key, &changes)
        case (nil, .object) where maps.contains(key ?? ""), (.null, .object) where maps.contains(key ?? ""):
            compare([:], new, path, key, &changes)
        // A list that is not there is an empty one: what is said is which of its elements came or went.
        case (.array(let a), nil) where isNamed(a, key), (.array(let a), .null) where isNamed(a, key): compare(old, [], path, key, &changes)
        case (nil, .array(let b)) where isNamed(b, key), (.null, .array(let b)) where isNamed(b, key): compare([], new, path, key, &changes)
        default: changes.append(FieldChange(path: path, from: old, to: new))
        }
    }

    private static func isNamed(_ elements: [JSON], _ key: String?) -> Bool {
        key.flatMap { named[$0] }.map { byName(elements, $0) != nil } ?? false
    }

    private static func isEmpty(_ value: JSON?) -> Bool {
        switch value {
        case nil, .null: true
        case .object(let members): members.isEmpty || members.keys.allSatisfy(ignored.contains)
        case .array(let elements): elements.isEmpty
        default: false
        }
    }

    /// Elements by their name; nil where one has none, or two have the same.
    private static func byName(_ elements: [JSON], _ member: String) -> [String: JSON]? {
        var result: [String: JSON] = [:]
        for element in elements {
            let name: String
            switch element[member] {
            case .string(let x): name = x
            case .integer(let x): name = String(x)
            default: return nil
            }
            guard result.updateValue(element, forKey: name) == nil else { return nil }
        }
        return result
    }

    private static func plainValue(_ entry: JSONObject) -> JSON? {
        entry.keys.allSatisfy { $0 == "name" || $0 == "value" } ? entry["value"] ?? "" : nil
    }

    private static func envValue(_ entry: JSON) -> JSON {
        entry.object.flatMap(plainValue) ?? entry["valueFrom"] ?? entry
    }
}
