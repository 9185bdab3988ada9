import Core
import Diagnosis
import Kubernetes

/// A Service some of whose addresses are not ready, or about which somebody warns.
struct ServiceHygiene: HygieneRule {
    let name = "service-hygiene"

    var documentation: RuleDocumentation {
        RuleDocumentation(
            concludes: "Addresses of a Service are not ready, or somebody warns about it.",
            sees: ["services", "endpointslices or endpoints", "events"],
            evidence: ["addresses that are not ready; the last warning"],
            contradictedBy: ["an incident about it or its pods"],
            next: ["see why the pods are not ready"],
            references: ["https://kubernetes.io/docs/tasks/debug/debug-application/debug-service/"])
    }

    func findings(_ examination: Examination, _ said: Said) -> [Finding] {
        let scene = examination.scene
        var unready: [String: Int] = [:]
        for slice in scene.snapshot.endpointSlices {
            guard let service = slice.metadata.labels["kubernetes.io/service-name"] else { continue }
            let count = slice.endpoints.count { $0.conditions.ready == false && $0.conditions.terminating != true }
            if count > 0 { unready["\(slice.metadata.namespace)/\(service)", default: 0] += count }
        }
        if scene.snapshot.endpointSlices.isEmpty {
            for endpoints in scene.snapshot.endpoints {
                let count = endpoints.subsets.reduce(0) { $0 + $1.notReadyAddresses.count }
                if count > 0 { unready["\(endpoints.metadata.namespace)/\(endpoints.metadata.name)"] = count }
            }
        }
        return scene.snapshot.services.compactMap { service in
            let path = scene.path("Service", service.metadata.namespace, service.metadata.name)
            // What is said of its pods, or of it, says more.
            if said.mentions(path) { return nil }
            if let count = unready["\(path.namespace)/\(path.name)"], !service.spec.publishNotReadyAddresses,
                !scene.index.selected(by: service.spec.selector, in: path.namespace).contains(where: {
                    said.speaks(of: scene.workloads[$0].path)
                })
            {
                return finding(path, "\(count) addresses of Service \(path.name) are not ready", now: scene.now)
            }
            guard let event = scene.events(about: service.metadata, kind: "Service").last(where: { $0.severity == "Warning" }) else {
                return nil
            }
            return finding(
                path, "Service \(path.name): \(event.reason): \(event.message.prefix(200))", since: event.firstSeen, now: scene.now,
                evidence: [scene.evidence(event)])
        }
    }
}
