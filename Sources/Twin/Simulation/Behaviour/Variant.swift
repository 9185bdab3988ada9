import Core

extension Behaviour {
    /// What a program does differently where it finds something in its environment or its files. `${NAME}` in it stands for the value
    /// of a variable.
    package struct Variant: Sendable, Equatable {
        package enum Condition: Sendable, Equatable {
            /// The variable is set, to this value where one is given.
            case variable(String, is: String?)
            case noVariable(String)
            /// The file is mounted, with this text in it where one is given.
            case file(String, contains: String?)
            case noFile(String)
        }

        package var conditions: [Condition]
        /// Keys of a behaviour that take the place of those outside.
        var changes: JSON
        /// Where it was written, for errors.
        var place: String
    }

    /// This behaviour as it is in an environment (by name) and with files (text by path; nil where it is not known). A later variant
    /// changes what an earlier one left. One whose values make no sense (`after: ${X}s` where X is no number) changes nothing.
    func resolved(_ environment: [String: String], _ files: [String: String?]) -> Behaviour {
        var result = self
        for variant in variants where variant.conditions.allSatisfy({ $0.holds(environment, files) }) {
            let changes = variant.changes.replacingVariables { environment[$0] ?? "" }
            let reader = BehaviourReader(place: variant.place)
            if let changed = try? reader.behaviour(changes, at: variant.place, over: result) { result = changed }
        }
        return result
    }
}

extension Behaviour.Variant.Condition {
    func holds(_ environment: [String: String], _ files: [String: String?]) -> Bool {
        switch self {
        case .variable(let name, let value): environment[name].map { value == nil || $0 == value } ?? false
        case .noVariable(let name): environment[name] == nil
        case .file(let path, let part): files[path].map { text in part.map { text?.contains($0) ?? false } ?? true } ?? false
        case .noFile(let path): files[path] == nil
        }
    }
}

extension BehaviourReader {
    /// `{env: NAME, is: VALUE, noEnv: NAME, file: PATH, contains: TEXT, noFile: PATH, then: {…}}`; all that is given must hold.
    func variant(_ value: JSON, _ path: String) throws(MartletError) -> Behaviour.Variant {
        let m = try members(value, path, ["env", "is", "noEnv", "file", "contains", "noFile", "then"])
        var conditions: [Behaviour.Variant.Condition] = []
        func optional(_ key: String) throws(MartletError) -> String? {
            if let value = m[key] { try scalar(value, "\(path).\(key)") } else { nil }
        }
        if let name = try optional("env") { conditions.append(.variable(name, is: try optional("is"))) }
        if let name = try optional("noEnv") { conditions.append(.noVariable(name)) }
        if let file = try optional("file") { conditions.append(.file(file, contains: try optional("contains"))) }
        if let file = try optional("noFile") { conditions.append(.noFile(file)) }
        guard !conditions.isEmpty else { throw invalid(path, "says no condition", fix: "give env, noEnv, file or noFile") }
        guard let changes = m["then"] else { throw invalid("\(path).then", "is missing") }
        // Checked with a stand-in for what only the environment tells.
        _ = try behaviour(changes.replacingVariables { _ in "1" }, at: "\(path).then")
        return Behaviour.Variant(conditions: conditions, changes: changes, place: "\(path).then")
    }
}

extension JSON {
    /// `${NAME}` in all texts replaced; a text that is nothing else becomes a number where its value is one.
    fileprivate func replacingVariables(_ value: (String) -> String) -> JSON {
        switch self {
        case .string(let text) where text.contains("${"):
            var out = ""
            var rest = Substring(text)
            while let mark = rest.firstRange(of: "${"), let end = rest[mark.upperBound...].firstIndex(of: "}") {
                out += rest[..<mark.lowerBound] + value(String(rest[mark.upperBound..<end]))
                rest = rest[rest.index(after: end)...]
            }
            out += rest
            return text.hasPrefix("${") && text.hasSuffix("}") ? Int(out).map { JSON($0) } ?? .string(out) : .string(out)
        case .array(let items): return .array(items.map { $0.replacingVariables(value) })
        case .object(let members): return .object(JSONObject(members.map { ($0.key, $0.value.replacingVariables(value)) }))
        default: return self
        }
    }
}
