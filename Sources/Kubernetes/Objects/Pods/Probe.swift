package import Core

/// A probe and its thresholds. What is not written has the defaults of the API: period 10 s, timeout 1 s, success 1, failure 3.
package struct Probe: JSONReadable, Equatable {
    package var exec: ExecAction?
    @Boxed package var httpGet: HTTPGetAction?
    package var tcpSocket: TCPSocketAction?
    package var grpc: GRPCAction?
    package var initialDelaySeconds = 0
    package var periodSeconds = 10
    package var timeoutSeconds = 1
    package var successThreshold = 1
    package var failureThreshold = 3
    package var terminationGracePeriodSeconds: Int?

    package init() {}

    package mutating func read(from reader: inout JSONReader) throws(JSONError) {
        try reader.members { (r, key) throws(JSONError) in
            switch key {
            case "exec": exec = try r.read()
            case "httpGet": _httpGet = try r.boxed()
            case "tcpSocket": tcpSocket = try r.read()
            case "grpc": grpc = try r.read()
            case "initialDelaySeconds": initialDelaySeconds = try r.int32() ?? 0
            case "periodSeconds": periodSeconds = try r.int32() ?? 10
            case "timeoutSeconds": timeoutSeconds = try r.int32() ?? 1
            case "successThreshold": successThreshold = try r.int32() ?? 1
            case "failureThreshold": failureThreshold = try r.int32() ?? 3
            case "terminationGracePeriodSeconds": terminationGracePeriodSeconds = try r.int32()
            default: try r.skip()
            }
        }
    }
}

/// A command run in the container.
package struct ExecAction: JSONReadable, Equatable {
    package var command: [String] = []

    package init() {}

    package mutating func read(from reader: inout JSONReader) throws(JSONError) {
        try reader.members { (r, key) throws(JSONError) in
            switch key {
            case "command": command = try r.texts()
            default: try r.skip()
            }
        }
    }
}

/// An HTTP request to the pod.
package struct HTTPGetAction: JSONReadable, Equatable {
    package var path: String?
    package var port: IntOrString?
    package var host: String?
    package var scheme: String?
    package var httpHeaders: [HTTPHeader] = []

    package init() {}

    package mutating func read(from reader: inout JSONReader) throws(JSONError) {
        try reader.members { (r, key) throws(JSONError) in
            switch key {
            case "path": path = try r.text()
            case "port": port = try r.intOrString()
            case "host": host = try r.text()
            case "scheme": scheme = try r.text()
            case "httpHeaders": httpHeaders = try r.list()
            default: try r.skip()
            }
        }
    }
}

/// A header of a probe's request.
package struct HTTPHeader: JSONReadable, Equatable {
    package var name = ""
    package var value = ""

    package init() {}

    package mutating func read(from reader: inout JSONReader) throws(JSONError) {
        try reader.members { (r, key) throws(JSONError) in
            switch key {
            case "name": name = try r.text() ?? ""
            case "value": value = try r.text() ?? ""
            default: try r.skip()
            }
        }
    }
}

/// A TCP connection to the pod.
package struct TCPSocketAction: JSONReadable, Equatable {
    package var port: IntOrString?
    package var host: String?

    package init() {}

    package mutating func read(from reader: inout JSONReader) throws(JSONError) {
        try reader.members { (r, key) throws(JSONError) in
            switch key {
            case "port": port = try r.intOrString()
            case "host": host = try r.text()
            default: try r.skip()
            }
        }
    }
}

/// A gRPC health check.
package struct GRPCAction: JSONReadable, Equatable {
    package var port = 0
    package var service: String?

    package init() {}

    package mutating func read(from reader: inout JSONReader) throws(JSONError) {
        try reader.members { (r, key) throws(JSONError) in
            switch key {
            case "port": port = try r.int32() ?? 0
            case "service": service = try r.text()
            default: try r.skip()
            }
        }
    }
}

/// What runs right after start and right before stop.
package struct Lifecycle: JSONReadable, Equatable {
    package var postStart: LifecycleHandler?
    package var preStop: LifecycleHandler?

    package init() {}

    package mutating func read(from reader: inout JSONReader) throws(JSONError) {
        try reader.members { (r, key) throws(JSONError) in
            switch key {
            case "postStart": postStart = try r.read()
            case "preStop": preStop = try r.read()
            default: try r.skip()
            }
        }
    }
}

/// One hook of a container.
package struct LifecycleHandler: JSONReadable, Equatable {
    package var exec: ExecAction?
    @Boxed package var httpGet: HTTPGetAction?
    package var tcpSocket: TCPSocketAction?
    package var sleep: SleepAction?

    package init() {}

    package mutating func read(from reader: inout JSONReader) throws(JSONError) {
        try reader.members { (r, key) throws(JSONError) in
            switch key {
            case "exec": exec = try r.read()
            case "httpGet": _httpGet = try r.boxed()
            case "tcpSocket": tcpSocket = try r.read()
            case "sleep": sleep = try r.read()
            default: try r.skip()
            }
        }
    }
}

/// A pause before the container is stopped.
package struct SleepAction: JSONReadable, Equatable {
    package var seconds = 0

    package init() {}

    package mutating func read(from reader: inout JSONReader) throws(JSONError) {
        try reader.members { (r, key) throws(JSONError) in
            switch key {
            case "seconds": seconds = try r.int32() ?? 0
            default: try r.skip()
            }
        }
    }
}
