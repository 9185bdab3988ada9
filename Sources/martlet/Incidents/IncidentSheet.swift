import Core

/// One incident on the terminal, in the order in which people ask: what, why and how sure, what changed, what can be done, what happened.
enum IncidentSheet {
    static func lines(_ document: JSON, plans: [JSON]) -> [String] {
        let summary = IncidentSummary(document)
        let cause = document["cause"].flatMap(Cause.init(json:))
        var sheet = TerminalSheet()
        let severity = summary.severity?.rawValue ?? "unknown"
        sheet.heading(
            "\(summary.number)  \(severity)  \(summary.stateText)  \(summary.title)", summary.severity.map(TerminalStyle.init) ?? .strong)
        if let cause { add(cause, to: &sheet) }
        sheet.add("opened", summary.openedAt.map { "\($0) (\(summary.age) ago)" })
        sheet.add("assignee", document["assignee"]?.string)
        sheet.add("seen by", document["acknowledgedBy"]?.string)
        if let until = document["suppressedUntil"]?.string {
            sheet.add("suppressed", "until \(until)" + (document["suppressionReason"]?.string.map { ": \($0)" } ?? ""))
        }
        sheet.add("escalated", document["escalationReason"]?.string)
        sheet.add("outcome", document["outcome"]?.string)
        for plan in plans {
            let title = plan[at: "plan", "title"]?.string ?? ""
            sheet.add("plan", "\(plan[at: "plan", "id"]?.string ?? "-")  \(plan["state"]?.string ?? "-")  \(title)")
        }
        let timeline = document["timeline"]?.array ?? []
        if !timeline.isEmpty { sheet.blank() }
        for item in timeline {
            sheet.add(
                item["time"]?.string ?? "",
                [.init("\(item["text"]?.string ?? item["type"]?.string ?? "")  (\(item["actor"]?.string ?? "-"))")])
        }
        return sheet.lines()
    }

    private static func add(_ cause: Cause, to sheet: inout TerminalSheet) {
        sheet.add("where", cause.resource.shortDescription)
        if cause.isUndecided {
            sheet.add("cause", [.init("not decided", .unknown)])
            sheet.add("missing", cause.undecided.map { .init($0) })
            sheet.add("candidates", cause.alternatives.map { .init("\($0.category) on \($0.resource.shortDescription)") })
        } else {
            let kinds = Set(cause.evidence.map(\.kind)).count
            sheet.add(
                "cause",
                "\(cause.text)  \(Int((cause.confidence * 100).rounded())) % (\(kinds) \(kinds == 1 ? "kind" : "kinds") of evidence)")
        }
        if let change = cause.change {
            let revision = change.revision.map { "revision \($0)" } ?? change.kind
            sheet.add("changed", [.init(revision + (change.author.map { ", by \($0)" } ?? "") + (change.time.map { ", \($0)" } ?? ""))])
            sheet.add("", change.fields.flatMap(\.diffLines))
        }
        sheet.add("evidence", cause.evidence.map { .init("\($0.kind.rawValue)  \($0.text)  (\($0.source))") })
        sheet.add("against", cause.against.map { .init("\($0.kind.rawValue)  \($0.text)  (\($0.source))") })
        sheet.add("unread", cause.unread.map { .init($0, .unknown) })
        sheet.add("reaches", cause.reach.isEmpty ? nil : cause.reach.map(\.name).joined(separator: ", "))
    }
}

extension FieldChange {
    /// `- path=value` and `+ path=value`, whichever there are.
    var diffLines: [TerminalTable.Cell] {
        func text(_ value: JSON) -> String { value.string ?? value.text() }
        return [from.map { .init("- \(path)=\(text($0))", .critical) }, to.map { .init("+ \(path)=\(text($0))", .ok) }].compactMap { $0 }
    }
}
