import Core
import Incidents
import Journal
import Kubernetes
import Remediation
import Server
import Twin

/// Tells the story on the terminal: brings the application up, makes the bad release, and prints what Martlet makes of it.
struct DemoTeller: Sendable {
    let scene: DemoScene
    let isAutomatic: Bool
    private let question: DemoQuestion

    init(scene: DemoScene, isAutomatic: Bool) {
        self.scene = scene
        self.isAutomatic = isAutomatic
        question = DemoQuestion(engine: scene.composition.engine, environment: DemoStage.environment)
    }

    /// True when the incident was repaired, verified and closed.
    func tell() async throws -> Bool {
        let scenario = scene.scenario
        introduce()
        let entries = await scene.composition.ledger.follow()
        say("\(scenario.components.count) services of \(scenario.namespace) are started on a simulated cluster")
        try await scene.bringUp()
        say("all are ready; nothing is wrong")
        try await scene.client.clusterClock.sleep(for: .seconds(20))
        say("a release of \(scenario.target.name) \(scenario.fault.summary(scenario.target))")
        try await scene.release()
        let isRepaired = await follow(entries)
        await question.close()
        return isRepaired
    }

    private func introduce() {
        let login = scene.composition.http.loginLink(for: Principal(name: "demo", role: .administrator))
        Terminal.printLines([
            "dashboard   \(login)", "kubectl     export KUBECONFIG=\(scene.kubeconfig)",
            "martlet     export MARTLET_SERVER=\(scene.url) MARTLET_HOME=\(scene.home)", "",
        ])
    }

    // MARK: What Martlet does

    private func follow(_ entries: AsyncStream<RecordedEntry>) async -> Bool {
        let ledger = scene.composition.ledger
        var shown = 0
        for await entry in entries {
            guard let incident = await ledger.incidents.incidents.first else { continue }
            let plan = await ledger.plans[entry.entry.subject]
            // Whatever comes of a plan, an open question about it is answered.
            if let plan, plan.state != .awaiting, plan.state != .proposed { await question.withdraw(plan.plan.id) }
            switch entry.type {
            case .incidentDiagnosed: Terminal.printLines(DemoSheets.cause(incident.cause))
            case .planProposed: if let plan { Terminal.printLines(DemoSheets.plan(plan)) }
            case .planApproved: say("approved by \(entry.entry.actor)")
            case .planClosed: if let plan { say("\(plan.plan.title): \(plan.state.rawValue) by \(entry.entry.actor)") }
            default: break
            }
            for passage in incident.states.dropFirst(shown) {
                say(passage.state.rawValue)
                shown += 1
            }
            if entry.type == .planProposed, !isAutomatic, let plan, plan.state == .awaiting { await question.ask(plan) }
            let plans = await ledger.plans.plans(of: incident.id)
            await scene.wait(for: !isAutomatic && plans.contains { $0.state == .awaiting } && !plans.contains(where: \.state.isRunning))
            if incident.state == .resolved, !plans.contains(where: \.state.isRunning) {
                for record in plans.compactMap(\.record) {
                    Terminal.printLines(
                        [""] + record.split(separator: "\n", omittingEmptySubsequences: false).map { String($0).terminalSafe })
                }
                return incident.outcome == "repaired"
            }
            if incident.state == .escalated {
                say("a person is needed: \(incident.escalationReason ?? "")")
                if isAutomatic { return false }
            }
        }
        return false
    }

    private func say(_ text: String) {
        // Hours, minutes and seconds of the cluster's time.
        let time = scene.cluster.clock.now().rfc3339().dropFirst(11).prefix(8)
        Terminal.printLine("\(time)  \(text.terminalSafe)".cut(to: Terminal.width ?? .max))
    }
}
