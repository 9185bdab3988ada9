import Core
import Incidents
import Journal

/// The newest entries of the journal, and how to prove them.
struct JournalPage: Sendable {
    let entries: [RecordedEntry]
    let newest: Int64
    let checkpoint: JSON?
    let boards: Boards

    static let pageSize = 100

    var html: HTML {
        #"""
        <h1 class="unseen">Journal</h1>
        <section class="panel" aria-labelledby="proof-title"><h2 id="proof-title">Proof</h2><p>\#(Words.count(Int(newest), "entry", "entries")), each bound to the one before. \#(proof)</p>
        <pre class="run">martlet journal verify</pre></section>
        <section class="panel" aria-labelledby="entries-title"><h2 id="entries-title">Entries</h2>\#(list)</section>\#(older)
        """#
    }

    private var proof: HTML {
        guard let checkpoint, let size = checkpoint["size"]?.int, let root = checkpoint["root"]?.string else {
            return "No checkpoint was signed yet."
        }
        return
            #"The last checkpoint signs \#(Words.count(size, "entry", "entries")), root <code>\#(root)</code>. Kept elsewhere, it shows any later change below it."#
    }

    private var list: HTML {
        guard !entries.isEmpty else { return #"<p class="soft">Nothing was recorded yet.</p>"# }
        let rows = entries.reversed().html { recorded in
            let entry = recorded.entry
            return
                #"<tr><td class="number soft">\#(entry.seq)</td><td class="mono">\#(Times.date(entry.time))</td><td>\#(entry.type)</td><td>\#(subject(recorded))</td><td>\#(entry.actor)</td><td class="extra mono soft">\#(entry.payloadHash.prefix(12))</td></tr>"#
        }
        return
            #"<table class="entries"><thead><tr><th>No.</th><th>Time</th><th>What</th><th>About</th><th>Who</th><th class="extra">Payload</th></tr></thead><tbody>\#(rows)</tbody></table>"#
    }

    private func subject(_ recorded: RecordedEntry) -> HTML {
        let id = recorded.payload?["incident"]?.string ?? recorded.entry.subject
        guard let incident = boards.incident(id) else { return "<code>\(recorded.entry.subject)</code>" }
        return
            #"<a href="/incidents/\#(incident.number)">#\#(incident.number)</a> <span class="soft">\#(incident.cause.resource.shortDescription)</span>"#
    }

    private var older: HTML {
        guard let first = entries.first?.entry.seq, first > 1 else { return .empty }
        return #"<p class="foot"><a href="/journal?before=\#(first)">Older</a></p>"#
    }
}
