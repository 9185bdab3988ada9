import Core
import Kubernetes

extension PodWorker {
    static let behaviourAnnotation = "twin.martlet/behaviour"

    init(_ pod: JSON, _ key: ObjectKey, now: Timestamp, _ catalogue: BehaviourCatalogue) {
        let spec = pod["spec"] ?? [:]
        let annotations = pod["metadata"]?["annotations"]?.stringMap ?? [:]
        let waiting = (spec["initContainers"]?.array ?? []).isEmpty ? "ContainerCreating" : "PodInitializing"
        self.init(
            key: key, uid: pod.uid, node: spec["nodeName"]?.string ?? "", spec: spec, annotations: annotations,
            containers: ContainerList.allCases.flatMap { list in
                (spec[list.rawValue]?.array ?? []).map { ContainerWorker($0, in: list, annotations, catalogue, waiting: waiting) }
            },
            restartPolicy: spec["restartPolicy"]?.string ?? "Always",
            startTime: pod["status"]?["startTime"]?.string.flatMap { Timestamp($0) } ?? now)
    }

    /// What a container does: the annotation before the image file; else what its command says where that is a few plain words (`sleep 5`,
    /// `sh -c "exit 3"`); else it serves its first port and stays idle, or ends well as an init container.
    static func behaviour(
        of spec: JSON, _ annotations: [String: String], _ catalogue: BehaviourCatalogue, isInit: Bool
    ) -> Behaviour {
        let name = spec["name"]?.string ?? ""
        if let text = annotations[behaviourAnnotation],
            let found = try? BehaviourReader.annotation(text, place: "annotation \(behaviourAnnotation)")[name]
        {
            return found
        }
        let command = spec["command"]?.array?.compactMap(\.string)
        let args = spec["args"]?.array?.compactMap(\.string)
        if let reference = try? ImageReference(spec["image"]?.string ?? ""),
            let found = catalogue.behaviour(reference, command: command, args: args)
        {
            return found
        }
        var behaviour = Behaviour()
        if let run = CommandRun.program((command ?? []) + (args ?? [])) {
            let lines = run.output.isEmpty ? [] : run.output.split(separator: "\n").map(String.init)
            behaviour.exit = Behaviour.Exit(code: run.code, after: run.time, log: lines)
            return behaviour
        }
        if isInit, spec["restartPolicy"]?.string != "Always" {
            behaviour.exit = Behaviour.Exit(code: 0, after: .milliseconds(500), log: [])
        }
        return behaviour
    }

    /// Takes over what a status says of a pod that ran before the simulation did.
    mutating func resume(_ status: JSON?, _ world: World) {
        guard let status, status["startTime"] != nil else { return }
        isAdmitted = true
        ip = status["podIP"]?.string
        hasSandbox = ip != nil
        hasMounts = hasSandbox
        phase = status["phase"]?.string ?? phase
        for i in containers.indices {
            let list = status[containers[i].list.statuses]?.array ?? []
            if let found = list.first(where: { $0["name"]?.string == containers[i].name }) {
                containers[i].resume(found, keepsBehaviour: annotations[PodWorker.behaviourAnnotation] != nil, now: world.now)
            }
        }
    }
}

extension ContainerWorker {
    init(_ spec: JSON, in list: ContainerList, _ annotations: [String: String], _ catalogue: BehaviourCatalogue, waiting: String) {
        let isInit = list == .initContainers
        self.init(
            name: spec["name"]?.string ?? "", spec: spec, list: list, isSidecar: isInit && spec["restartPolicy"]?.string == "Always",
            behaviour: PodWorker.behaviour(of: spec, annotations, catalogue, isInit: isInit),
            state: .waiting(reason: waiting, message: nil))
    }

    mutating func resume(_ status: JSON, keepsBehaviour: Bool, now: Timestamp) {
        restarts = status["restartCount"]?.int ?? 0
        isReady = status["ready"]?.bool ?? false
        hasStarted = status["started"]?.bool ?? isReady
        containerID = status["containerID"]?.string
        imageID = status["imageID"]?.string ?? ""
        runs = containerID == nil ? 0 : restarts + 1
        last = status["lastState"]?["terminated"].flatMap(Termination.init)
        if let running = status["state"]?["running"] {
            state = .running(since: running["startedAt"]?.string.flatMap { Timestamp($0) } ?? now)
        } else if let end = status["state"]?["terminated"].flatMap(Termination.init) {
            state = .terminated(end)
        } else if let waiting = status["state"]?["waiting"] {
            state = .waiting(reason: waiting["reason"]?.string ?? "ContainerCreating", message: waiting["message"]?.string)
        }
        backOff.resume(restarts: restarts, now: now)
        logStart = runningSince ?? termination?.started ?? last?.started
        if !keepsBehaviour { observe() }
    }

    /// Without a stated behaviour a container goes on as it was last seen: what ran and was ready runs, what ended ends again.
    private mutating func observe() {
        if isRunning, isReady {
            behaviour.exit = nil
            return
        }
        guard !isDoneInit, let end = termination ?? last else { return }
        let length = end.started.map { end.finished - $0 } ?? .zero
        switch end.reason {
        case "OOMKilled":
            // It needs more than its limit; how much more is not known.
            let limit = Double(Amount.whole(spec["resources"]?["limits"]?["memory"]))
            behaviour.memory.workingSet = max(limit * 1.5, behaviour.memory.initial)
        case "StartError", "ContainerCannotRun":
            behaviour.startError = end.message?.contains("permission denied") == true ? .permissionDenied : .notFound
        default:
            // What the kubelet killed for a probe did not end by itself.
            if end.code == 137 || end.code == 143 { return }
            behaviour.exit = Behaviour.Exit(code: end.code, after: max(length, .milliseconds(300)), log: [])
        }
    }

    private var isDoneInit: Bool { isInit && isDone }
}

extension Termination {
    init?(_ json: JSON) {
        guard let code = json["exitCode"]?.int else { return nil }
        self.init(
            code: code, reason: json["reason"]?.string ?? "Error", message: json["message"]?.string,
            started: json["startedAt"]?.string.flatMap { Timestamp($0) },
            finished: json["finishedAt"]?.string.flatMap { Timestamp($0) } ?? Timestamp(nanoseconds: 0),
            containerID: json["containerID"]?.string)
    }

    var json: JSON {
        var result: JSON = ["exitCode": JSON(code), "reason": .string(reason)]
        result.set("message", message)
        result["startedAt"] = (started ?? Timestamp(nanoseconds: 0)).json
        result["finishedAt"] = finished.json
        result.set("containerID", containerID)
        return result
    }
}
