/// RFC 6902: a list of operations that are applied in order, all or none.
package struct JSONPatch: Sendable, Equatable {
    package enum Operation: Sendable, Equatable {
        case add(JSONPointer, JSON)
        case remove(JSONPointer)
        case replace(JSONPointer, JSON)
        case move(from: JSONPointer, to: JSONPointer)
        case copy(from: JSONPointer, to: JSONPointer)
        case test(JSONPointer, JSON)
    }

    /// Why a patch cannot be read or applied.
    package struct Failure: Error, Sendable, Equatable, CustomStringConvertible {
        /// The operation's index in the list; nil when the whole document is no patch.
        package let operation: Int?
        package let description: String
        /// The `test` did not hold, as opposed to a path that is missing.
        package let isFailedTest: Bool
    }

    package var operations: [Operation]

    package init(_ operations: [Operation]) { self.operations = operations }

    /// Reads the document form.
    package init(_ document: JSON) throws(Failure) {
        guard case .array(let items) = document else {
            throw Failure(operation: nil, description: "a JSON patch is a list of operations", isFailedTest: false)
        }
        var operations: [Operation] = []
        for (i, item) in items.enumerated() {
            func pointer(_ key: String) throws(Failure) -> JSONPointer {
                guard let text = item[key]?.string, let pointer = JSONPointer(text) else {
                    throw Failure(operation: i, description: "operation \(i) has no valid \"\(key)\"", isFailedTest: false)
                }
                return pointer
            }
            func value() throws(Failure) -> JSON {
                guard let value = item["value"] else {
                    throw Failure(operation: i, description: "operation \(i) has no \"value\"", isFailedTest: false)
                }
                return value
            }
            switch item["op"]?.string {
            case "add": operations.append(.add(try pointer("path"), try value()))
            case "remove": operations.append(.remove(try pointer("path")))
            case "replace": operations.append(.replace(try pointer("path"), try value()))
            case "move": operations.append(.move(from: try pointer("from"), to: try pointer("path")))
            case "copy": operations.append(.copy(from: try pointer("from"), to: try pointer("path")))
            case "test": operations.append(.test(try pointer("path"), try value()))
            default: throw Failure(operation: i, description: "operation \(i) has no known \"op\"", isFailedTest: false)
            }
        }
        self.operations = operations
    }

    /// The patched document. The cost is that of the paths, not of the document.
    package func apply(to document: JSON) throws(Failure) -> JSON {
        var result = document
        for (i, operation) in operations.enumerated() {
            func missing(_ pointer: JSONPointer) -> Failure {
                Failure(operation: i, description: "operation \(i): nothing at \"\(pointer)\"", isFailedTest: false)
            }
            switch operation {
            case .add(let path, let value):
                guard result.edit(path.tokens[...], .add(value)) else { throw missing(path) }
            case .remove(let path):
                guard result.edit(path.tokens[...], .remove) else { throw missing(path) }
            case .replace(let path, let value):
                guard result.edit(path.tokens[...], .replace(value)) else { throw missing(path) }
            case .move(let from, let to):
                guard let value = result[from] else { throw missing(from) }
                guard !(to.tokens.count > from.tokens.count && to.tokens.starts(with: from.tokens)) else {
                    throw Failure(operation: i, description: "operation \(i): moves a value into itself", isFailedTest: false)
                }
                guard result.edit(from.tokens[...], .remove), result.edit(to.tokens[...], .add(value)) else { throw missing(to) }
            case .copy(let from, let to):
                guard let value = result[from] else { throw missing(from) }
                guard result.edit(to.tokens[...], .add(value)) else { throw missing(to) }
            case .test(let path, let value):
                guard let found = result[path] else { throw missing(path) }
                guard found == value else {
                    throw Failure(operation: i, description: "operation \(i): \"\(path)\" is not as tested", isFailedTest: true)
                }
            }
        }
        return result
    }
}

extension JSON {
    fileprivate enum Edit { case add(JSON), remove, replace(JSON) }

    /// Changes what stands at the path; false, with nothing changed at that place, when the path is not there.
    fileprivate mutating func edit(_ path: ArraySlice<String>, _ edit: Edit) -> Bool {
        guard let token = path.first else {
            switch edit {
            case .add(let value), .replace(let value): self = value
            case .remove: self = .null
            }
            return true
        }
        let isLast = path.count == 1
        switch self {
        case .object(var members):
            self = .null
            defer { self = .object(members) }
            guard isLast else {
                guard var child = members[token] else { return false }
                members[token] = .null
                let done = child.edit(path.dropFirst(), edit)
                members[token] = child
                return done
            }
            switch edit {
            case .add(let value): members[token] = value
            case .replace(let value):
                guard members[token] != nil else { return false }
                members[token] = value
            case .remove: return members.removeValue(forKey: token) != nil
            }
            return true
        case .array(var elements):
            self = .null
            defer { self = .array(elements) }
            if isLast, token == "-", case .add(let value) = edit { elements.append(value); return true }
            guard let i = JSONPointer.index(token) else { return false }
            if isLast, case .add(let value) = edit {
                guard i <= elements.count else { return false }
                elements.insert(value, at: i)
                return true
            }
            guard elements.indices.contains(i) else { return false }
            guard isLast else { return elements[i].edit(path.dropFirst(), edit) }
            if case .replace(let value) = edit { elements[i] = value } else { elements.remove(at: i) }
            return true
        default: return false
        }
    }
}
