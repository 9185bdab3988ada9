import Core

/// One plan on the terminal: what it does, what could go wrong, how it is undone, and the six gates.
enum PlanSheet {
    static func lines(_ document: JSON) -> [String] {
        guard let plan = document["plan"].flatMap(Plan.init(json:)) else { return ["the plan cannot be read"] }
        var sheet = TerminalSheet()
        let state = document["state"]?.string ?? "unknown"
        sheet.heading("\(plan.title)  (\(state.replacing("-", with: " ")))")
        sheet.add("plan", plan.id)
        sheet.add("digest", document["digest"]?.string ?? plan.digest)
        sheet.add("cluster", "\(plan.cluster), environment \(plan.environment)")
        sheet.add("risk", "\(plan.risk.rawValue): \(plan.blastRadius)")
        sheet.add("doubt", plan.caveat)
        sheet.add("changes", plan.diff.flatMap(\.diffLines))
        sheet.add("undo", plan.undo)
        let gates = (document["gates"]?.array ?? []).compactMap(GateResult.init(json:))
        sheet.add("gates", gates.flatMap(lines(of:)))
        // What the owner of an object would undo is no advice.
        if !gates.contains(where: { $0.gate == .drift && $0.verdict == .fail }) { sheet.add("by hand", plan.commands.map { .init($0) }) }
        let approvals = document["approvals"]?.array ?? []
        if let needed = document["approvalsNeeded"]?.int, needed > 1 { sheet.add("approvals", "\(approvals.count) of \(needed)") }
        sheet.add("approved", approvals.map { .init("by \($0["actor"]?.string ?? "-"), \($0["time"]?.string ?? "-")") })
        sheet.add("closed", document["closedReason"]?.string)
        if let verdict = document[at: "verification", "verdict"]?.string {
            sheet.add("verified", "\(verdict): \(document[at: "verification", "text"]?.string ?? "")")
        }
        sheet.add("outcome", document["outcome"]?.string)
        return sheet.lines()
    }

    private static func lines(of gate: GateResult) -> [TerminalTable.Cell] {
        let name = gate.gate.rawValue + String(repeating: " ", count: max(0, 13 - gate.gate.rawValue.count))
        let verdict = gate.verdict.rawValue + String(repeating: " ", count: max(0, 12 - gate.verdict.rawValue.count))
        return [.init("\(name) \(verdict) \(gate.text)", TerminalStyle(gate.verdict))] + gate.details.map { .init("              \($0)") }
    }
}
