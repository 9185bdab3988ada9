import Core
import Incidents

/// Why, and how sure that is.
struct CausePanel {
    let incident: Incident
    private var cause: Cause { incident.cause }

    var html: HTML {
        #"""
        <section class="panel" id="cause" aria-labelledby="cause-title"><h2 id="cause-title">Cause</h2>
        <p class="lead">\#(cause.text.isEmpty ? cause.title : cause.text)</p>\#(sureness)\#(change)\#(evidence)\#(undecided)\#(unread)\#(ruledOut)</section>
        """#
    }

    private var sureness: HTML {
        let kinds = Set(cause.evidence.map(\.kind)).count
        var reasons = [Words.count(kinds, "kind") + " of evidence \(kinds == 1 ? "speaks for it" : "agree")"]
        reasons.append(
            cause.against.isEmpty
                ? "nothing speaks against it"
                : "\(Words.count(cause.against.count, "fact")) \(cause.against.count == 1 ? "speaks" : "speak") against it")
        let share = max(0, min(1, cause.confidence))
        let level: HTML = cause.isUndecided ? "undecided" : share < 0.7 ? "half" : ""
        let text: HTML =
            cause.isUndecided
            ? "<strong>Undecided</strong> · \(reasons[0])" : "\(Words.percent(share)) sure · \(reasons.joined(separator: " · "))"
        return #"""
            <p class="sure"><svg viewBox="0 0 88 6" aria-hidden="true"><rect class="track" width="88" height="6" rx="2"/><rect class="level \#(level)" width="\#(Int(88 * share))" height="6" rx="2"/></svg><span>\#(text)</span></p>
            """#
    }

    private var change: HTML {
        guard let change = cause.change, !change.fields.isEmpty || change.revision != nil else { return .empty }
        var heading: HTML = "\(change.entity.resource)"
        if let revision = change.revision { heading += "  revision \(revision)" } else { heading += "  \(change.kind)" }
        if let author = change.author { heading += " · by \(author)" }
        if let time = change.time { heading += " · \(Times.clock(time))" }
        return FieldDiff(heading: heading, fields: change.fields).html
    }

    private var evidence: HTML {
        guard !cause.evidence.isEmpty else { return #"<p class="soft">No evidence was recorded.</p>"# }
        return #"<table class="facts"><caption class="unseen">Evidence</caption><tbody>\#(cause.evidence.html(Self.row))</tbody></table>"#
    }

    private static func row(_ evidence: Evidence) -> HTML {
        // What programs wrote is set as they wrote it.
        let text: HTML = evidence.kind == .log || evidence.kind == .event ? "<code>\(evidence.text)</code>" : "\(evidence.text)"
        return #"""
            <tr><th scope="row">\#(evidence.kind.rawValue)</th><td>\#(text) <span class="soft">\#(evidence.source)</span></td><td class="when">\#(evidence.time.map(Times.clock) ?? "now")</td></tr>
            """#
    }

    private var undecided: HTML {
        guard !cause.undecided.isEmpty else { return .empty }
        return
            #"<div class="notice unknown"><strong>What would settle it:</strong><ul>\#(cause.undecided.html { "<li>\($0)</li>" })</ul></div>"#
    }

    private var unread: HTML {
        guard !cause.unread.isEmpty else { return .empty }
        return
            #"<div class="notice unknown"><strong>What could not be read:</strong><ul>\#(cause.unread.html { "<li>\($0)</li>" })</ul></div>"#
    }

    private var ruledOut: HTML {
        var out = HTML.empty
        if !cause.ruledOut.isEmpty { out += #"<p class="meta">Ruled out: \#(cause.ruledOut.joined(separator: "; "))</p>"# }
        var reasoning = HTML.empty
        if !cause.chain.isEmpty {
            reasoning +=
                "<h3>From the cause to what is felt</h3><ol>\(cause.chain.html { "<li><code>\($0.resource.shortDescription)</code> \($0.effect)</li>" })</ol>"
        }
        if !cause.alternatives.isEmpty {
            reasoning +=
                "<h3>Other explanations</h3><ul>\(cause.alternatives.html { "<li>\(Words.percent($0.confidence)) \($0.category) <code>\($0.resource.shortDescription)</code></li>" })</ul>"
        }
        if !cause.against.isEmpty {
            reasoning += #"<h3>What speaks against it</h3><table class="facts"><tbody>\#(cause.against.html(Self.row))</tbody></table>"#
        }
        if !cause.next.isEmpty {
            reasoning += #"<h3>To look closer</h3><pre class="run">\#(HTML(lines: cause.next.joined(separator: "\n")))</pre>"#
        }
        if !reasoning.isEmpty { out += #"<details class="why" id="why"><summary>Show reasoning</summary>\#(reasoning)</details>"# }
        return out
    }
}
