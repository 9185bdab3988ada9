package import Core

/// What is known of a pod.
package struct PodStatus: JSONReadable, Equatable {
    package var phase = ""
    package var reason: String?
    package var message: String?
    package var conditions: [Condition] = []
    package var podIP: String?
    package var hostIP: String?
    package var nominatedNodeName: String?
    package var startTime: Timestamp?
    package var qosClass: String?
    package var observedGeneration: Int?
    package var resize: String?
    package var containerStatuses: [ContainerStatus] = []
    package var initContainerStatuses: [ContainerStatus] = []
    package var ephemeralContainerStatuses: [ContainerStatus] = []

    package init() {}

    package mutating func read(from reader: inout JSONReader) throws(JSONError) {
        try reader.members { (r, key) throws(JSONError) in
            switch key {
            case "phase": phase = try r.text() ?? ""
            case "reason": reason = try r.text()
            case "message": message = try r.text()
            case "conditions": conditions = try r.repeatedList(\.conditions)
            case "podIP": podIP = try r.ownText()
            case "hostIP": hostIP = try r.text()
            case "nominatedNodeName": nominatedNodeName = try r.text()
            case "startTime": startTime = try r.time()
            case "qosClass": qosClass = try r.text()
            case "observedGeneration": observedGeneration = try r.int()
            case "resize": resize = try r.text()
            case "containerStatuses": containerStatuses = try r.list()
            case "initContainerStatuses": initContainerStatuses = try r.list()
            case "ephemeralContainerStatuses": ephemeralContainerStatuses = try r.list()
            default: try r.skip()
            }
        }
    }
}

/// What is known of one container.
package struct ContainerStatus: JSONReadable, Equatable {
    package var name = ""
    package var state = ContainerState()
    package var lastState = ContainerState()
    package var ready = false
    package var started: Bool?
    package var restartCount = 0
    package var image = ""
    package var imageID = ""
    package var containerID: String?
    @Boxed package var resources: ResourceRequirements?

    package init() {}

    package mutating func read(from reader: inout JSONReader) throws(JSONError) {
        try reader.members { (r, key) throws(JSONError) in
            switch key {
            case "name": name = try r.text() ?? ""
            case "state": state = try r.read() ?? ContainerState()
            case "lastState": lastState = try r.read() ?? ContainerState()
            case "ready": ready = try r.flag() ?? false
            case "started": started = try r.flag()
            case "restartCount": restartCount = try r.int() ?? 0
            case "image": image = try r.text() ?? ""
            case "imageID": imageID = try r.text() ?? ""
            case "containerID": containerID = try r.ownText()
            case "resources": _resources = try r.boxed()
            default: try r.skip()
            }
        }
    }
}

/// At most one of the three is set; none means waiting without a reason.
package struct ContainerState: JSONReadable, Equatable {
    @Boxed package var waiting: ContainerWaiting?
    package var running: ContainerRunning?
    @Boxed package var terminated: ContainerTerminated?

    package init() {}

    package mutating func read(from reader: inout JSONReader) throws(JSONError) {
        try reader.members { (r, key) throws(JSONError) in
            switch key {
            case "waiting": _waiting = try r.boxed()
            case "running": running = try r.read()
            case "terminated": _terminated = try r.boxed()
            default: try r.skip()
            }
        }
    }
}

/// Why a container does not run yet, or not again yet.
package struct ContainerWaiting: JSONReadable, Equatable {
    package var reason: String?
    package var message: String?

    package init() {}

    package mutating func read(from reader: inout JSONReader) throws(JSONError) {
        try reader.members { (r, key) throws(JSONError) in
            switch key {
            case "reason": reason = try r.text()
            case "message": message = try r.text()
            default: try r.skip()
            }
        }
    }
}

/// Since when a container runs.
package struct ContainerRunning: JSONReadable, Equatable {
    package var startedAt: Timestamp?

    package init() {}

    package mutating func read(from reader: inout JSONReader) throws(JSONError) {
        try reader.members { (r, key) throws(JSONError) in
            switch key {
            case "startedAt": startedAt = try r.time()
            default: try r.skip()
            }
        }
    }
}

/// How a container ended. `startedAt` is 1970 when it never started.
package struct ContainerTerminated: JSONReadable, Equatable {
    package var exitCode = 0
    package var signal: Int?
    package var reason: String?
    package var message: String?
    package var startedAt: Timestamp?
    package var finishedAt: Timestamp?
    package var containerID: String?

    package init() {}

    package mutating func read(from reader: inout JSONReader) throws(JSONError) {
        try reader.members { (r, key) throws(JSONError) in
            switch key {
            case "exitCode": exitCode = try r.int() ?? 0
            case "signal": signal = try r.int()
            case "reason": reason = try r.text()
            case "message": message = try r.text()
            case "startedAt": startedAt = try r.time()
            case "finishedAt": finishedAt = try r.time()
            case "containerID": containerID = try r.ownText()
            default: try r.skip()
            }
        }
    }
}
