package import Core

/// What somebody wants recorded; the journal adds number, time and hashes.
package struct NewEntry: Sendable, Hashable {
    package var type: EntryType
    /// The configured name of the cluster; empty for what concerns none (tokens, a global pause).
    package var cluster: String
    package var environment: String
    /// The incident's or plan's ULID, or the name of the token (``EntryType``).
    package var subject: String
    /// Who: the name of a token, `policy:<name>`, or `martlet` (INTERFACES section 5).
    package var actor: String
    package var payload: JSON

    package init(type: EntryType, cluster: String, environment: String, subject: String, actor: String, payload: JSON = [:]) {
        self.type = type
        self.cluster = cluster
        self.environment = environment
        self.subject = subject
        self.actor = actor
        self.payload = payload
    }
}
