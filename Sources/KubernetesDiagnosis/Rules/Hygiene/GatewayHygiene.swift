import Core
import Diagnosis
import Kubernetes

/// Gateways that are not accepted or programmed, and routes that lead nowhere or may not join their gateway (gateway.networking.k8s.io).
struct GatewayHygiene: HygieneRule {
    let name = "gateway-hygiene"
    static let group = "gateway.networking.k8s.io"

    var documentation: RuleDocumentation {
        RuleDocumentation(
            concludes: "A gateway is not accepted or programmed, or a route leads nowhere or may not join its gateway.",
            sees: ["gateways, gateway classes and routes", "services"],
            evidence: ["their conditions; what a route names, against what there is"],
            contradictedBy: ["conditions that are true"],
            next: ["correct the name, or let the namespace in"],
            references: ["https://gateway-api.sigs.k8s.io/api-types/httproute/"])
    }

    func findings(_ examination: Examination, _ said: Said) -> [Finding] {
        let (scene, snapshot) = (examination.scene, examination.snapshot)
        let own = snapshot.untyped.filter { $0.group == GatewayHygiene.group }
        let gateways = own.filter { $0.kind == "Gateway" }
        return own.flatMap { object -> [Finding] in
            func said(_ key: String, _ text: String, since: Timestamp? = nil) -> Finding {
                finding(
                    object.path(in: snapshot.cluster), key: key, "\(object.kind) \(object.metadata.name) \(text)", since: since,
                    now: scene.now)
            }
            switch object.kind {
            case "Gateway", "GatewayClass":
                return object.conditions.filter { ["Accepted", "Programmed"].contains($0.type) && $0.status != "True" }.prefix(1).map {
                    said(
                        $0.type, "is not \($0.type.lowercased())\(($0.message ?? $0.reason).map { ": \($0)" } ?? "")",
                        since: $0.lastTransitionTime)
                }
            case "HTTPRoute", "GRPCRoute", "TCPRoute", "TLSRoute", "UDPRoute":
                let spec = object.json()["spec"] ?? [:]
                return GatewayHygiene.refusals(of: object, spec, gateways).map { said("gateway", $0) }
                    + GatewayHygiene.dead(spec, object.metadata.namespace, scene).map { said($0.key, $0.text) }
            default: return []
            }
        }
    }

    /// Gateways of other namespaces that take routes of their own only.
    private static func refusals(of route: UntypedObject, _ spec: JSON, _ gateways: [UntypedObject]) -> [String] {
        (spec["parentRefs"]?.array ?? []).compactMap { parent in
            let namespace = parent["namespace"]?.string ?? route.metadata.namespace
            guard let name = parent["name"]?.string, namespace != route.metadata.namespace,
                let gateway = gateways.first(where: { $0.metadata.name == name && $0.metadata.namespace == namespace })
            else { return nil }
            let section = parent["sectionName"]?.string
            let listeners = (gateway.json()[at: "spec", "listeners"]?.array ?? []).filter {
                section == nil || $0["name"]?.string == section
            }
            // A listener that does not say takes routes of its own namespace.
            guard !listeners.isEmpty, listeners.allSatisfy({ ($0[at: "allowedRoutes", "namespaces", "from"]?.string ?? "Same") == "Same" })
            else { return nil }
            return "may not join Gateway \(namespace)/\(name), which takes routes of its own namespace only"
        }
    }

    /// Services behind a route that do not exist, or do not serve its port.
    private static func dead(_ spec: JSON, _ namespace: String, _ scene: Scene) -> [(key: String, text: String)] {
        guard scene.snapshot.knows("services") else { return [] }
        let backends = (spec["rules"]?.array ?? []).flatMap { $0["backendRefs"]?.array ?? [] }
        var found: [(key: String, text: String)] = []
        for backend in backends where (backend["kind"]?.string ?? "Service") == "Service" {
            guard let name = backend["name"]?.string else { continue }
            let place = backend["namespace"]?.string ?? namespace
            guard let service = scene.service(place, name) else {
                if found.allSatisfy({ $0.key != name }) { found.append((name, "leads to Service \(name), which does not exist")) }
                continue
            }
            if let port = backend["port"]?.int, !service.spec.ports.contains(where: { $0.port == port }) {
                found.append(("\(name):\(port)", "leads to port \(port) of Service \(name), which has no such port"))
            }
        }
        return found
    }
}
