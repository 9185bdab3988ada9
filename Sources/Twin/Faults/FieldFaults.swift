import Core
import Kubernetes

/// One wrong field of an object that is no workload: Services, Ingresses, autoscalers, budgets, CronJobs, nodes.
enum FieldFaults {
    static let all: [Fault] = [
        fault("service-selector-mismatch", "selects pods that do not exist", .services, ["spec", "selector", "app"]) { _ in "absent" },
        fault("service-wrong-target-port", "forwards to a named port that its pods do not have", .services, ["spec", "ports"]) {
            eachPort($0) { $0["targetPort"] = "absent" }
        },
        fault("service-wrong-protocol", "offers UDP where its pods speak TCP", .services, ["spec", "ports"]) {
            eachPort($0) { $0["protocol"] = "UDP" }
        },
        fault("ingress-class-missing", "has a class that does not exist", .ingresses, ["spec", "ingressClassName"]) { _ in "absent" },
        fault("ingress-backend-missing", "leads to a Service that does not exist", .ingresses, ["spec", "rules"]) {
            eachBackend($0) { $0["name"] = "absent" }
        },
        fault("ingress-port-missing", "leads to a port that its Service does not have", .ingresses, ["spec", "rules"]) {
            eachBackend($0) { $0["port"] = ["number": 59_999] }
        },
        fault(
            "hpa-target-missing", "scales a workload that does not exist", .horizontalPodAutoscalers, ["spec", "scaleTargetRef", "name"]
        ) { _ in "absent" },
        fault("pdb-blocking", "allows no disruption", .podDisruptionBudgets, ["spec"]) {
            var spec = $0 ?? [:]
            spec["maxUnavailable"] = 0
            spec["minAvailable"] = nil
            return spec
        },
        fault("cronjob-suspended", "is suspended", .cronJobs, ["spec", "suspend"]) { _ in true },
        fault("cronjob-bad-schedule", "has a schedule that never comes", .cronJobs, ["spec", "schedule"]) { _ in "0 0 31 2 *" },
        Fault("node-cordoned", "is unschedulable", on: "Node/NAME", isOfCluster: true) { (target, scene) throws(MartletError) in
            try scene.set(["spec", "unschedulable"], to: true, of: ObjectKey(type: .nodes, namespace: "", name: target.name))
        },
    ]

    private static func fault(
        _ slug: String, _ about: String, _ type: ResourceType, _ path: [String], _ wrong: @escaping @Sendable (JSON?) -> JSON?
    ) -> Fault {
        Fault(slug, about, on: "\(type.kind)/NAME") { (target, scene) throws(MartletError) in
            guard target.kind == type.kind else {
                throw MartletError(.usage, "this fault cannot be done to a \(target.kind)", fix: "name a \(type.kind)")
            }
            let key = ObjectKey(type: type, namespace: target.namespace ?? "default", name: target.name)
            guard let object = scene.store.get(key) else { throw FaultScene.missing(key) }
            try scene.set(path, to: wrong(object.at(path)), of: key)
        }
    }

    private static func eachPort(_ ports: JSON?, _ change: (inout JSON) -> Void) -> JSON { each(ports, change) }

    static func eachBackend(_ rules: JSON?, _ change: (inout JSON) -> Void) -> JSON {
        each(rules) { rule in
            rule[at: "http", "paths"] = each(rule[at: "http", "paths"]) { path in
                var service = path[at: "backend", "service"] ?? [:]
                change(&service)
                path[at: "backend", "service"] = service
            }
        }
    }

    private static func each(_ list: JSON?, _ change: (inout JSON) -> Void) -> JSON {
        .array(
            (list?.array ?? []).map {
                var item = $0
                change(&item)
                return item
            })
    }
}
