import Core
import Diagnosis
import Kubernetes

/// A Service forwards to a port on which its ready pods do not listen, by a sign of where they do.
struct TargetPortRule: Rule {
    let name = "service-target-port"
    let categories = ["service-wrong-target-port"]

    var documentation: RuleDocumentation {
        RuleDocumentation(
            concludes: "A Service forwards to a port on which its ready pods do not listen.",
            sees: ["services", "pods", "logs"],
            evidence: ["declared ports, the log, or refused connections tell where they listen"],
            contradictedBy: ["a container that declares no port proves nothing"],
            next: ["correct targetPort"],
            references: ["https://kubernetes.io/docs/concepts/services-networking/service/"])
    }

    func examine(_ examination: Examination, _ draft: inout Draft) {
        let scene = examination.scene
        var refusals: [(clue: LogClue, source: String, workload: EntityPath)]?
        for service in scene.snapshot.services where !service.spec.selector.isEmpty && service.spec.type != "ExternalName" {
            guard
                let w = scene.workloads(behind: service).first(where: { i in
                    scene.workloads[i].pods.contains { scene.health[$0].isReady }
                }),
                let p = scene.workloads[w].pods.first(where: { scene.health[$0].isReady })
            else { continue }
            let pod = scene.snapshot.pods[p]
            // The ports of nearly every Service are declared: no set is made of them to see that.
            func isDeclared(_ port: ServicePort) -> Bool {
                pod.spec.containers.contains { container in
                    container.ports.contains { declared in
                        switch port.targetPort ?? .int(port.port) {
                        case .int(let number): declared.containerPort == number
                        case .string(let name): declared.name == name
                        }
                    }
                }
            }
            if service.spec.ports.allSatisfy(isDeclared) { continue }
            let declared = Set(pod.spec.containers.flatMap { $0.ports.map(\.containerPort) })
            for port in service.spec.ports where (port.protocol ?? "TCP") == "TCP" {
                let target = port.targetPort ?? .int(port.port)
                let number: Int?
                switch target {
                case .int(let n): number = n
                case .string(let name):
                    number = pod.spec.containers.lazy.compactMap { $0.ports.first { $0.name == name }?.containerPort }.first
                }
                if let number, declared.contains(number) { continue }
                let path = scene.path("Service", service.metadata.namespace, service.metadata.name)
                var support: [Support] = []
                if number == nil {
                    support.append(
                        Support(
                            .decisive,
                            Evidence(
                                .spec, source: path.resource, text: "targetPort \(target) is no port of \(scene.workloads[w].path.resource)"
                            )))
                } else if declared.isEmpty {
                    // Declaring ports is not needed: its absence proves nothing.
                } else {
                    support.append(
                        Support(
                            .strong,
                            Evidence(
                                .spec, source: path.resource,
                                text: "targetPort \(target); the pods declare \(declared.sorted().map(String.init).joined(separator: ", "))"
                            )))
                }
                let listening = pod.spec.containers.reduce(into: Set<Int>()) { $0.formUnion(ListeningPorts.of($1.name, pod: pod, scene)) }
                if let number, listening.contains(number) { continue }
                if !listening.isEmpty {
                    support.append(
                        Support(
                            .strong,
                            Evidence(
                                .log, source: "logs/\(pod.metadata.name)",
                                text: "it listens on \(listening.sorted().map(String.init).joined(separator: ", "))")))
                }
                // Each of its programs says where it listens, in all one port; the Service has no other to lead to.
                if listening.count == 1, service.spec.ports.count == 1, number != nil, declared.isEmpty,
                    pod.spec.containers.allSatisfy({ !ListeningPorts.of($0.name, pod: pod, scene).isEmpty })
                {
                    support.append(
                        Support(
                            .strong,
                            Evidence(.spec, source: path.resource, text: "its only port leads to \(target); no container declares it")))
                }
                if refusals == nil { refusals = Self.refusals(scene) }
                let hurt = (refusals ?? []).filter { r in
                    ServiceIndex.services(r.clue.peers, namespace: r.workload.namespace, scene).contains {
                        $0.metadata.name == service.metadata.name && $0.metadata.namespace == service.metadata.namespace
                    }
                }
                if let first = hurt.first {
                    support.append(Support(.strong, Evidence(.status, source: first.source, text: String(first.clue.text.prefix(300)))))
                }
                guard Confidence.of(support) > 0.75 else { continue }
                draft.graph.add(path, .selects, scene.workloads[w].path)
                let callers = Set(hurt.map(\.workload)).sorted()
                for caller in callers {
                    draft.graph.add(caller, .calls, path)
                    draft.symptoms.append(
                        Symptom(
                            "calls-refused", caller, effect: "its calls to \(service.metadata.name) are refused", severity: .high,
                            since: service.metadata.lastWrite ?? scene.now, isReportable: false))
                }
                let actual = (listening.isEmpty ? declared : listening).sorted().map(String.init).joined(separator: ", ")
                draft.hypotheses.append(
                    Hypothesis(
                        rule: name, category: "service-wrong-target-port", resource: path, key: "\(port.port)", depth: .external,
                        severity: .high, complaint: "leads to a dead port",
                        fact: "it sends to \(target), the pods listen on \(actual)",
                        text:
                            "Service \(service.metadata.name) sends to port \(target) and the pods of \(scene.workloads[w].name) listen on \(actual)",
                        since: service.metadata.lastWrite, support: support, explains: callers))
            }
        }
    }

    /// Refused connections that running programs report, too: callers need not crash.
    private static func refusals(_ scene: Scene) -> [(clue: LogClue, source: String, workload: EntityPath)] {
        var found: [(clue: LogClue, source: String, workload: EntityPath)] = []
        let logs = scene.snapshot.logs
        for key in logs.keys.sorted() {
            // Whoever crashes for it said so before it ended.
            let present = KubernetesSnapshot.LogKey(namespace: key.namespace, pod: key.pod, container: key.container, previous: false)
            if key.previous, case .text(let bytes)? = logs[present], !bytes.isEmpty { continue }
            guard case .text(let bytes) = scene.snapshot.logs[key], let p = scene.podIndex(namespace: key.namespace, name: key.pod) else {
                continue
            }
            let clues = LogReading.clues(in: bytes).filter { $0.kind == .connectionRefused }
            if let last = clues.last { found.append((last, "logs/\(key.pod).\(key.container)", scene.workload(ofPod: p).path)) }
        }
        return found
    }
}
