import Core
import Kubernetes

/// The status that a kubelet reports for a pod (kubelet_pods.go, status/generate.go).
enum PodStatus {
    static func write(_ worker: PodWorker, _ world: inout World) {
        guard var pod = world.store.get(worker.key), pod.uid == worker.uid else { return }
        let old = pod["status"] ?? [:]
        var status: JSON = [:]
        status["observedGeneration"] = JSON(pod.generation)
        let phase = phase(worker)
        status["phase"] = .string(phase)
        // One whose processes ended well has succeeded, whatever made them end.
        if phase == "Failed", let eviction = worker.eviction {
            status["reason"] = .string(eviction.reason)
            status["message"] = .string(eviction.message)
        }
        status["conditions"] = .array(conditions(worker, phase, old, generation: pod.generation, now: world.now))
        let host = world.nodes.address(of: worker.node)
        status["hostIP"] = .string(host)
        status["hostIPs"] = [["ip": .string(host)]]
        if let ip = worker.ip {
            status["podIP"] = .string(ip)
            status["podIPs"] = [["ip": .string(ip)]]
        }
        status["startTime"] = worker.startTime.json
        let initial = worker.initContainers
        if !initial.isEmpty { status["initContainerStatuses"] = .array(worker.containers[initial].map { container($0, worker) }) }
        status["containerStatuses"] = .array(
            worker.containers[worker.mainContainers].sorted { $0.name < $1.name }.map { container($0, worker) })
        let ephemeral = worker.containers.filter(\.isEphemeral)
        if !ephemeral.isEmpty { status["ephemeralContainerStatuses"] = .array(ephemeral.map { container($0, worker) }) }
        status["qosClass"] = old["qosClass"] ?? .string(QualityOfService.of(worker.spec).rawValue)
        pod["status"] = status
        world.writeStatus(pod, worker.key)
    }

    /// Pending, Running, Succeeded or Failed from the containers and the restart policy (getPhase).
    static func phase(_ worker: PodWorker) -> String {
        for container in worker.containers[worker.initContainers] where !container.isSidecar && !container.isDone {
            if worker.restartPolicy == "Never", container.termination.map({ $0.code != 0 }) ?? false { return "Failed" }
            return "Pending"
        }
        var running = 0
        var waiting = 0
        var stopped = 0
        var succeeded = 0
        let hasBegun = worker.hasBegun
        for container in worker.containers where container.list == .containers || container.isSidecar {
            switch container.shown {
            case .running:
                running += 1
                if container.isSidecar, !container.hasStarted, !hasBegun { waiting += 1 }
            case .terminated(let end) where !container.isSidecar:
                stopped += 1
                if end.code == 0 { succeeded += 1 }
            case .terminated: break
            case .waiting where container.last == nil: waiting += 1
            // A sidecar that is to run again says nothing of the pod.
            case .waiting: if !container.isSidecar { stopped += 1 }
            }
        }
        // However its processes end, a pod that was active for too long has failed.
        if running == 0, worker.eviction?.reason == "DeadlineExceeded" { return "Failed" }
        if waiting > 0 { return "Pending" }
        if running > 0 || stopped == 0 { return running > 0 ? "Running" : "Pending" }
        if worker.deadline != nil || worker.eviction != nil { return stopped == succeeded ? "Succeeded" : "Failed" }
        switch worker.restartPolicy {
        case "Always": return "Running"
        case "Never": return stopped == succeeded ? "Succeeded" : "Failed"
        default: return stopped == succeeded ? "Succeeded" : "Running"
        }
    }

    private static func conditions(_ worker: PodWorker, _ phase: String, _ old: JSON, generation: Int, now: Timestamp) -> [JSON] {
        let before = old["conditions"]?.array ?? []
        func make(_ type: String, _ isTrue: Bool, _ reason: String? = nil, _ message: String? = nil) -> JSON {
            let status = isTrue ? "True" : "False"
            let last = before.first { $0["type"]?.string == type }
            var condition: JSON = [
                "type": .string(type), "observedGeneration": JSON(generation), "status": .string(status), "lastProbeTime": nil,
                "lastTransitionTime": last?["status"]?.string == status ? last?["lastTransitionTime"] ?? now.json : now.json,
            ]
            condition.set("reason", reason)
            condition.set("message", message)
            return condition
        }
        let isOver = phase == "Succeeded" || phase == "Failed"
        let unready = worker.containers.filter { ($0.list == .containers || $0.isSidecar) && !$0.isReady }.map(\.name)
        // Once one of its main containers has run, a pod stays initialized.
        let initial = worker.hasBegun ? [] : worker.containers[worker.initContainers]
        let incomplete = initial.filter { $0.isSidecar ? !$0.hasStarted : !$0.isDone }.map(\.name)
        let overReason = phase == "Failed" ? "PodFailed" : "PodCompleted"
        var result = [make("PodReadyToStartContainers", worker.hasSandbox && !isOver)]
        if incomplete.isEmpty {
            result.append(make("Initialized", true, phase == "Succeeded" ? "PodCompleted" : nil))
        } else {
            result.append(
                make("Initialized", false, "ContainersNotInitialized", KubeletTexts.incomplete(incomplete.joined(separator: " "))))
        }
        let notReady = KubeletTexts.unready(unready.joined(separator: " "))
        let gates = (worker.spec["readinessGates"]?.array ?? []).compactMap { $0["conditionType"]?.string }
        let closed = gates.compactMap { gate -> String? in
            guard let found = before.first(where: { $0["type"]?.string == gate }) else { return KubeletTexts.gateAbsent(gate) }
            let status = found["status"]?.string ?? ""
            return status == "True" ? nil : KubeletTexts.gateClosed(gate, status)
        }
        if isOver {
            result.append(make("Ready", false, overReason))
            result.append(make("ContainersReady", false, overReason))
        } else if !unready.isEmpty {
            result.append(make("Ready", false, "ContainersNotReady", notReady))
            result.append(make("ContainersReady", false, "ContainersNotReady", notReady))
        } else if !closed.isEmpty {
            result.append(make("Ready", false, "ReadinessGatesNotReady", closed.joined(separator: ", ")))
            result.append(make("ContainersReady", true))
        } else {
            result.append(make("Ready", true))
            result.append(make("ContainersReady", true))
        }
        result.append(make("PodScheduled", true))
        if let eviction = worker.eviction, eviction.isDisruption {
            result.append(make("DisruptionTarget", true, "TerminationByKubelet", eviction.message))
        }
        let own = Set(result.compactMap { $0["type"]?.string })
        result += before.filter { !own.contains($0["type"]?.string ?? "") }
        return result
    }

    private static func container(_ container: ContainerWorker, _ worker: PodWorker) -> JSON {
        var status: JSON = ["name": .string(container.name), "state": state(container.shown)]
        status["lastState"] = container.last.map { ["terminated": $0.json] } ?? [:]
        status["ready"] = .bool(container.isInit && !container.isSidecar ? container.isDone : container.isReady && !container.isEphemeral)
        status["restartCount"] = JSON(container.restarts)
        status["image"] = .string(container.image)
        status["imageID"] = .string(container.runs > 0 ? container.imageID : "")
        if container.masked == nil { status.set("containerID", container.containerID) }
        if !container.isEphemeral { status["started"] = .bool(container.isRunning && container.hasStarted) }
        if container.runs > 0, let resources = container.spec["resources"], resources.object?.isEmpty == false {
            if let requests = resources["requests"] { status["allocatedResources"] = requests }
            status["resources"] = resources
        }
        if let mounts = container.spec["volumeMounts"]?.array, !mounts.isEmpty {
            status["volumeMounts"] = .array(
                mounts.map { mount in
                    var entry: JSON = ["name": mount["name"] ?? "", "mountPath": mount["mountPath"] ?? ""]
                    if mount["readOnly"]?.bool == true {
                        entry["readOnly"] = true
                        entry["recursiveReadOnly"] = "Disabled"
                    }
                    return entry
                })
        }
        return status
    }

    private static func state(_ state: ContainerState) -> JSON {
        switch state {
        case .running(let since): return ["running": ["startedAt": since.json]]
        case .terminated(let end): return ["terminated": end.json]
        case .waiting(let reason, let message):
            var waiting: JSON = ["reason": .string(reason)]
            waiting.set("message", message)
            return ["waiting": waiting]
        }
    }
}
