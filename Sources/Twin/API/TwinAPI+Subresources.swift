import Core
import Kubernetes

// What hangs below an object.
extension TwinAPI {
    func subresource(_ name: String, _ context: inout RequestContext, state: inout ClusterState) throws(APIFailure) -> APIOutcome {
        switch (name, context.verb) {
        case ("status", "get"), ("ephemeralcontainers", "get"), ("resize", "get"): return .answer(try get(context, state))
        case ("status", "update"), ("ephemeralcontainers", "update"), ("resize", "update"), ("finalize", "update"):
            return .answer(try update(&context, state: &state))
        case ("status", "patch"), ("ephemeralcontainers", "patch"), ("resize", "patch"): return .answer(try patch(&context, state: &state))
        case ("scale", _): return .answer(try scale(&context, state: &state))
        case ("log", "get"): return try log(context, state)
        case ("eviction", "create"): return .answer(try evict(context, state: &state))
        case ("binding", "create"): return .answer(try bind(context, state: &state))
        case ("token", "create"): return .answer(try token(context, state: &state))
        case ("proxy", "get"): return .answer(try proxy(context, state))
        case ("exec", _), ("attach", _), ("portforward", _):
            guard let pod = state.store.get(context.target.key) else { throw notFound(context) }
            if name != "portforward" { _ = try container(of: pod, context) }
            guard context.request.headers["upgrade"] != nil else { throw APIFailure.badRequest("Upgrade request required") }
            throw APIFailure.badRequest("the simulated cluster runs no processes: \(name) is not served")
        default: throw TwinAPI.methodNotAllowed
        }
    }

    /// `pods/<name>[:port]/proxy/metrics`: the pod's metrics page. Nothing else answers in a simulated pod.
    func proxy(_ context: RequestContext, _ state: ClusterState) throws(APIFailure) -> APIAnswer {
        let name = (context.target.name ?? "").split(separator: ":").first { $0 != "http" && $0 != "https" }.map(String.init) ?? ""
        let namespace = context.target.namespace ?? ""
        if context.resource.type == .pods, context.target.rest.hasPrefix("metrics"),
            let page = state.simulation.metricsPage(of: (namespace, name), store: state.store)
        {
            return .text(200, page)
        }
        if context.resource.type == .services {
            guard state.store.get(ObjectKey(type: .services, namespace: namespace, name: name)) != nil else {
                throw APIFailure.notFound(ObjectKey(type: .services, namespace: namespace, name: name))
            }
            if !Services.answer(name, namespace, state.store) {
                throw APIFailure(503, "ServiceUnavailable", "no endpoints available for service \"\(name)\"")
            }
        }
        throw APIFailure(
            503, "ServiceUnavailable", "error trying to reach service: nothing answers there in the simulated cluster", hasDetails: true)
    }
}
