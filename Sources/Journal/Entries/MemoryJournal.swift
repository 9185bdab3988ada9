package import Core

/// A journal that lasts as long as the process: for what-if runs and tests. Same numbers, times and hashes as the one on disk.
package actor MemoryJournal: JournalAppending {
    package private(set) var entries: [RecordedEntry] = []
    private var sequence = EntrySequence()
    private let clock: any WallClock
    private var failure: MartletError?

    package init(clock: any WallClock) { self.clock = clock }

    @discardableResult
    package func append(_ new: [NewEntry]) async throws -> [RecordedEntry] {
        if let failure { throw failure }
        let now = clock.now()
        let recorded = new.map { RecordedEntry(entry: sequence.next($0, at: now).entry, payload: $0.payload) }
        entries += recorded
        return recorded
    }

    /// Makes every append fail from now on (a full disk), or succeed again.
    package func fail(with failure: MartletError?) { self.failure = failure }
}
