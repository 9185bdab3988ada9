import Core
import Foundation
import Incidents
import Journal
import Kubernetes
import Remediation
import Server

/// Tells the story on the terminal: brings the application up, makes the bad release, and prints what Martlet makes of it.
struct DemoTeller: Sendable {
    let scenario: DemoScenario
    let composition: Composition
    let client: KubernetesClient
    let isAutomatic: Bool

    func introduce(dashboard: String, kubeconfig: String, server: String, home: String) {
        Terminal.printLines([
            "dashboard   \(dashboard)", "kubectl     export KUBECONFIG=\(kubeconfig)",
            "journal     martlet journal verify --home \(home)", "",
        ])
    }

    /// True when the incident was repaired, verified and closed.
    func tell() async throws -> Bool {
        let entries = await composition.ledger.follow()
        say("\(scenario.components.count) services of \(scenario.namespace) are started on a simulated cluster")
        for object in scenario.manifests { try await create(object) }
        try await waitUntilReady()
        say("all are ready; nothing is wrong")
        try await client.clusterClock.sleep(for: .seconds(20))
        say("a release of \(scenario.target.name) \(scenario.fault.summary(scenario.target))")
        try await release()
        return try await follow(entries)
    }

    private func create(_ object: JSON) async throws {
        guard let kind = object["kind"]?.string,
            let type = ResourceType.of(apiVersion: object["apiVersion"]?.string ?? "v1", kind: kind)
        else { return }
        let key = ObjectKey(
            type: type, namespace: object[at: "metadata", "namespace"]?.string ?? "", name: object[at: "metadata", "name"]?.string ?? "")
        _ = try await client.apply(object, at: key, manager: "demo")
    }

    private func release() async throws { try await create(scenario.release) }

    private func waitUntilReady() async throws {
        for _ in 0..<300 {
            let deployments = try await client.list(Deployment.self, in: ListScope(namespace: scenario.namespace)).items
            let isReady = deployments.allSatisfy { $0.status.readyReplicas == $0.spec.replicas && $0.spec.replicas > 0 }
            if isReady, deployments.count == scenario.components.count { return }
            try await client.clusterClock.sleep(for: .seconds(1))
        }
        throw MartletError(.timeout, "the services of \(scenario.namespace) did not become ready within five minutes of the cluster's time")
    }

    // MARK: What Martlet does

    private func follow(_ entries: AsyncStream<RecordedEntry>) async throws -> Bool {
        var shown = 0
        for await entry in entries {
            guard let incident = await composition.ledger.incidents.incidents.first else { continue }
            if entry.type == .incidentOpened || entry.type == .incidentDiagnosed { describe(incident, entry) }
            if entry.type == .planProposed, let plan = await composition.ledger.plans[entry.entry.subject] { describe(plan) }
            for passage in incident.states.dropFirst(shown) {
                say(passage.state.rawValue)
                shown += 1
            }
            if entry.type == .planProposed, !isAutomatic, let plan = await composition.ledger.plans[entry.entry.subject],
                plan.state == .awaiting
            {
                ask(plan)
            }
            if entry.type == .operationEnded, let plan = await composition.ledger.plans[entry.entry.subject], let record = plan.record {
                Terminal.printLine("\n" + record + "\n")
            }
            if incident.state == .resolved { return incident.outcome == "repaired" }
            if incident.state == .escalated {
                say("a person is needed: \(incident.escalationReason ?? "")"); if isAutomatic { return false }
            }
        }
        return false
    }

    private func describe(_ incident: Incident, _ entry: RecordedEntry) {
        let cause = incident.cause
        Terminal.printLines(
            [
                "", "\(cause.severity.rawValue)  \(cause.title)".terminalSafe, "          cause     \(cause.text)".terminalSafe,
                "          sure      \(Int((cause.confidence * 100).rounded())) %",
            ]
                + (cause.change?.fields ?? []).map {
                    "          changed   \($0.path): \($0.from?.text() ?? "nothing") → \($0.to?.text() ?? "nothing")".terminalSafe
                }
                + cause.evidence.prefix(4).map {
                    "          \($0.kind.rawValue.padding(toLength: 9, withPad: " ", startingAt: 0)) \($0.text)".terminalSafe
                } + [""])
    }

    private func describe(_ record: PlanRecord) {
        Terminal.printLines(
            ["", "plan      \(record.plan.title), risk \(record.plan.risk.rawValue)".terminalSafe]
                + record.gates.map {
                    "          \($0.gate.rawValue.padding(toLength: 13, withPad: " ", startingAt: 0)) \($0.verdict.rawValue.padding(toLength: 13, withPad: " ", startingAt: 0)) \($0.text)"
                        .terminalSafe
                } + [""])
    }

    /// Asks on the terminal, while the page asks too: whoever answers first decides.
    private func ask(_ record: PlanRecord) {
        guard Terminal.inputIsTerminal else { say("approve it on the dashboard"); return }
        Terminal.ask("Approve \(record.plan.title.terminalSafe)? [y/N] ")
        let engine = composition.engine
        Thread.detachNewThread {
            let answer = readLine() ?? ""
            Task {
                do {
                    if answer.lowercased().hasPrefix("y") {
                        try await engine.approve(record.plan.id, digest: record.digest, actor: "demo", reason: "approved on the terminal")
                    } else {
                        try await engine.reject(record.plan.id, actor: "demo", reason: "turned down on the terminal")
                    }
                } catch let error as MartletError { Terminal.printError(error) } catch {}
            }
        }
    }

    private func say(_ text: String) {
        Terminal.printLine("\(clock(client.clusterClock.now()))  \(text.terminalSafe)")
    }

    /// Hours, minutes and seconds of the cluster's time.
    private func clock(_ time: Timestamp) -> String { String(time.rfc3339().dropFirst(11).prefix(8)) }
}
