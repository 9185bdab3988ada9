/// Where entries go: intent before effect. What ``append(_:)`` returned is durable; what it threw for was not recorded at all.
package protocol JournalAppending: Sendable {
    /// Records the entries together, in order, and returns once they are on disk. None is recorded when it throws.
    /// - Throws: `MartletError` (`io` for a full disk, after which the journal goes on as soon as there is room).
    @discardableResult
    func append(_ entries: [NewEntry]) async throws -> [RecordedEntry]

    /// The newest signed checkpoint, for operation records; nil before the first plan, or where none is signed.
    func latestCheckpoint() async -> Checkpoint?
}

extension JournalAppending {
    package func latestCheckpoint() async -> Checkpoint? { nil }
}
