package import Core

/// A container of a pod or of a pod template.
package struct Container: JSONReadable, Equatable {
    package var name = ""
    package var image: String?
    package var imagePullPolicy: String?
    package var command: [String] = []
    package var args: [String] = []
    package var workingDir: String?
    package var env: [EnvVar] = []
    package var envFrom: [EnvFromSource] = []
    package var ports: [ContainerPort] = []
    package var resources = ResourceRequirements()
    package var volumeMounts: [VolumeMount] = []
    package var volumeDevices: [VolumeDevice] = []
    @Boxed package var livenessProbe: Probe?
    @Boxed package var readinessProbe: Probe?
    @Boxed package var startupProbe: Probe?
    @Boxed package var lifecycle: Lifecycle?
    @Boxed package var securityContext: SecurityContext?
    /// `Always` on an init container makes it a sidecar.
    package var restartPolicy: String?
    package var terminationMessagePath: String?
    package var terminationMessagePolicy: String?
    package var tty = false
    package var stdin = false

    package init() {}

    package mutating func read(from reader: inout JSONReader) throws(JSONError) {
        try reader.members { (r, key) throws(JSONError) in
            switch key {
            case "name": name = try r.text() ?? ""
            case "image": image = try r.text()
            case "imagePullPolicy": imagePullPolicy = try r.text()
            case "command": command = try r.texts()
            case "args": args = try r.texts()
            case "workingDir": workingDir = try r.text()
            case "env": env = try r.repeatedList(\.environment)
            case "envFrom": envFrom = try r.list()
            case "ports": ports = try r.repeatedList(\.ports)
            case "resources": resources = try r.read() ?? ResourceRequirements()
            case "volumeMounts": volumeMounts = try r.repeatedList(\.mounts)
            case "volumeDevices": volumeDevices = try r.list()
            case "livenessProbe": _livenessProbe = try r.repeatedBox(\.livenessProbe)
            case "readinessProbe": _readinessProbe = try r.repeatedBox(\.readinessProbe)
            case "startupProbe": _startupProbe = try r.repeatedBox(\.startupProbe)
            case "lifecycle": _lifecycle = try r.boxed()
            case "securityContext": _securityContext = try r.boxed()
            case "restartPolicy": restartPolicy = try r.text()
            case "terminationMessagePath": terminationMessagePath = try r.text()
            case "terminationMessagePolicy": terminationMessagePolicy = try r.text()
            case "tty": tty = try r.flag() ?? false
            case "stdin": stdin = try r.flag() ?? false
            default: try r.skip()
            }
        }
    }
}

/// A port that a container says it listens on.
package struct ContainerPort: JSONReadable, Equatable {
    package var name: String?
    package var containerPort = 0
    package var hostPort: Int?
    package var `protocol`: String?

    package init() {}

    package mutating func read(from reader: inout JSONReader) throws(JSONError) {
        try reader.members { (r, key) throws(JSONError) in
            switch key {
            case "name": name = try r.text()
            case "containerPort": containerPort = try r.int() ?? 0
            case "hostPort": hostPort = try r.int()
            case "protocol": `protocol` = try r.text()
            default: try r.skip()
            }
        }
    }
}

/// What a container asks for and what it may use at most, by resource name.
package struct ResourceRequirements: JSONReadable, Equatable {
    package var requests: [String: Quantity] = [:]
    package var limits: [String: Quantity] = [:]

    package init() {}

    package mutating func read(from reader: inout JSONReader) throws(JSONError) {
        try reader.members { (r, key) throws(JSONError) in
            switch key {
            case "requests": requests = try r.repeatedQuantities(\.requests)
            case "limits": limits = try r.repeatedQuantities(\.limits)
            default: try r.skip()
            }
        }
    }
}

/// Where a volume is mounted in a container.
package struct VolumeMount: JSONReadable, Equatable {
    package var name = ""
    package var mountPath = ""
    package var subPath: String?
    package var subPathExpr: String?
    package var readOnly = false

    package init() {}

    package mutating func read(from reader: inout JSONReader) throws(JSONError) {
        try reader.members { (r, key) throws(JSONError) in
            switch key {
            case "name": name = try r.text() ?? ""
            case "mountPath": mountPath = try r.text() ?? ""
            case "subPath": subPath = try r.text()
            case "subPathExpr": subPathExpr = try r.text()
            case "readOnly": readOnly = try r.flag() ?? false
            default: try r.skip()
            }
        }
    }
}

/// A block device given to a container.
package struct VolumeDevice: JSONReadable, Equatable {
    package var name = ""
    package var devicePath = ""

    package init() {}

    package mutating func read(from reader: inout JSONReader) throws(JSONError) {
        try reader.members { (r, key) throws(JSONError) in
            switch key {
            case "name": name = try r.text() ?? ""
            case "devicePath": devicePath = try r.text() ?? ""
            default: try r.skip()
            }
        }
    }
}
