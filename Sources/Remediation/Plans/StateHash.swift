package import Core

/// Hashes of the parts of objects that a plan read or touches (INTERFACES section 1).
package enum StateHash {
    /// SHA-256 over the canonical form of the named parts; a part that is absent counts as null. Complexity: linear in their size.
    ///
    /// The annotation `martlet/operation`, and whatever is outside the parts (`resourceVersion`, `generation`, `status`), is in no hash.
    package static func hash(_ object: JSON, parts: [[String]]) -> String {
        var subject: JSON = [:]
        for part in Set(parts).sorted(by: { $0.lexicographicallyPrecedes($1) }) {
            subject[part.joined(separator: "/")] = object[path: part[...]] ?? .null
        }
        return Digest.sha256Hex(subject.canonical())
    }

    /// The plan's `state`: per target path its uid and hash.
    package static func state(_ targets: [(target: ObservedTarget, parts: [[String]])]) -> JSON {
        var state: JSON = [:]
        for (target, parts) in targets {
            state[target.path.description] = ["uid": .string(target.uid), "hash": .string(hash(target.object, parts: parts))]
        }
        return state
    }
}
