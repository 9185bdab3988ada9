import Core
import Incidents
import Remediation

/// The plans of an incident: the one that matters now in full, earlier ones folded.
struct PlanPanels {
    let plans: [PlanRecord]
    let incident: Incident
    let policy: EnvironmentPolicy
    let isPaused: Bool
    let mayApprove: Bool
    let form: FormToken
    let role: Role?

    private var ordered: [PlanRecord] { plans.inOrderOfInterest(\.state) }

    var html: HTML {
        guard !plans.isEmpty else {
            return incident.state.isActive && incident.state != .open
                ? #"<section class="panel" id="plans"><h2>Plan</h2><p class="soft">\#(incident.cause.isUndecided ? "No plan is made while the cause is undecided." : "No action of the catalogue fits this cause.") What to look at is under the reasoning above.</p></section>"#
                : .empty
        }
        return ordered.enumerated().html { index, plan in
            panel(plan, "Plan \(index + 1)\(plans.count > 1 ? " of \(plans.count)" : "")", isFolded: index > 0 && plan.state.isFinal)
        }
    }

    /// On a telephone the decision stays at the bottom edge.
    var bar: HTML {
        guard let plan = ordered.first(where: canBeApproved) else { return .empty }
        return #"<div class="bar"><button class="main" form="approve-\#(plan.plan.id)">Approve: \#(plan.plan.title)</button></div>"#
    }

    private func canBeApproved(_ plan: PlanRecord) -> Bool { mayApprove && !isPaused && plan.state == .awaiting && !plan.hasFailedGate }

    private func panel(_ record: PlanRecord, _ number: String, isFolded: Bool) -> HTML {
        let id = record.plan.id
        let heading: HTML = #"<h2 id="title-\#(id)">\#(number) · \#(record.plan.title)</h2>"#
        let body = content(record)
        if isFolded {
            return
                #"<section class="panel" id="plan-\#(id)" data-plan tabindex="-1" aria-labelledby="title-\#(id)">\#(heading)\#(outcome(record))<details id="fold-\#(id)"><summary>Show the plan</summary>\#(body)</details></section>"#
        }
        return
            #"<section class="panel" id="plan-\#(id)" data-plan tabindex="-1" aria-labelledby="title-\#(id)">\#(heading)\#(outcome(record))\#(body)</section>"#
    }

    private func content(_ record: PlanRecord) -> HTML {
        let targets = Words.list(record.targets.map(\.resource))
        let diff =
            record.plan.diff.isEmpty ? HTML.empty : FieldDiff(heading: "\(targets)  (server-side dry run)", fields: record.plan.diff).html
        let decide = decision(record)
        return #"\#(diff)\#(decide)\#(operation(record))"#
    }

    private func gates(_ record: PlanRecord, asks: Bool) -> HTML {
        let ordered = GateResult.Gate.allCases.compactMap { gate in record.gates.first { $0.gate == gate } }
        let rows = ordered.html { gate in
            let details = gate.details.isEmpty ? HTML.empty : "<ul>\(gate.details.prefix(6).html { "<li>\($0)</li>" })</ul>"
            var note = HTML.empty
            if gate.verdict == .inconclusive {
                if record.accepted.contains(gate.gate) {
                    note = #" <span class="soft">accepted</span>"#
                } else if policy.optionalGates.contains(gate.gate) {
                    note = #" <span class="soft">optional in \#(record.plan.environment)</span>"#
                } else if asks {
                    note =
                        #"<label><input type="checkbox" name="accept" value="\#(gate.gate.rawValue)" required> go ahead without an answer of this gate</label>"#
                }
            }
            return
                #"<tr><th scope="row">\#(Words.gate(gate.gate))</th><td class="verdict">\#(Badge.of(gate.verdict))</td><td>\#(gate.text)\#(note)\#(details)</td></tr>"#
        }
        return #"<table class="facts gates"><caption class="unseen">Gates</caption><tbody>\#(rows)</tbody></table>"#
    }

    private func meta(_ record: PlanRecord) -> HTML {
        let plan = record.plan
        let verification = plan.steps.first?.verification ?? [:]
        var signs: [String] = []
        if verification["ready"]?.bool != false { signs.append("readiness") }
        if verification["restarts"]?.bool != false { signs.append("restarts") }
        if verification["errorRate"]?.bool == true { signs.append("error rate") }
        let window = Duration.milliseconds(Int64((verification["window"]?.double ?? policy.verificationWindow.secondCount) * 1000))
        let undo = plan.undo.isEmpty ? "there is no undo" : "undo: \(plan.undo)"
        return
            #"<p class="meta">Risk <strong>\#(plan.risk.rawValue)</strong> · \#(undo) · \#(plan.blastRadius.isEmpty ? "" : "touches \(plan.blastRadius) · ")verified by \#(Words.list(signs)) over \#(Words.length(window))</p>"#
    }

    private func decision(_ record: PlanRecord) -> HTML {
        let asks = canBeApproved(record)
        let caveat = record.plan.caveat.map { text -> HTML in #"<div class="notice high">\#(text)</div>"# } ?? .empty
        let facts = caveat + gates(record, asks: asks) + meta(record)
        guard !record.state.isFinal, !record.state.isRunning else { return facts }
        let failed = record.gates.filter { $0.verdict == .fail }
        if !failed.isEmpty {
            let why = failed.html { gate in "<li>\(Words.gate(gate.gate)): \(gate.text)</li>" }
            return facts + #"<div class="notice high">This plan cannot be approved.<ul>\#(why)</ul></div>"# + reject(record)
        }
        if record.state == .proposed {
            let commands: HTML =
                record.plan.commands.isEmpty
                ? .empty : #"<pre class="run">\#(HTML(lines: record.plan.commands.joined(separator: "\n")))</pre>"#
            return facts + #"<p class="notice">Martlet does not act in \#(record.plan.environment). What you would run:</p>\#(commands)"#
        }
        if isPaused { return facts + #"<p class="notice high">Martlet is paused: nothing can be approved until somebody resumes it.</p>"# }
        if !mayApprove {
            return facts + #"<p class="notice">You are signed in as \#(role?.rawValue ?? "guest"); approving needs the role approver.</p>"#
        }
        let id = record.plan.id
        let given = record.approvals.isEmpty ? "" : ", by \(Words.list(record.approvals.map(\.actor)))"
        let missing: HTML =
            record.approvalsNeeded < 2
            ? .empty
            : #"<p class="meta">\#(record.approvals.count) of \#(record.approvalsNeeded) approvals\#(given). They must come from different people.</p>"#
        let approve = form.form("/plans/\(id)/approve", id: "approve-\(id)", attributes: " data-approve") {
            #"<input type="hidden" name="digest" value="\#(record.digest)">\#(facts)\#(missing)<div class="acts"><button class="main">Approve: \#(record.plan.title)</button><span class="hint"><kbd>a</kbd> approve <kbd>r</kbd> reject <kbd>n</kbd> next plan</span></div>"#
        }
        return approve + reject(record)
    }

    private func reject(_ record: PlanRecord) -> HTML {
        guard mayApprove else { return .empty }
        let id = record.plan.id
        return #"""
            <div class="acts"><details class="reject" id="reject-\#(id)"><summary>Reject…</summary>\#(form.form("/plans/\(id)/reject") {
                #"<input type="hidden" name="digest" value="\#(record.digest)"><div class="ask"><input type="text" name="reason" required maxlength="500" placeholder="Why" aria-label="Why it is rejected"><button>Reject plan</button></div>"#
            })</details></div>
            """#
    }

    /// One line on what became of it.
    private func outcome(_ record: PlanRecord) -> HTML {
        func line(_ kind: HTML, _ text: HTML) -> HTML { #"<p class="notice \#(kind)">\#(text)</p>"# }
        let why = record.closedReason.map { reason -> HTML in ": \(reason)" }
        switch record.state {
        case .proposed, .awaiting: return .empty
        case .approved:
            return line("accent", "<strong>Approved</strong> by \(record.approver ?? ""). Checking everything again before the first step.")
        case .acting: return line("accent", "<strong>Under way</strong>, approved by \(record.approver ?? "").")
        case .verifying:
            return line(
                "accent",
                "<strong>Done, being verified</strong> for \(Words.length(.milliseconds(Int64((record.verification?.window ?? 0) * 1000))))."
            )
        case .rollingBack: return line("high", "<strong>Being taken back</strong>: \(record.rollbackReason ?? "")")
        case .rejected: return line("", "<strong>Rejected</strong> by \(record.closedBy ?? "")\(why)")
        case .expired: return line("", "<strong>Expired</strong>\(why)")
        case .void: return line("", "<strong>Void</strong>\(why)")
        case .done:
            return record.outcome == "inconclusive"
                ? line("unknown", "<strong>Could not be judged</strong>: \(record.verificationText ?? "")")
                : line(
                    "ok",
                    "<strong>\(record.outcome == "undone" ? "Taken back" : "Repaired")</strong>: \(record.verificationText ?? "verified")")
        case .failed:
            return line(
                "high",
                "<strong>\(record.outcome == "rolled-back" ? "Taken back" : "Not done")</strong>\(why): \(record.rollbackReason ?? record.verificationText ?? "")"
            )
        }
    }

    /// What ran, and the record of it.
    private func operation(_ record: PlanRecord) -> HTML {
        var out = HTML.empty
        if !record.steps.isEmpty {
            let rows = record.steps.html { step(of: record, $0) }
            out += #"<table class="facts"><caption class="unseen">Steps</caption><tbody>\#(rows)</tbody></table>"#
        }
        if let text = record.record {
            out +=
                #"<details class="why" id="record-\#(record.plan.id)" open><summary>Operation record</summary><pre class="record">\#(HTML(lines: text))</pre></details>"#
        }
        let canUndo = record.state == .done && record.outcome != "undone" && record.undoes == nil && !record.plan.undo.isEmpty
        if canUndo, mayApprove, !isPaused {
            out +=
                #"<div class="acts">\#(form.form("/plans/\(record.plan.id)/undo") { #"<button class="danger">Undo: \#(record.plan.undo)</button>"# })</div>"#
        }
        out += #"<p class="digest" title="What an approval binds to">sha256 \#(record.digest)</p>"#
        return out
    }

    private func step(of record: PlanRecord, _ step: StepRecord) -> HTML {
        let what = record.plan.steps.indices.contains(step.index) ? record.plan.steps[step.index] : nil
        let badge: HTML = step.state == .done ? "pass" : step.state == .failed ? "fail" : "accent"
        let note = step.error ?? (step.found ? "found done after a restart" : "")
        return #"""
            <tr><th scope="row">\#(step.isInverse ? "undo" : "step") \#(step.index + 1)</th><td>\#(what?.type ?? "") <code>\#(what?.target.shortDescription ?? "")</code> <span class="badge \#(badge)">\#(step.state.rawValue)</span> <span class="soft">\#(note)</span></td><td class="when">\#(Times.clock(step.endedAt ?? step.intendedAt))</td></tr>
            """#
    }
}
