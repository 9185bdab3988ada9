package import Core
import Yams

/// Reads a YAML tree against a ``Shape``: everything that is wrong is collected with its line and column, and what is right comes
/// out as JSON, with the place of every value.
package struct DocumentReader {
    package struct Problem: Sendable, Hashable {
        package let line: Int
        package let column: Int
        package let text: String
    }

    package private(set) var problems: [Problem] = []
    /// The place of each value by its path, for what is checked after reading: `clusters[1].name`.
    private(set) var marks: [String: Problem] = [:]
    /// An alias can make a small file a huge tree.
    private var budget = 50_000

    package init() {}

    /// Reads one document of at most 1 MiB; nil for an empty one. What is wrong is in ``problems``.
    /// - Throws: `MartletError` (`invalid`) when it is no YAML at all, with the place where the parser gave up.
    package mutating func read(_ text: String, file: String, as shape: Shape) throws(MartletError) -> JSON? {
        guard text.utf8.count <= 1 << 20 else { throw MartletError(.invalid, "\(file) is larger than 1 MiB") }
        let root: Node?
        do { root = try Yams.compose(yaml: text) } catch { throw Self.malformed(error, file) }
        return root.flatMap { read($0, as: shape, at: "") }
    }

    /// A document of any shape; `{}` for an empty one.
    /// - Throws: `MartletError` (`invalid`), naming `place`, when it is no YAML, or unfolds to more than anybody writes.
    package static func json(_ text: String, place: String) throws(MartletError) -> JSON {
        var reader = DocumentReader()
        let json = try reader.read(text, file: place, as: .any)
        if let failure = reader.failure(place, fix: "write fewer aliases") { throw failure }
        return json ?? [:]
    }

    private static func malformed(_ error: any Error, _ file: String) -> MartletError {
        func refusal(_ mark: Mark, _ why: String) -> MartletError {
            MartletError(.invalid, "\(file):\(mark.line):\(mark.column): this is not YAML: \(why.terminalSafe)", fix: "correct the file")
        }
        switch error as? YamlError {
        case .scanner(_, let why, let mark, _), .parser(_, let why, let mark, _), .composer(_, let why, let mark, _):
            return refusal(mark, why)
        case .duplicatedKeysInMapping(let keys, let context):
            return refusal(context.mark, "\(keys.sorted().map { "\"\($0)\"" }.joined(separator: ", ")) is there twice")
        default:
            return MartletError(.invalid, "\(file) is not YAML", details: [String(describing: error).terminalSafe], fix: "correct the file")
        }
    }

    /// All problems as one error; nil when there are none. `fix` says what to do.
    package func failure(_ file: String, fix: String) -> MartletError? {
        let lines = problems.sorted { ($0.line, $0.column) < ($1.line, $1.column) }.map { "\(file):\($0.line):\($0.column): \($0.text)" }
        guard let first = lines.first else { return nil }
        return MartletError(.invalid, first, details: Array(lines.dropFirst().prefix(20)), fix: fix)
    }

    private mutating func read(_ node: Node, as shape: Shape, at path: String) -> JSON? {
        guard spend(at: node) else { return nil }
        marks[path] = Problem(line: node.mark?.line ?? 1, column: node.mark?.column ?? 1, text: "")
        if case .either(let scalar, let other) = shape {
            return read(node, as: node.scalar != nil ? scalar : other, at: path)
        }
        switch (shape, node) {
        case (.any, _): return free(node, at: path)
        case (.record(let fields), .mapping(let mapping)): return record(mapping, fields, node, at: path)
        case (.table(let element), .mapping(let mapping)):
            var members = JSONObject()
            for (key, value) in mapping {
                guard let name = key.scalar?.string, !name.isEmpty else { report(key.mark, "a key must be text"); continue }
                members[name] = read(value, as: element, at: path.isEmpty ? name : "\(path).\(name)")
            }
            return .object(members)
        case (.list(let element), .sequence(let sequence)):
            return .array(sequence.enumerated().compactMap { read($1, as: element, at: "\(path)[\($0)]") })
        case (_, .scalar(let scalar)):
            if node.null != nil, scalar.style == .plain {
                switch shape {  // `clusters:` with nothing behind it is an empty list, not a mistake
                case .list: return .array([])
                case .record(let fields) where !fields.contains(where: \.isRequired): return .object([:])
                case .table: return .object([:])
                default: break
                }
            } else if let value = scalarValue(scalar.string, node, shape) {
                return value
            }
            var near = ""
            if case .choice(let names) = shape { near = Nearest.hint(scalar.string, among: names) }
            report(node.mark, "\(path) must be \(shape.expectation), not \(quoted(scalar.string))\(near)")
        default: report(node.mark, "\(path.isEmpty ? "the file" : path) must be \(shape.expectation)")
        }
        return nil
    }

    private mutating func spend(at node: Node) -> Bool {
        budget -= 1
        if budget == 0 { report(node.mark, "the file unfolds to more than 50,000 values") }
        return budget > 0
    }

    /// A value of any shape. What stands in quotes is text, whatever it looks like.
    private mutating func free(_ node: Node, at path: String) -> JSON {
        guard spend(at: node) else { return .null }
        marks[path] = Problem(line: node.mark?.line ?? 1, column: node.mark?.column ?? 1, text: "")
        switch node {
        case .mapping(let mapping):
            return .object(
                JSONObject(
                    mapping.map { key, value in
                        let name = key.string ?? ""
                        return (name, free(value, at: path.isEmpty ? name : "\(path).\(name)"))
                    }))
        case .sequence(let sequence): return .array(sequence.enumerated().map { free($1, at: "\(path)[\($0)]") })
        case .scalar(let scalar):
            guard scalar.style == .plain || scalar.style == .any else { return .string(scalar.string) }
            if let value = node.bool, node.tag == Tag(.bool) { return .bool(value) }
            if let value = node.int { return JSON(value) }
            if let value = node.float { return .number(value) }
            return node.null != nil ? .null : .string(scalar.string)
        case .alias: return .null
        }
    }

    private mutating func record(_ mapping: Node.Mapping, _ fields: [Shape.Field], _ node: Node, at path: String) -> JSON {
        var members = JSONObject()
        for (key, value) in mapping {
            let name = key.scalar?.string ?? ""
            guard let field = fields.first(where: { $0.name == name }) else {
                let near = Nearest.hint(name, among: fields.map(\.name))
                report(key.mark, "unknown key \(quoted(name))\(path.isEmpty ? "" : " in \(path)")\(near)")
                continue
            }
            guard !field.isReserved else { report(key.mark, "\"\(name)\" is not supported by this version"); continue }
            members[name] = read(value, as: field.shape, at: path.isEmpty ? name : "\(path).\(name)")
        }
        for field in fields where field.isRequired && !mapping.contains(where: { $0.key.scalar?.string == field.name }) {
            report(node.mark, "\(path.isEmpty ? "the file" : path) has no \"\(field.name)\" (\(field.shape.expectation))")
        }
        return .object(members)
    }

    /// The value of a scalar, or nil when it does not fit.
    private func scalarValue(_ text: String, _ node: Node, _ shape: Shape) -> JSON? {
        let isReference = text.contains("${")
        switch shape {
        case .text: return isReference || text.isEmpty ? nil : .string(text)
        case .choice(let names): return names.contains(text) ? .string(text) : nil
        case .integer(let range):
            guard let number = node.int, range.contains(number) else { return nil }
            return JSON(number)
        case .boolean: return node.bool.map { .bool($0) }
        case .duration: return DurationText.parse(text) == nil ? nil : .string(text)
        case .instant: return Timestamp(text) == nil ? nil : .string(text)
        case .form(let form): return form.holds(text) ? .string(text) : nil
        case .number(let range):
            guard let number = node.float ?? node.int.map(Double.init), range.contains(number) else { return nil }
            return .number(number)
        case .any, .list, .table, .record, .either: return nil
        }
    }

    private mutating func report(_ mark: Mark?, _ text: String) {
        problems.append(Problem(line: mark?.line ?? 1, column: mark?.column ?? 1, text: text))
    }

    /// Reports at the place of a value, or of the nearest one above it that was written.
    package mutating func report(at path: String, _ text: String) {
        var place = path[...]
        while marks[String(place)] == nil, let cut = place.lastIndex(where: { $0 == "." || $0 == "[" }) { place = place[..<cut] }
        let mark = marks[String(place)] ?? marks[""]
        problems.append(Problem(line: mark?.line ?? 1, column: mark?.column ?? 1, text: text))
    }

    /// A value in an error message. What might be a secret that was written where none belongs is not repeated.
    private func quoted(_ text: String) -> String { text.count > 40 ? "text of \(text.count) characters" : "\"\(text.terminalSafe)\"" }
}
