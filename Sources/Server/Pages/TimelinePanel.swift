import Core
import Incidents

/// What happened so far, oldest first; the present last.
struct TimelinePanel {
    let incident: Incident
    private static let limit = 60

    var html: HTML {
        var items: [HTML] = []
        if let change = incident.cause.change, let time = change.time, time <= incident.openedAt {
            let what = change.revision.map { "Revision \($0) rolled out" } ?? "\(change.entity.name) changed: \(change.kind)"
            items.append(
                "<li>\(Times.clock(time))\(what)\(change.author.map { author -> HTML in #" <span class="soft">\#(author)</span>"# })</li>")
        }
        let hidden = incident.timeline.count - Self.limit
        if hidden > 0 { items.append(#"<li class="soft">\#(hidden) earlier entries are in the <a href="/journal">journal</a></li>"#) }
        items += incident.timeline.suffix(Self.limit).map { item in
            let actor: HTML = item.actor == "martlet" ? .empty : #" <span class="soft">\#(item.actor)</span>"#
            return #"<li class="\#(Self.tone(item))">\#(Times.clock(item.time))\#(item.text)\#(actor)</li>"#
        }
        if let present { items.append(#"<li class="now">\#(present)</li>"#) }
        return
            #"<section class="panel" aria-labelledby="timeline-title"><h2 id="timeline-title">Timeline</h2><ol class="timeline" aria-live="polite" aria-relevant="additions">\#(items)</ol></section>"#
    }

    private var present: String? {
        switch incident.state {
        case .open: "Looking for the cause"
        case .diagnosed: nil
        case .awaitingApproval: "Waiting for an approver"
        case .acting: "Changing the cluster"
        case .verifying: "Watching whether it helped"
        case .rollingBack: "Taking the change back"
        case .escalated: "Waiting for a person"
        case .resolved, .suppressed: nil
        }
    }

    private static func tone(_ item: TimelineItem) -> HTML {
        switch item.verdict {
        case .pass: return "good"
        case .fail: return "bad"
        case .inconclusive: return "unsure"
        case nil: break
        }
        switch EntryType(rawValue: item.type) {
        case .incidentOpened, .incidentReopened, .stepFailed, .rollbackStarted: return "bad"
        case .incidentResolved: return "good"
        case .incidentEscalated: return "unsure"
        default: return ""
        }
    }
}
