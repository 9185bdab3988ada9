package import Core

/// An entry with the payload that stands beside it.
package struct RecordedEntry: Sendable, Hashable {
    package var entry: Entry
    /// nil when retention dropped it, or somebody took it away; the entry still proves what it was.
    package var payload: JSON?

    package init(entry: Entry, payload: JSON?) {
        self.entry = entry
        self.payload = payload
    }

    package var type: EntryType? { entry.knownType }

    /// As the API and `martlet journal export` show it: the entry's members and `payload` (null when dropped).
    package var json: JSON {
        var json = entry.json
        json["payload"] = payload ?? .null
        return json
    }
}
