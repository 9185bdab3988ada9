package import Core

/// A diagnosis for people at a terminal: one block an incident, aligned, cut at the width, nothing that cannot be acted on.
package struct DiagnosisTable: Sendable {
    package let style: TerminalStyle
    /// Whether findings that nobody should be paged for are shown.
    package var showsHygiene: Bool
    /// Whether all evidence is shown, with the chain from the cause to what is felt, the rules that saw it and what else it may be.
    package var showsReasoning: Bool
    /// What is secret by its name.
    package let names: SensitiveNames

    package init(
        style: TerminalStyle, showsHygiene: Bool = false, showsReasoning: Bool = false, names: SensitiveNames = .standard
    ) {
        self.style = style
        self.names = names
        self.showsHygiene = showsHygiene
        self.showsReasoning = showsReasoning
    }

    private static let indent = 10
    private static let label = 11

    /// The text, lines ended by a line feed. `took` is shown at the end. Secrets are numbered, control characters taken out.
    package func render(_ report: DiagnosisReport, took: Duration? = nil) -> String {
        var redactor = Redactor(.numbered, names: names)
        var lines: [String] = []
        for cause in report.causes {
            lines += block(cause, now: report.time, &redactor)
            lines.append("")
        }
        if showsHygiene {
            for finding in report.hygiene {
                let text = "\(finding.entity.shortDescription): \(redactor.text(finding.text))".terminalSafe
                lines.append(
                    style.paint(TerminalStyle.pad("hygiene", DiagnosisTable.indent), .soft)
                        + TerminalStyle.cut(text, style.width - DiagnosisTable.indent))
            }
            if !report.hygiene.isEmpty { lines.append("") }
        }
        for text in report.undetermined {
            lines.append(
                style.paint(TerminalStyle.pad("unknown", DiagnosisTable.indent), .unknown)
                    + TerminalStyle.cut(redactor.text(text).terminalSafe, style.width - DiagnosisTable.indent))
        }
        if !report.undetermined.isEmpty { lines.append("") }
        var summary = [
            DiagnosisTable.count(report.causes.count, "incident"), "\(DiagnosisTable.count(report.workloads, "workload")) looked at",
        ]
        let isCertain = report.undetermined.isEmpty
        if report.causes.isEmpty { summary[0] = isCertain ? "nothing is wrong" : "nothing wrong was seen in what could be read" }
        if let took { summary.append("\(Int((took.secondCount * 1000).rounded())) ms") }
        lines.append(style.paint(summary.joined(separator: " · "), report.causes.isEmpty ? (isCertain ? .ok : .unknown) : .strong))
        return lines.joined(separator: "\n") + "\n"
    }

    private func block(_ cause: Cause, now: Timestamp, _ redactor: inout Redactor) -> [String] {
        func safe(_ text: String) -> String { redactor.text(text).terminalSafe }
        let title = safe(cause.title)
        let name = cause.resource.name + " "
        let subject =
            title.hasPrefix(name)
            ? "\(cause.resource.shortDescription) \(title.dropFirst(name.count))" : "\(cause.resource.shortDescription): \(title)"
        let severity = TerminalStyle.pad(cause.severity.rawValue, DiagnosisTable.indent)
        var lines = [
            style.paint(severity, TerminalStyle.tone(cause.severity))
                + style.paint(TerminalStyle.cut(subject, style.width - DiagnosisTable.indent), .strong)
        ]
        func row(_ label: String, _ text: String, tail: String = "") {
            let room = style.width - DiagnosisTable.indent - DiagnosisTable.label
            var body = TerminalStyle.cut(text, tail.isEmpty ? room : room - tail.count - 2)
            if !tail.isEmpty { body = TerminalStyle.pad(body, room - tail.count) + tail }
            lines.append(
                String(repeating: " ", count: DiagnosisTable.indent) + style.paint(TerminalStyle.pad(label, DiagnosisTable.label), .soft)
                    + body)
        }
        if cause.isUndecided {
            row("undecided", safe(cause.text))
            for missing in cause.undecided { row("missing", safe(missing)) }
            for other in cause.alternatives.prefix(3) {
                row("perhaps", "\(other.category) of \(other.resource.shortDescription)", tail: DiagnosisTable.percent(other.confidence))
            }
        } else {
            row("cause", safe(cause.text), tail: DiagnosisTable.percent(cause.confidence))
        }
        if let change = cause.change {
            var parts: [String] = []
            if let revision = change.revision { parts.append("revision \(revision)") }
            if let time = change.time { parts.append(DiagnosisTable.ago(time, now)) }
            if let author = change.author { parts.append("by \(author)") }
            row("changed", safe(parts.joined(separator: ", ")))
            for field in change.fields.prefix(4) {
                let redacted = redactor.json(field.json)
                let path = field.path.hasPrefix("spec.template.spec.") ? String(field.path.dropFirst(19)) : field.path
                if let from = redacted["from"], !from.isNull { row("", "- \(path) \(from.string ?? from.text())".terminalSafe) }
                if let to = redacted["to"], !to.isNull { row("", "+ \(path) \(to.string ?? to.text())".terminalSafe) }
            }
            if change.fields.count > 4 { row("", "and \(change.fields.count - 4) more fields") }
        }
        for (i, evidence) in cause.evidence.prefix(showsReasoning ? cause.evidence.count : 5).enumerated() {
            let source = showsReasoning ? "\(evidence.source): " : ""
            row(i == 0 ? "evidence" : "", TerminalStyle.pad(evidence.kind.rawValue, 8) + safe(source + evidence.text))
        }
        for (i, evidence) in cause.against.prefix(showsReasoning ? cause.against.count : 2).enumerated() {
            row(i == 0 ? "against" : "", TerminalStyle.pad(evidence.kind.rawValue, 8) + safe(evidence.text))
        }
        if showsReasoning {
            for (i, link) in cause.chain.enumerated() {
                row(i == 0 ? "chain" : "", safe("\(i == 0 ? "" : "→ ")\(link.resource.shortDescription): \(link.effect)"))
            }
            for (i, finding) in cause.findings.enumerated() {
                row(i == 0 ? "seen by" : "", safe("\(finding.rule): \(finding.entity.shortDescription): \(finding.text)"))
            }
            for (i, text) in cause.ruledOut.enumerated() { row(i == 0 ? "ruled out" : "", safe(text)) }
            if !cause.isUndecided {
                for (i, other) in cause.alternatives.enumerated() {
                    row(
                        i == 0 ? "or" : "", "\(other.category) of \(other.resource.shortDescription)",
                        tail: DiagnosisTable.percent(other.confidence))
                }
            }
        }
        for text in cause.unread { row("unread", safe(text)) }
        // What is only known to hold now has no beginning that could be told.
        if let since = cause.since, since < now { row("since", DiagnosisTable.ago(since, now)) }
        // A workload and its Service mostly have one name.
        let reach = Reasoning.unique((cause.symptoms + cause.reach).filter { $0 != cause.resource }.map(\.name)) { $0 }
        if !reach.isEmpty {
            row("reaches", reach.prefix(8).joined(separator: ", ").terminalSafe + (reach.count > 8 ? " and \(reach.count - 8) more" : ""))
        }
        for (i, next) in cause.next.prefix(2).enumerated() { row(i == 0 ? "next" : "", safe(next)) }
        return lines
    }

    private static func percent(_ confidence: Double) -> String { "\(Int((confidence * 100).rounded())) %" }
    private static func count(_ n: Int, _ noun: String) -> String { "\(n) \(noun)\(n == 1 ? "" : "s")" }

    /// `4 min ago`
    static func ago(_ time: Timestamp, _ now: Timestamp) -> String {
        let seconds = Int((now - time).secondCount)
        switch seconds {
        case ..<0: return "now"
        case 0..<60: return "\(seconds) s ago"
        case 60..<3600: return "\(seconds / 60) min ago"
        case 3600..<172_800: return "\(seconds / 3600) h ago"
        default: return "\(seconds / 86400) days ago"
        }
    }
}
