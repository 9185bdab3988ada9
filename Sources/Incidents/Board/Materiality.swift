import Core

/// Whether a new diagnosis says something that is worth an entry. A count that ticks up is not: one problem is reported once, and
/// updated when something about it is different.
enum Materiality {
    /// Smaller changes of confidence are noise.
    static let confidenceStep = 0.05
    /// A measured need of memory counts as different from here on.
    static let memoryStep = 0.1

    static func differs(_ live: Cause, from old: Cause) -> Bool {
        // As the journal would give it back: a field that was null and one that was absent are the same there.
        let new = Cause(json: live.json) ?? live
        // A container that crashes runs now and then: an incident is as severe as it was at its worst, not as at this moment.
        return new.category != old.category || new.resource != old.resource || new.severity > old.severity
            || abs(new.confidence - old.confidence) >= confidenceStep - 1e-9
            || wording(new.title) != wording(old.title) || wording(new.text) != wording(old.text)
            || new.undecided.map(wording) != old.undecided.map(wording) || new.unread != old.unread || differs(new.change, from: old.change)
            || differs(new.facts, from: old.facts)
    }

    /// The text with every run of digits as one `#`: counts, ages and percentages move by themselves.
    private static func wording(_ text: String) -> [UInt8] {
        var out: [UInt8] = []
        for byte in text.utf8 {
            if byte >= 0x30 && byte <= 0x39 {
                if out.last != 0x23 { out.append(0x23) }
            } else {
                out.append(byte)
            }
        }
        return out
    }

    /// A change is the same when it moved the same fields of the same thing, whenever and by whom that was learnt.
    private static func differs(_ new: Change?, from old: Change?) -> Bool {
        new?.kind != old?.kind || new?.entity != old?.entity || new?.revision != old?.revision || new?.fields != old?.fields
    }

    private static func differs(_ new: JSON, from old: JSON) -> Bool {
        let keys = Set((new.object?.keys ?? []) + (old.object?.keys ?? []))
        return keys.contains { key in
            guard key == "memoryNeeded", let x = new[key]?.double, let y = old[key]?.double else { return new[key] != old[key] }
            return abs(x - y) > memoryStep * max(abs(x), abs(y))
        }
    }
}
