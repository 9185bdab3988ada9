import Core
import Foundation
import Remediation

/// What the demo shows of a cause and of a plan: the decisive part, cut at the terminal's width.
enum DemoSheets {
    static func cause(_ cause: Cause) -> [String] {
        var sheet = TerminalSheet()
        sheet.blank()
        sheet.heading("\(cause.severity.rawValue)  \(cause.title)", TerminalStyle(cause.severity))
        sheet.add("cause", cause.text)
        sheet.add("sure", "\(Int((cause.confidence * 100).rounded())) %")
        sheet.add("changed", (cause.change?.fields ?? []).flatMap(\.diffLines))
        for evidence in cause.evidence.prefix(4) { sheet.add(evidence.kind.rawValue, evidence.text) }
        sheet.blank()
        return sheet.lines()
    }

    static func plan(_ record: PlanRecord) -> [String] {
        var sheet = TerminalSheet()
        sheet.blank()
        sheet.heading("plan  \(record.plan.title)  (\(record.state.rawValue))")
        sheet.add("risk", "\(record.plan.risk.rawValue): \(record.plan.blastRadius)")
        sheet.add("changes", record.plan.diff.flatMap(\.diffLines))
        sheet.add("undo", record.plan.undo)
        for gate in record.gates {
            let verdict = gate.verdict.rawValue.padding(toLength: 12, withPad: " ", startingAt: 0)
            sheet.add(gate.gate.rawValue, [.init("\(verdict)  \(gate.text)", TerminalStyle(gate.verdict))])
        }
        sheet.blank()
        return sheet.lines()
    }
}
