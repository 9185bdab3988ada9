import Core
import Diagnosis
import Kubernetes

/// The program ends because a service that it needs refuses or does not answer. What is behind that service may explain it.
struct DependencyRule: Rule {
    let name = "dependency"
    let categories = ["dependency-unreachable"]

    var documentation: RuleDocumentation {
        RuleDocumentation(
            concludes:
                "A service that the program needs refuses or does not answer; what is behind that service is blamed where it is at fault.",
            sees: ["pods", "logs", "services", "endpointslices"],
            evidence: ["host and port in the log; a Service without ready endpoints"],
            contradictedBy: ["ready endpoints, other clients that reach it"],
            next: ["look at what is behind the Service"],
            references: ["https://kubernetes.io/docs/tasks/debug/debug-application/debug-service/"])
    }

    func examine(_ examination: Examination, _ draft: inout Draft) {
        let scene = examination.scene
        let failing = Set(examination.troubles.filter(Self.failsByItself).map(\.workload.path))
        for trouble in examination.troubles {
            for container in trouble.containers where container.form == .ending || container.form == .notReady {
                let namespace = trouble.workload.namespace
                // Who has just been started tries until the other answers.
                if container.form == .notReady, scene.now - container.since < Self.start { continue }
                guard
                    let clue = container.clue(.connectionRefused, .connectionTimedOut)
                        ?? Self.emptyName(container, in: namespace, scene)
                else { continue }
                // What listens on the pod's own addresses is not another service.
                let peers = clue.peers.filter { !$0.isOwn }
                let services =
                    clue.peers.isEmpty
                    ? Self.likely(clue, container.spec, in: namespace, scene)
                    : scene.services(meantBy: peers, container.spec, in: namespace)
                let verb =
                    switch clue.kind {
                    case .connectionRefused: "refuses connections"
                    case .nameNotFound: "has no address"
                    default: "does not answer"
                    }
                var hypothesis: Hypothesis?
                let status = scene.statusEvidence(container, .supporting)
                if let service = services.first {
                    let path = scene.path("Service", service.metadata.namespace, service.metadata.name)
                    draft.graph.add(trouble.workload.path, .calls, path)
                    let backing = scene.workloads(behind: service)
                    for w in backing { draft.graph.add(path, .selects, scene.workloads[w].path) }
                    let ready = ServiceIndex.readyEndpoints(of: service, scene)
                    let blamed = ready == 0 ? backing.first.map { scene.workloads[$0].path } ?? path : trouble.workload.path
                    var support = [Support(.strong, container.log(clue)), status]
                    var against: [Support] = []
                    if ready == 0 {
                        support.append(
                            Support(
                                .strong,
                                Evidence(.status, source: path.resource, text: "Service \(service.metadata.name) has no ready endpoints")))
                    }
                    if let ready, ready > 0 {
                        against.append(
                            Support(
                                .strong,
                                Evidence(
                                    .status, source: path.resource, text: "Service \(service.metadata.name) has \(ready) ready endpoints")))
                    }
                    hypothesis = Hypothesis(
                        rule: name, category: "dependency-unreachable", resource: blamed, key: service.metadata.name, depth: .general,
                        severity: trouble.severity,
                        complaint: blamed == trouble.workload.path ? "cannot reach \(service.metadata.name)" : "cannot be reached",
                        fact: "it \(verb)", text: "\(service.metadata.name) \(verb), which \(trouble.workload.name) needs",
                        since: container.since, support: support,
                        against: against, explains: [trouble.workload.path], facts: ["container": .string(container.name)])
                    // The surface of it: this waits for whatever is wrong with the service.
                    draft.hypotheses.append(
                        Hypothesis(
                            rule: "waiting-for-dependency", category: "dependency-unreachable", resource: trouble.workload.path,
                            key: container.name, depth: .surface,
                            severity: trouble.severity, complaint: "cannot reach \(service.metadata.name)", fact: "it \(verb)",
                            text: "\(trouble.workload.name) exits because \(service.metadata.name) \(verb)", since: container.since,
                            support: [Support(.supporting, container.log(clue)), Support(.weak, status.evidence)],
                            dependsOn: [path] + backing.map { scene.workloads[$0].path },
                            facts: ["container": .string(container.name)]))
                    // Its own failure, which is seen, is deeper than that nobody reaches it.
                    if blamed == trouble.workload.path || failing.contains(blamed) { hypothesis = nil }
                } else if let peer = peers.first {
                    // Where Services were not read, it is not known who is behind an address or a name of the cluster.
                    let isUnread =
                        !scene.snapshot.knows("services") && (peer.isAddress || ServiceName(peer.host, namespace: namespace) != nil)
                    hypothesis = blame(
                        trouble, container, "dependency-unreachable", .general, complaint: "cannot reach \(peer.host)", fact: "it \(verb)",
                        text: "container \(container.name) ends because \(peer.host)\(peer.port.map { ":\($0)" } ?? "") \(verb)",
                        support: [
                            Support(isUnread ? .supporting : .strong, container.log(clue)),
                            isUnread ? Support(.weak, status.evidence) : status,
                        ], missing: ["what is behind \(peer.host)" + (isUnread ? ": services were not read" : "")])
                }
                if let hypothesis { draft.hypotheses.append(hypothesis) }
            }
        }
    }

    /// So long a program may take to reach whom it needs.
    private static let start: Duration = .seconds(60)

    /// A name that cannot be looked up since nothing behind its headless Service is ready: such a Service has no address of its own.
    private static func emptyName(_ container: ContainerTrouble, in namespace: String, _ scene: Scene) -> LogClue? {
        guard let clue = container.clue(.nameNotFound), let host = clue.subject else { return nil }
        let peer = Peer(host: host.lowercased(), port: nil)
        guard let service = ServiceIndex.services([peer], namespace: namespace, scene).first, service.spec.clusterIP == "None",
            ServiceIndex.readyEndpoints(of: service, scene) == 0
        else { return nil }
        return LogClue(kind: clue.kind, text: clue.text, subject: host, peers: [peer], time: clue.time)
    }

    /// Whether a program ends and says why, and it is not that it in turn cannot reach somebody.
    private static func failsByItself(_ trouble: Trouble) -> Bool {
        trouble.containers.contains { container in
            container.form == .ending && container.clue(.connectionRefused, .connectionTimedOut) == nil && !container.clues.isEmpty
        }
    }

    /// Whom a log means that names nobody: of the Services that the container is told to call those of which the line speaks, by its words, and of
    /// those the ones without ready endpoints, or the only one.
    private static func likely(_ clue: LogClue, _ container: Container, in namespace: String, _ scene: Scene) -> [Service] {
        let all = scene.calledPeers(of: container, in: namespace)
        let meant = all.meant(by: clue)
        let called = ServiceIndex.services((meant.isEmpty ? all : meant).map(\.peer), namespace: namespace, scene)
        let down = called.filter { ServiceIndex.readyEndpoints(of: $0, scene) == 0 }
        return down.isEmpty && called.count == 1 ? called : down
    }
}

/// Services by what people and programs call them.
enum ServiceIndex {
    static func services(_ peers: [Peer], namespace: String, _ scene: Scene) -> [Service] {
        var found: [Service] = []
        for peer in peers {
            let service: Service?
            if peer.isAddress {
                service = scene.snapshot.services.first { $0.spec.clusterIP == peer.host } ?? scene.service(ofPodAddress: peer.host)
            } else {
                service = ServiceName(peer.host, namespace: namespace).flatMap { scene.service($0.namespace, $0.name) }
            }
            if let service,
                !found.contains(where: { $0.metadata.name == service.metadata.name && $0.metadata.namespace == service.metadata.namespace })
            {
                found.append(service)
            }
        }
        return found
    }

    /// Endpoints that are ready, by the EndpointSlices where they were read, else by the pods; nil where neither is known.
    static func readyEndpoints(of service: Service, _ scene: Scene) -> Int? {
        if let ready = scene.readyEndpoints["\(service.metadata.namespace)/\(service.metadata.name)"] { return ready }
        // A Service with a selector has a slice, if an empty one: where there is none, those of its namespace were not read.
        guard scene.snapshot.knows("pods") else { return scene.snapshot.knows("endpointslices") ? 0 : nil }
        return scene.workloads(behind: service).reduce(0) { sum, w in
            sum + scene.workloads[w].pods.count { scene.health[$0].isReady }
        }
    }
}
