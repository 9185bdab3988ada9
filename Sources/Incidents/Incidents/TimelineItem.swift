package import Core

/// One line of an incident's history, for people.
package struct TimelineItem: Sendable, Hashable {
    /// The journal's number of the entry.
    package let seq: Int64
    package let time: Timestamp
    /// An ``EntryType``, or what a newer Martlet wrote.
    package let type: String
    package let actor: String
    /// One sentence. It may hold text from the cluster: escape it where it is shown.
    package let text: String
    /// The plan that the entry is about, if any.
    package let plan: String?
    package let verdict: Verdict?

    package init(
        seq: Int64, time: Timestamp, type: String, actor: String, text: String, plan: String? = nil, verdict: Verdict? = nil
    ) {
        self.seq = seq
        self.time = time
        self.type = type
        self.actor = actor
        self.text = text
        self.plan = plan
        self.verdict = verdict
    }

    package var json: JSON {
        var json: JSON = [
            "seq": .integer(seq), "time": .string(time.description), "type": .string(type), "actor": .string(actor), "text": .string(text),
        ]
        if let plan { json["plan"] = .string(plan) }
        if let verdict { json["verdict"] = .string(verdict.rawValue) }
        return json
    }
}
