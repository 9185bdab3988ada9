package import Core

/// The end of the chain: all that is needed to number, date and link the next entry. A value, so that a failed commit leaves no trace.
package struct EntrySequence: Sendable, Hashable {
    package private(set) var seq: Int64
    package private(set) var time: Timestamp
    /// Hex SHA-256 of the last entry.
    package private(set) var head: String

    /// An empty journal.
    package init() { self.init(seq: 0, time: Timestamp(nanoseconds: .min), head: Entry.noPrevious) }

    package init(seq: Int64, time: Timestamp, head: String) {
        self.seq = seq
        self.time = time
        self.head = head
    }

    /// The next entry, with its canonical bytes and its payload's. `now` counts unless it lies before the previous entry.
    package mutating func next(_ new: NewEntry, at now: Timestamp) -> (entry: Entry, bytes: [UInt8], payload: [UInt8]) {
        let payload = new.payload.canonical()
        let milliseconds = Timestamp(nanoseconds: now.nanoseconds - ((now.nanoseconds % 1_000_000) + 1_000_000) % 1_000_000)
        let entry = Entry(
            seq: seq + 1, time: max(time, milliseconds), type: new.type.rawValue, cluster: new.cluster, environment: new.environment,
            subject: new.subject, actor: new.actor, payloadHash: Digest.sha256Hex(payload), prev: head)
        let bytes = entry.canonicalBytes
        seq = entry.seq
        time = entry.time
        head = Digest.sha256Hex(bytes)
        return (entry, bytes, payload)
    }
}
