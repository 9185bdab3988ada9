extension JSON {
    /// RFC 7386: members of the patch replace those of the document, `null` removes, anything but an object replaces the whole.
    package func merging(patch: JSON) -> JSON {
        guard case .object(let changes) = patch else { return patch }
        var members: JSONObject
        if case .object(let existing) = self { members = existing } else { members = [:] }
        for (key, change) in changes {
            if change.isNull { members[key] = nil } else { members[key] = (members[key] ?? .null).merging(patch: change) }
        }
        return .object(members)
    }
}
