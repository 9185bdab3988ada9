import Core
import Kubernetes

/// Containers of a pod, those that go before it and those that come later (validateContainers, validateInitContainers).
extension Validation {
    mutating func containers(_ spec: JSON, _ field: String, _ volumes: [String: JSON]) {
        let grace = spec["terminationGracePeriodSeconds"]?.int
        if spec["containers"]?.array?.isEmpty ?? true { required("\(field).containers") }
        var names: Set<String> = []
        for (at, container) in each(spec["containers"], "\(field).containers") {
            self.container(container, at, spec, volumes)
            if !names.insert(container[text: "name"]).inserted { duplicate("\(at).name", .string(container[text: "name"])) }
            hooks(container, at, grace)
            probes(container, at, grace)
            if container["restartPolicy"] != nil { containerRestarts(container, at) }
        }
        conflictingHostPorts(spec["containers"], "\(field).containers")
        for (at, container) in each(spec["initContainers"], "\(field).initContainers") {
            self.container(container, at, spec, volumes)
            containerRestarts(container, at)
            let name = container[text: "name"]
            if !names.insert(name).inserted, !name.isEmpty { duplicate("\(at).name", .string(name)) }
            if container["restartPolicy"] == "Always" {
                hooks(container, at, grace)
                probes(container, at, grace)
            } else {
                for member in ["lifecycle", "livenessProbe", "readinessProbe", "startupProbe"] where container[member] != nil {
                    forbidden("\(at).\(member)", "may not be set for init containers without restartPolicy=Always")
                }
            }
        }
        ephemeralContainers(spec, "\(field).ephemeralContainers", names, volumes)
    }

    private mutating func containerRestarts(_ container: JSON, _ at: String) {
        choice(container["restartPolicy"], "\(at).restartPolicy", ["Always", "Never", "OnFailure"])
    }

    private mutating func ephemeralContainers(_ spec: JSON, _ field: String, _ others: Set<String>, _ volumes: [String: JSON]) {
        var names = others
        for (at, container) in each(spec["ephemeralContainers"], field) {
            self.container(container, at, spec, volumes)
            let (name, target) = (container[text: "name"], container[text: "targetContainerName"])
            if !names.insert(name).inserted { duplicate("\(at).name", .string(name)) }
            if !target.isEmpty, !others.contains(target) { notFound("\(at).targetContainerName", target) }
            let never = ["ports", "resources", "livenessProbe", "readinessProbe", "startupProbe", "lifecycle", "resizePolicy"]
            for member in never where container[member] != nil && container[member] != [:] {
                forbidden("\(at).\(member)", "cannot be set for an Ephemeral Container")
            }
            for (at, mount) in each(container["volumeMounts"], "\(at).volumeMounts") {
                for member in ["subPath", "subPathExpr"] where !mount[text: member].isEmpty {
                    forbidden("\(at).\(member)", "cannot be set for an Ephemeral Container")
                }
            }
        }
    }

    /// What holds for containers of every sort.
    private mutating func container(_ container: JSON, _ field: String, _ spec: JSON, _ volumes: [String: JSON]) {
        requiredForm(container[text: "name"], "\(field).name", Names.label)
        if container[text: "image"].isEmpty { required("\(field).image") }
        choice(
            container["terminationMessagePolicy"], "\(field).terminationMessagePolicy", ["File", "FallbackToLogsOnError"], isRequired: true)
        containerPorts(container["ports"], "\(field).ports")
        environment(container, field)
        mounts(container, field, volumes)
        choice(container["imagePullPolicy"], "\(field).imagePullPolicy", ["Always", "IfNotPresent", "Never"], isRequired: true)
        resourceRequirements(container["resources"] ?? [:], "\(field).resources")
        resizing(container["resizePolicy"], "\(field).resizePolicy", restart: spec[text: "restartPolicy"])
        containerSecurity(container["securityContext"], "\(field).securityContext", isHostUser: spec["hostUsers"]?.bool ?? true)
    }

    private mutating func containerPorts(_ ports: JSON?, _ field: String) {
        var names: Set<String> = []
        for (at, port) in each(ports, field) {
            let name = port[text: "name"]
            if !name.isEmpty {
                if !Names.portName(name).isEmpty {
                    form(name, "\(at).name", Names.portName)
                } else if !names.insert(name).inserted {
                    duplicate("\(at).name", .string(name))
                }
            }
            if port["containerPort"]?.int ?? 0 == 0 {
                required("\(at).containerPort")
            } else {
                portNumber(port["containerPort"], "\(at).containerPort")
            }
            if let host = port["hostPort"], host != 0 { portNumber(host, "\(at).hostPort") }
            protocolName(port["protocol"], "\(at).protocol")
        }
    }

    private mutating func conflictingHostPorts(_ containers: JSON?, _ field: String) {
        var seen: Set<String> = []
        for (at, container) in each(containers, field) {
            for (at, port) in each(container["ports"], "\(at).ports") {
                guard let number = port["hostPort"]?.int, number != 0 else { continue }
                let key = "\(port[text: "protocol"])/\(port[text: "hostIP"])/\(number)"
                if !seen.insert(key).inserted { duplicate("\(at).hostPort", .string(key)) }
            }
        }
    }

    private mutating func resizing(_ policies: JSON?, _ field: String, restart: String) {
        var seen: Set<String> = []
        for (at, policy) in each(policies, field) {
            let name = policy[text: "resourceName"]
            if !seen.insert(name).inserted { duplicate(at, .string(name)) }
            choice(.string(name), field, ["cpu", "memory"], isRequired: true)
            choice(policy["restartPolicy"] ?? "", field, ["NotRequired", "RestartContainer"], isRequired: true)
            if restart == "Never", policy["restartPolicy"] != "NotRequired" {
                invalid(field, policy["restartPolicy"] ?? "", "must be 'NotRequired' when `restartPolicy` is 'Never'")
            }
        }
    }

    // MARK: Mounts

    private mutating func mounts(_ container: JSON, _ field: String, _ volumes: [String: JSON]) {
        let devices = container["volumeDevices"]?.array ?? []
        var paths: Set<String> = []
        // Some of the fields below are those of the list and not of its element: so the real server says them.
        let list = "\(field).volumeMounts"
        for (at, mount) in each(container["volumeMounts"], list) {
            let (name, path) = (mount[text: "name"], mount[text: "mountPath"])
            if name.isEmpty { required("\(at).name") }
            if volumes[name] == nil { notFound("\(at).name", name) }
            if path.isEmpty { required("\(at).mountPath") }
            if !paths.insert(path).inserted { invalid("\(at).mountPath", .string(path), "must be unique") }
            if devices.contains(where: { $0[text: "name"] == name }) {
                invalid("\(at).name", .string(name), "must not already exist in volumeDevices")
            }
            if devices.contains(where: { $0[text: "devicePath"] == path }) {
                invalid("\(at).mountPath", .string(path), "must not already exist as a path in volumeDevices")
            }
            if !mount[text: "subPath"].isEmpty { descendingPath(mount[text: "subPath"], "\(list).subPath") }
            if !mount[text: "subPathExpr"].isEmpty {
                if !mount[text: "subPath"].isEmpty {
                    invalid("\(at).subPathExpr", mount["subPathExpr"], "subPathExpr and subPath are mutually exclusive")
                }
                descendingPath(mount[text: "subPathExpr"], "\(list).subPathExpr")
            }
            propagation(mount, container, list)
        }
        for (at, device) in each(container["volumeDevices"], "\(field).volumeDevices") {
            let name = device[text: "name"]
            if name.isEmpty { required("\(at).name") }
            if let source = volumes[name] {
                if source["persistentVolumeClaim"] == nil, source["ephemeral"] == nil {
                    invalid(
                        "\(at).name", .string(name), "can only use volume source type of PersistentVolumeClaim or Ephemeral for block mode")
                }
            } else {
                notFound("\(at).name", name)
            }
            if device[text: "devicePath"].isEmpty { required("\(at).devicePath") }
        }
    }

    private mutating func propagation(_ mount: JSON, _ container: JSON, _ list: String) {
        choice(mount["mountPropagation"], "\(list).mountPropagation", ["Bidirectional", "HostToContainer", "None"])
        if mount["mountPropagation"] == "Bidirectional", container[at: "securityContext", "privileged"]?.bool != true {
            forbidden("\(list).mountPropagation", "Bidirectional mount propagation is available only to privileged containers")
        }
        guard let mode = mount["recursiveReadOnly"] else { return }
        let field = "\(list).recursiveReadOnly"
        choice(mode, field, ["Disabled", "Enabled", "IfPossible"])
        guard mode == "Enabled" || mode == "IfPossible" else { return }
        if mount["readOnly"]?.bool != true { forbidden(field, "may only be specified when readOnly is true") }
        if let other = mount["mountPropagation"], other != "None" {
            forbidden(field, "may only be specified when mountPropagation is None or not specified")
        }
    }
}
