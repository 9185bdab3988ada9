import Core

/// Since when the findings of an incident have not been seen. It lives beside the journal, since not seeing something changes no
/// state; after a restart the closing window simply starts again.
package struct AbsenceTracker: Sendable, Hashable {
    private var goneSince: [String: Timestamp] = [:]
    private var lastLook: Timestamp?
    /// Ended incidents whose findings have been seen gone since: if they come back, that is a relapse and no afterglow.
    private var clearedAfterEnd: Set<String> = []

    package init() {}

    /// A look that comes later than `patience` after the one before: nobody saw what was between them, and all windows start again.
    mutating func look(at now: Timestamp, patience: Duration) {
        if let lastLook, now - lastLook > patience { goneSince = [:] }
        lastLook = now
    }

    /// The findings are there, or nobody can tell.
    mutating func seen(_ incident: String) { goneSince[incident] = nil }

    /// Notes that the findings are gone, and returns since when. A clock that went backwards starts the window again.
    mutating func gone(_ incident: String, at now: Timestamp) -> Timestamp {
        if let since = goneSince[incident], since <= now { return since }
        goneSince[incident] = now
        return now
    }

    mutating func forget(_ incident: String) {
        goneSince[incident] = nil
        clearedAfterEnd.remove(incident)
    }

    /// Notes that an ended incident's findings were seen gone; for as long as that can matter.
    mutating func clearedAfterEnd(_ incident: String, within window: Duration, of end: Timestamp?, at now: Timestamp) {
        if let end, now - end < window { clearedAfterEnd.insert(incident) } else { clearedAfterEnd.remove(incident) }
    }

    func isClearedAfterEnd(_ incident: String) -> Bool { clearedAfterEnd.contains(incident) }
}
