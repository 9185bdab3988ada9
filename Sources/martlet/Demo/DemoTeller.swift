import Core
import Incidents
import Journal
import Kubernetes
import Remediation
import Server
import Twin

/// Tells the story on the terminal: has it begin, and prints what Martlet makes of it.
struct DemoTeller: Sendable {
    let scene: DemoScene
    let isAutomatic: Bool
    let output: OutputOptions
    private let question: DemoQuestion

    init(scene: DemoScene, isAutomatic: Bool, output: OutputOptions) {
        self.scene = scene
        self.isAutomatic = isAutomatic
        self.output = output
        question = DemoQuestion(engine: scene.composition.engine, environment: DemoStage.environment)
    }

    /// True when the story ended well: every incident was repaired and verified, or over when its cause was, and closed.
    func tell() async throws -> Bool {
        introduce()
        let (happenings, happening) = AsyncStream.makeStream(of: Happening.self)
        let entries = await scene.composition.ledger.follow()
        let watch = Task { for await entry in entries { happening.yield(.entry(entry)) } }
        defer { watch.cancel() }
        let teller = self
        try await scene.story.begin(on: scene) { teller.say($0) }
        let end = Task {
            try await scene.waitForTheEnd()
            happening.yield(.end)
        }
        defer { end.cancel() }
        let endsWell = await follow(happenings)
        await question.close()
        return endsWell
    }

    private func introduce() {
        let login = scene.composition.http.loginLink(for: Principal(name: "demo", role: .administrator))
        output.printElement([
            "dashboard": .string(login), "kubeconfig": .string(scene.kubeconfig), "server": .string(scene.url), "home": .string(scene.home),
        ]) { _ in
            [
                "dashboard   \(login)", "kubectl     export KUBECONFIG=\(scene.kubeconfig)",
                "martlet     export MARTLET_SERVER=\(scene.url) MARTLET_HOME=\(scene.home)", "",
            ]
        }
    }

    // MARK: What Martlet does

    private enum Happening: Sendable {
        case entry(RecordedEntry)
        /// Nothing more happens by itself.
        case end
    }

    /// What has been printed of an incident.
    private struct Shown {
        var states = 0
        var cause = ""
        /// A plan waits that policy does not approve.
        var needsPerson = false
    }

    private func follow(_ happenings: AsyncStream<Happening>) async -> Bool {
        let ledger = scene.composition.ledger
        var shown: [String: Shown] = [:], hasEnded = false
        for await happening in happenings {
            switch happening {
            case .entry(let entry):
                await tell(entry, &shown)
                if !isAutomatic {
                    await question.consider(await ledger.plans.plans.filter { $0.state == .awaiting }, repeats: entry.type == .planProposed)
                }
            case .end: hasEnded = true
            }
            let incidents = await ledger.incidents.incidents
            let plans = await ledger.plans.plans
            let isRunning = plans.contains(where: \.state.isRunning)
            await scene.wait(for: !isAutomatic && plans.contains { $0.state == .awaiting } && !isRunning)
            let open = incidents.filter { $0.state != .resolved }
            if open.isEmpty, !isRunning, hasEnded || !incidents.isEmpty, await scene.cluster.isPlayOver {
                return conclude(incidents, plans)
            }
            // By itself nothing changes any more, and nobody is asked.
            let isStuck = open.allSatisfy { incident in
                incident.state == .escalated || incident.state == .awaitingApproval && shown[incident.id]?.needsPerson == true
            }
            if hasEnded, isAutomatic, !isRunning, !open.isEmpty, isStuck { return false }
        }
        return false
    }

    /// Prints what an entry of the journal tells.
    private func tell(_ entry: RecordedEntry, _ shown: inout [String: Shown]) async {
        let ledger = scene.composition.ledger
        let plan = await ledger.plans[entry.entry.subject]
        let incidents = await ledger.incidents.incidents
        guard let incident = incidents.first(where: { $0.id == plan?.plan.incident ?? entry.entry.subject }) else { return }
        let number = incidents.count > 1 ? "#\(incident.number)  " : ""
        var told = shown[incident.id] ?? Shown()
        switch entry.type {
        case .incidentDiagnosed where incident.cause.text != told.cause:
            output.printElement(["incident": JSON(incident.number), "cause": incident.cause.json]) { _ in DemoSheets.cause(incident.cause) }
            told.cause = incident.cause.text
        case .planProposed:
            guard let plan else { break }
            output.printElement([
                "incident": JSON(incident.number), "plan": plan.plan.json, "state": .string(plan.state.rawValue),
                "gates": .array(plan.gates.map(\.json)),
            ]) { _ in DemoSheets.plan(plan) }
            if isAutomatic, plan.state == .awaiting, let caveat = plan.plan.caveat {
                told.needsPerson = true
                say("\(number)policy does not approve, since \(caveat): a person would")
            }
            let doubts = plan.gates.needingAcceptance(optional: await scene.composition.engine.policy(DemoStage.environment).optionalGates)
            if isAutomatic, plan.state == .awaiting, !doubts.isEmpty {
                told.needsPerson = true
                say(
                    "\(number)policy does not approve without an answer of \(doubts.map(\.rawValue).joined(separator: " and ")): a person would"
                )
            }
        case .planApproved: say("\(number)approved by \(entry.entry.actor)")
        case .planClosed: if let plan { say("\(number)\(plan.plan.title): \(plan.state.rawValue) by \(entry.entry.actor)") }
        default: break
        }
        for passage in incident.states.dropFirst(told.states) {
            say(number + passage.state.rawValue)
            guard passage.state == .escalated, incident.state == .escalated else { continue }
            say("\(number)a person is needed: \(incident.escalationReason ?? "")")
            if await !scene.cluster.isPlayOver {
                say("\(number)nobody does anything here: the scenario itself puts it right after a while")
            }
        }
        told.states = incident.states.count
        shown[incident.id] = told
    }

    /// The records of all operations, and how it ended.
    private func conclude(_ incidents: [Incident], _ plans: [PlanRecord]) -> Bool {
        for record in plans.compactMap(\.record) {
            output.printElement(["record": .string(record)]) { _ in
                [""] + record.split(separator: "\n", omittingEmptySubsequences: false).map { String($0).terminalSafe }
            }
        }
        if incidents.isEmpty {
            say(scene.story.silence ?? "no incident was opened, and one should have been")
            return scene.story.silence != nil
        }
        for incident in incidents where incident.outcome == "self" {
            say("#\(incident.number) is over without Martlet: \(incident.cause.title)")
        }
        return incidents.allSatisfy { scene.story.goodOutcomes.contains($0.outcome ?? "") }
    }

    private func say(_ text: String) {
        let note = ScenarioNote(time: scene.cluster.clock.now(), text: text)
        output.printElement(note.json) { _ in [note.line] }
    }
}
