/// Acting as somebody else (`--as`, `as`, `as-groups`, `as-uid`, `as-user-extra`).
package struct Impersonation: Sendable, Hashable {
    package var user: String?
    package var uid: String?
    package var groups: [String] = []
    package var extra: [String: [String]] = [:]

    package init(user: String? = nil, uid: String? = nil, groups: [String] = [], extra: [String: [String]] = [:]) {
        self.user = user
        self.uid = uid
        self.groups = groups
        self.extra = extra
    }

    /// Something is asked for without saying who: kubectl refuses it.
    var lacksUser: Bool { user == nil && (uid != nil || !groups.isEmpty || !extra.isEmpty) }

    var headers: [(name: String, value: String)] {
        guard let user else { return [] }
        var result = [(name: "Impersonate-User", value: user)]
        if let uid { result.append(("Impersonate-Uid", uid)) }
        for group in groups { result.append(("Impersonate-Group", group)) }
        for (key, values) in extra.sorted(by: { $0.key < $1.key }) {
            for value in values { result.append(("Impersonate-Extra-" + percentEncoded(key.lowercased()), value)) }
        }
        return result
    }
}
