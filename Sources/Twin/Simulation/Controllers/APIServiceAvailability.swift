import Core
import Kubernetes

/// Whether what people register beside the API server's own groups is served (kube-aggregator, pkg/controllers/status/remote). It runs in
/// the API server, so that it goes on without the controller manager. That the server behind it answers is taken from its ready endpoints.
enum APIServiceAvailability {
    private typealias Verdict = (isAvailable: Bool, reason: String, message: String)

    static func reconcile(_ key: ObjectKey, _ world: inout World) {
        guard var object = world.store.get(key) else { return }
        let verdict = verdict(object["spec"] ?? [:], world)
        let status: JSON = verdict.isAvailable ? "True" : "False"
        let before = object.condition("Available")
        let condition: JSON = [
            "type": "Available", "status": status,
            "lastTransitionTime": before?["status"] == status ? before?["lastTransitionTime"] ?? world.now.json : world.now.json,
            "reason": .string(verdict.reason), "message": .string(verdict.message),
        ]
        guard condition != before else { return }
        let others = (object["status"]?["conditions"]?.array ?? []).filter { $0["type"]?.string != "Available" }
        object[at: "status", "conditions"] = .array(others + [condition])
        world.writeStatus(object, key)
    }

    private static func verdict(_ spec: JSON, _ world: World) -> Verdict {
        guard let reference = spec["service"], let name = reference["name"]?.string else {
            return (true, "Local", ControllerTexts.localAPI())
        }
        let namespace = reference["namespace"]?.string ?? ""
        let number = reference["port"]?.int ?? 443
        guard let service = world.store.get(ObjectKey(type: .services, namespace: namespace, name: name)) else {
            return (false, "ServiceNotFound", ControllerTexts.apiServiceNotFound(name, namespace))
        }
        // What lies outside of the cluster has no endpoints to look at.
        guard service["spec"]?["type"]?.string != "ExternalName" else { return (true, "Passed", ControllerTexts.allChecksPassed()) }
        guard let port = service["spec"]?["ports"]?.array?.first(where: { $0["port"]?.int == number }) else {
            return (false, "ServicePortError", ControllerTexts.apiServicePort(name, namespace, String(number)))
        }
        let endpoints = world.store.get(ObjectKey(type: .endpoints, namespace: namespace, name: name))
        let isServed = (endpoints?["subsets"]?.array ?? []).contains { subset in
            subset["addresses"]?.array?.isEmpty == false
                && subset["ports"]?.array?.contains { ($0["name"]?.string ?? "") == port["name"]?.string ?? "" } == true
        }
        if isServed { return (true, "Passed", ControllerTexts.allChecksPassed()) }
        return (false, "MissingEndpoints", ControllerTexts.apiServiceEndpoints(name, namespace, port["name"]?.string ?? ""))
    }

    /// Asks for a look at what a change may concern. Something that is added makes an API available and never unavailable: in a cluster that
    /// was loaded without some of its objects, what was said of it stays.
    static func note(_ change: StoreChange, _ world: inout World) {
        let key = change.key
        func ask(_ object: JSON, _ name: String) {
            let isKnown = object.condition("Available") != nil
            if change.kind == .added, isKnown, object.condition("Available")?["status"] == "True" { return }
            world.enqueue(.apiService, ObjectKey(type: .apiServices, namespace: "", name: name))
        }
        if key.type == .apiServices {
            if change.kind != .deleted, change.previous?["spec"] != change.object["spec"] { ask(change.object, key.name) }
            return
        }
        guard world.store.count(.apiServices) > 0 else { return }
        for object in world.store.list(.apiServices, namespace: nil) {
            let service = object["spec"]?["service"]
            guard service?["name"]?.string == key.name, service?["namespace"]?.string == key.namespace else { continue }
            ask(object, object.metadataName)
        }
    }
}
