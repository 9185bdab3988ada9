import Core
import Incidents
import Remediation

/// The list: what waits for me, what is going on, is Martlet itself all right.
struct IncidentListPage: Sendable {
    let boards: Boards
    let status: ServerStatus
    let filter: IncidentFilter
    let query: Form
    let before: Int?
    /// This machine's time, for clusters whose own is not known.
    let machine: Timestamp

    static let pageSize = 50

    var html: HTML {
        let found = boards.incidents.filter { filter.admits($0) }
        let sorted = found.sorted { Self.rank($0) > Self.rank($1) }
        let rest = before.map { before in Array(sorted.drop { $0.number != before }.dropFirst()) } ?? sorted
        let shown = Array(rest.prefix(Self.pageSize))
        return
            #"<h1 class="unseen">Incidents</h1>\#(tiles)\#(filters)\#(shown.isEmpty ? empty : table(shown))\#(foot(shown, found.count, rest.count > shown.count))"#
    }

    /// What waits for a person first, then what is worst, then what is newest; resolved ones by number only.
    private static func rank(_ incident: Incident) -> (Int, Int, Int) {
        switch incident.state {
        case .awaitingApproval, .escalated: (3, incident.severity.rank, incident.number)
        case .resolved, .suppressed: (1, 0, incident.number)
        default: (2, incident.severity.rank, incident.number)
        }
    }

    private var tiles: HTML {
        let open = boards.incidents.filter(\.state.isActive)
        let waiting = open.count { $0.state == .awaitingApproval || $0.state == .escalated }
        let running = open.filter(\.state.isOperating)
        let synced = status.clusters.count(where: \.isSynced)
        let month = boards.incidents.compactMap { incident in
            incident.outcome == "repaired"
                ? incident.resolvedAt.flatMap { now(incident) - $0 < .seconds(30 * 86_400) ? $0 - incident.openedAt : nil } : nil
        }.sorted()
        let verifying = running.compactMap { incident -> Duration? in
            let plans = boards.plans(of: incident)
            guard let verification = plans.lazy.compactMap(\.verification).last(where: { $0.endedAt == nil }) else { return nil }
            return .seconds(Int64(verification.window)) - (now(incident) - verification.startedAt)
        }.max()
        let left = verifying.map { $0 > .zero ? ", \(Words.length($0)) left" : "" } ?? ""
        return #"""
            <ul class="tiles" aria-label="Summary">
            \#(tile(String(open.count), waiting > 0 ? "open, \(waiting) \(waiting == 1 ? "waits" : "wait") for you" : "open, none waits for you", waiting > 0 ? "critical" : ""))
            \#(tile(String(running.count), running.isEmpty ? "under repair" : "under repair\(left)"))
            \#(tile("\(synced) / \(status.clusters.count)", status.clusters.count == 1 ? "cluster watched" : "clusters watched", synced < status.clusters.count ? "critical" : ""))
            \#(tile(month.isEmpty ? "–" : Words.length(month[month.count / 2]), "median repair, 30 days"))
            </ul>
            """#
    }

    private func now(_ incident: Incident) -> Timestamp { status.now(in: incident.cluster, machine: machine) }

    private func tile(_ number: String, _ text: String, _ kind: HTML = "") -> HTML {
        #"<li class="\#(kind)"><strong>\#(number)</strong> <span>\#(text)</span></li>"#
    }

    private var filters: HTML {
        let state = query["state"] ?? "open"
        func chip(_ name: String, _ pairs: [(String, String?)], isOn: Bool) -> HTML {
            #"<a class="chip" href="/\#(address(pairs))"\#(isOn ? #" aria-current="true""# : HTML.empty)>\#(name)</a>"#
        }
        var chips = [("Open", "open"), ("Resolved", "resolved"), ("Suppressed", "suppressed"), ("All", "all")].html { name, value in
            chip(name, [("state", value)], isOn: state == value)
        }
        for environment in Set(boards.incidents.map(\.environment)).union(status.clusters.map(\.environment)).sorted().prefix(4) {
            let isOn = query["environment"] == environment
            chips += chip(environment, [("environment", isOn ? nil : environment)], isOn: isOn)
        }
        let critical = query["severity"] == "critical"
        chips += chip("critical", [("severity", critical ? nil : "critical")], isOn: critical)
        let kept = ["state", "environment", "severity"].compactMap { name in query[name].map { (name, $0) } }
            .html { name, value in #"<input type="hidden" name="\#(name)" value="\#(value)">"# }
        return #"""
            <div class="filters"><form role="search" action="/" method="get">\#(kept)<input type="search" name="q" value="\#(query["q"] ?? "")" placeholder="Search   /" aria-label="Search incidents"></form>\#(chips)</div>
            """#
    }

    /// The query of this page with some members set or removed.
    private func address(_ changes: [(String, String?)]) -> String {
        var pairs = ["q", "state", "environment", "severity"].compactMap { name in query[name].map { (name, $0) } }
        for (name, value) in changes {
            pairs.removeAll { $0.0 == name }
            if let value { pairs.append((name, value)) }
        }
        return pairs.isEmpty ? "" : "?" + pairs.map { "\($0.0)=\(Percent.encode($0.1))" }.joined(separator: "&")
    }

    private func table(_ incidents: [Incident]) -> HTML {
        #"""
        <div class="panel"><table class="incidents">
        <thead><tr><th><span class="unseen">Severity</span></th><th>Incident</th><th class="state">State</th><th class="since">Since</th><th class="reach">Reach</th></tr></thead>
        <tbody>\#(incidents.html(row))</tbody></table></div>
        """#
    }

    private func row(_ incident: Incident) -> HTML {
        let cause = incident.cause
        let reach = cause.reach.isEmpty ? "–" : Words.list(cause.reach.map(\.name), atMost: 3)
        return #"""
            <tr id="i\#(incident.number)" class="\#(incident.state.rawValue)" data-href="/incidents/\#(incident.number)">
            <td>\#(Badge.of(incident))</td>
            <td class="what"><a class="title" href="/incidents/\#(incident.number)">\#(cause.title)</a><br><code class="soft">\#(cause.resource.shortDescription)</code><span class="soft"> · \#(below(incident))</span></td>
            <td class="state">\#(stateText(incident))</td><td class="since">\#(Times.age(incident.openedAt, now: now(incident)))</td><td class="reach">\#(reach)</td></tr>
            """#
    }

    private func below(_ incident: Incident) -> String {
        if incident.state == .resolved {
            let took = incident.resolvedAt.map { " in \(Words.length($0 - incident.openedAt))" } ?? ""
            switch incident.outcome {
            case "repaired": return "repaired and verified\(took)"
            case "self": return "went away by itself\(took)"
            case "rolled-back": return "repair taken back\(took)"
            case "manual": return "closed by hand\(took)"
            default: return "closed\(took)"
            }
        }
        if incident.cause.isUndecided { return "needs: \(Words.list(incident.cause.undecided, atMost: 2))" }
        let plan = boards.plans(of: incident).first { !$0.state.isFinal }
        return Words.percent(incident.cause.confidence) + " sure" + (plan.map { " · plan: \($0.plan.title)" } ?? "")
    }

    private func stateText(_ incident: Incident) -> HTML {
        switch incident.state {
        case .awaitingApproval: #"<span class="waits">awaiting approval</span>"#
        case .escalated: #"<span class="person">a person decides</span>"#
        default: "\(LifeCycleStrip.label(incident.state).lowercased())"
        }
    }

    private var empty: HTML {
        if filter.words.isEmpty, (query["state"] ?? "open") == "open", query["severity"] == nil, query["environment"] == nil {
            if status.clusters.isEmpty {
                return
                    #"<div class="panel empty"><h2>No cluster is watched</h2><p>Martlet watches the current context of your kubeconfig, or the clusters that its configuration names.</p></div>"#
            }
            if status.clusters.contains(where: { !$0.isSynced }) {
                return
                    #"<div class="panel empty"><h2>Nothing known yet</h2><p>The clusters are not read to the end, so whether something is wrong cannot be said.</p></div>"#
            }
            if status.clusters.contains(where: \.isBlind) {
                return
                    #"<div class="panel empty"><h2>Nothing wrong is seen</h2><p>Not all pods may be read, so this does not mean that nothing is wrong.</p></div>"#
            }
            let names = Words.list(status.clusters.map(\.name))
            let objects = status.clusters.reduce(0) { $0 + $1.objects }
            return
                #"<div class="panel empty"><h2>Nothing is wrong</h2><p>Martlet watches \#(names), \#(Words.count(objects, "object")). This page changes by itself when something breaks.</p></div>"#
        }
        return
            #"<div class="panel empty"><h2>No incident fits</h2><p><a href="/?state=all">Show all \#(boards.incidents.count)</a></p></div>"#
    }

    private func foot(_ shown: [Incident], _ found: Int, _ hasMore: Bool) -> HTML {
        let more: HTML =
            hasMore ? #"<a href="/\#(address([("before", shown.last.map { String($0.number) })]))">Next \#(Self.pageSize)</a>"# : .empty
        return #"""
            <p class="foot"><span class="keys"><kbd>j</kbd> <kbd>k</kbd> move · <kbd>enter</kbd> open · <kbd>/</kbd> search · <kbd>?</kbd> keys</span>\#(more)<span>\#(found) of \#(boards.incidents.count)</span></p>
            """#
    }
}

/// The word that says how bad it is, in its colour.
enum Badge {
    static func of(_ incident: Incident) -> HTML {
        if incident.state == .resolved { return #"<span class="badge resolved">resolved</span>"# }
        if incident.cause.isUndecided { return #"<span class="badge undecided">undecided</span>"# }
        return #"<span class="badge \#(incident.severity.rawValue)">\#(incident.severity.rawValue)</span>"#
    }

    static func of(_ verdict: Verdict) -> HTML { #"<span class="badge \#(verdict.rawValue)">\#(verdict.rawValue)</span>"# }
}
