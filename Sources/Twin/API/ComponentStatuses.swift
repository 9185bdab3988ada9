import Core
import Kubernetes

/// The parts of the control plane as `kubectl get componentstatuses` shows them; nothing of it is stored.
extension TwinAPI {
    func componentStatuses(_ context: inout RequestContext, _ state: ClusterState) throws(APIFailure) -> APIAnswer {
        context.warnings.append("v1 ComponentStatus is deprecated in v1.19+")
        let all = [
            component("controller-manager", port: 10257, isUp: runs(.controllers, state)),
            component("etcd-0", port: 2381, isUp: true),
            component("scheduler", port: 10259, isUp: runs(.scheduler, state)),
        ]
        guard let name = context.target.name else {
            let selection = try RequestSelection(context)
            let form = Representation(accept: context.request.headers["accept"])
            let items = all.filter(selection.matches)
            let body: JSON =
                switch form.form {
                case .table:
                    Table.of(context.resource).json(items, metadata: [:], now: context.now, includeObject: context.request["includeObject"])
                default: ["kind": "ComponentStatusList", "apiVersion": "v1", "metadata": [:], "items": .array(items)]
                }
            return APIAnswer(status: 200, contentType: form.contentType, body: form.encode(body))
        }
        guard var found = all.first(where: { $0.metadataName == name }) else { throw notFound(context) }
        (found["kind"], found["apiVersion"]) = ("ComponentStatus", "v1")
        return respond(200, found, context, state)
    }

    private func runs(_ part: SimulationOptions.Part, _ state: ClusterState) -> Bool {
        (state.simulation as? Simulation)?.world.runs(part) ?? true
    }

    private func component(_ name: String, port: Int, isUp: Bool) -> JSON {
        let address = "127.0.0.1:\(port)"
        let refused = "Get \"https://\(address)/healthz\": dial tcp \(address): connect: connection refused"
        return [
            "metadata": ["name": .string(name)],
            "conditions": [["type": "Healthy", "status": isUp ? "True" : "False", "message": .string(isUp ? "ok" : refused)]],
        ]
    }
}
