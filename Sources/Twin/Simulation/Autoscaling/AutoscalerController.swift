import Core
import Kubernetes

/// Runs ``Autoscaler`` over every HorizontalPodAutoscaler, fifteen seconds after it appears and every fifteen seconds from then on.
enum AutoscalerController {
    static let component = "horizontal-pod-autoscaler"
    static let period = Duration.seconds(15)

    static func note(_ change: StoreChange, _ world: inout World) {
        switch change.kind {
        case .added: world.enqueue(.autoscaler, change.key, after: period)
        case .deleted: world.autoscalers[change.object.uid] = nil
        case .modified: break
        }
    }

    static func reconcile(_ key: ObjectKey, _ world: inout World) {
        guard let autoscaler = world.store.get(key) else { return }
        defer { world.enqueue(.autoscaler, key, after: period) }
        let found = target(of: autoscaler, key, world)
        let reference = try? found.get().key
        var pass = Autoscaler(autoscaler, memory: world.autoscalers[autoscaler.uid] ?? Autoscaler.Memory(), now: world.now)
        let source = ClusterMetrics(pods: (try? found.get().pods) ?? [], namespace: key.namespace, world: world)
        var wanted: Int?
        pass.run(found.map(\.target), source) { wanted = $0 }
        if let wanted, let reference, var object = world.store.get(reference) {
            object[at: "spec", "replicas"] = JSON(wanted)
            world.write(object, reference, as: "scale")
        }
        world.autoscalers[autoscaler.uid] = pass.memory
        for event in pass.events { world.record(EventSubject(autoscaler), event.type, event.reason, event.message, component: component) }
        if pass.object["status"] != autoscaler["status"] { world.writeStatus(pass.object, key) }
    }

    private struct Found {
        let key: ObjectKey
        let target: ScaleTarget
        let pods: [PodEntry]
    }

    private static func target(of autoscaler: JSON, _ key: ObjectKey, _ world: World) -> Result<Found, AutoscalingFailure> {
        let reference = autoscaler["spec"]?["scaleTargetRef"]
        let kind = reference?["kind"]?.string ?? ""
        let version = reference?["apiVersion"]?.string ?? "v1"
        let name = reference?["name"]?.string ?? ""
        guard let type = ResourceType.of(apiVersion: version, kind: kind) else {
            return .failure(AutoscalingFailure(AutoscalerTexts.noKind(kind, version)))
        }
        let targetKey = ObjectKey(type: type, namespace: key.namespace, name: name)
        guard let object = world.store.get(targetKey), let replicas = object["spec"]?["replicas"]?.int else {
            let resource = type.group.isEmpty ? type.plural : "\(type.plural)/scale.\(type.group)"
            return .failure(AutoscalingFailure(AutoscalerTexts.targetNotFound(resource, name)))
        }
        let selection = selection(of: object, type)
        let pods = world.index.pods(inNamespace: key.namespace).filter { selection?.matches($0.labels) == true }
        let target = ScaleTarget(
            specReplicas: replicas, statusReplicas: object["status"]?["replicas"]?.int ?? 0,
            pods: pods.compactMap { entry in world.store.get(entry.key).map { sample($0) } }, namespace: key.namespace,
            selectorFault: selectorFault(object, selection, pods, key, world))
        return .success(Found(key: targetKey, target: target, pods: pods))
    }

    private static func selection(of object: JSON, _ type: ResourceType) -> Selection? {
        // The selector of a ReplicationController is a plain map.
        type == .replicationControllers
            ? Selection(labels: object["spec"]?["selector"]?.stringMap ?? [:]) : Selection(object["spec"]?["selector"])
    }

    /// Two autoscalers that reach the same pods would work against each other.
    private static func selectorFault(
        _ object: JSON, _ selection: Selection?, _ pods: [PodEntry], _ key: ObjectKey, _ world: World
    ) -> ScaleTarget.SelectorFault? {
        guard let selection, !selection.requirements.isEmpty else { return .missing }
        let rivals = world.store.list(key.type, namespace: key.namespace).filter { other in
            if other.metadataName == key.name { return true }
            let reference = other["spec"]?["scaleTargetRef"]
            guard
                let type = ResourceType.of(
                    apiVersion: reference?["apiVersion"]?.string ?? "v1", kind: reference?["kind"]?.string ?? ""),
                let target = world.store.get(
                    ObjectKey(type: type, namespace: key.namespace, name: reference?["name"]?.string ?? "")),
                let theirs = Self.selection(of: target, type)
            else { return false }
            return pods.contains { theirs.matches($0.labels) }
        }
        guard rivals.count > 1 else { return nil }
        return .ambiguous(
            selector: Selectors.labelSelector(object["spec"]?["selector"]).description,
            autoscalers: rivals.map { "\(key.namespace)/\($0.metadataName)" })
    }

    private static func sample(_ pod: JSON) -> PodSample {
        let ready = pod.condition("Ready")
        func time(_ value: JSON?) -> Timestamp? { value?.string.flatMap { Timestamp($0) } }
        let sidecars = (pod["spec"]?["initContainers"]?.array ?? []).filter { $0["restartPolicy"]?.string == "Always" }
        let containers = (pod["spec"]?["containers"]?.array ?? []) + sidecars
        return PodSample(
            name: pod.metadataName, phase: pod["status"]?["phase"]?.string ?? "Pending", isDeleting: pod.isBeingDeleted,
            started: time(pod["status"]?["startTime"]),
            ready: ready.map {
                PodSample.Readiness(
                    status: $0["status"]?.string ?? "", since: time($0["lastTransitionTime"]) ?? Timestamp(nanoseconds: 0))
            },
            requests: containers.map { container in
                PodSample.ContainerRequest(
                    container: container["name"]?.string ?? "",
                    milli: (container["resources"]?["requests"]?.object ?? [:]).reduce(into: [:]) {
                        $0[$1.key] = Int(Amount.milli($1.value))
                    })
            })
    }
}
