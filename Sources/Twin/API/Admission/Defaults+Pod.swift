import Core
import Kubernetes

extension Defaults {
    /// The defaults of a pod's spec; `isPod` for those that templates do not get.
    static func podSpec(_ spec: inout JSONObject, isPod: Bool) {
        if case .array(let volumes)? = spec["volumes"] { spec["volumes"] = .array(volumes.map(volume)) }
        let hostNetwork = spec["hostNetwork"]?.bool == true
        for field in ["initContainers", "containers", "ephemeralContainers"] {
            guard case .array(let containers)? = spec[field] else { continue }
            spec[field] = .null
            spec[field] = .array(containers.map { container($0, isPod: isPod, hostNetwork: hostNetwork) })
        }
        set(&spec, "restartPolicy", "Always")
        set(&spec, "terminationGracePeriodSeconds", 30)
        set(&spec, "dnsPolicy", "ClusterFirst")
        set(&spec, "securityContext", [:])
        set(&spec, "schedulerName", "default-scheduler")
        if let account = spec["serviceAccountName"] { set(&spec, "serviceAccount", account) }
        if isPod { set(&spec, "enableServiceLinks", true) }
    }

    private static func volume(_ volume: JSON) -> JSON {
        guard case .object(var volume) = volume else { return volume }
        if volume.count == 1 { volume["emptyDir"] = [:] }
        for source in ["configMap", "secret", "downwardAPI", "projected"] {
            if case .object(var inner)? = volume[source] {
                set(&inner, "defaultMode", 420)
                if case .array(let parts)? = inner["sources"] {
                    inner["sources"] = .array(
                        parts.map { part in
                            var part = part
                            if part["serviceAccountToken"] != nil, part[at: "serviceAccountToken", "expirationSeconds"] == nil {
                                part[at: "serviceAccountToken", "expirationSeconds"] = 3600
                            }
                            return part
                        })
                }
                volume[source] = .object(inner)
            }
        }
        if case .object(var path)? = volume["hostPath"] { set(&path, "type", ""); volume["hostPath"] = .object(path) }
        return .object(volume)
    }

    private static func container(_ container: JSON, isPod: Bool, hostNetwork: Bool) -> JSON {
        guard case .object(var container) = container else { return container }
        if case .array(let ports)? = container["ports"] {
            container["ports"] = .array(
                ports.map { port in
                    guard case .object(var port) = port else { return port }
                    if hostNetwork, let number = port["containerPort"] { set(&port, "hostPort", number) }
                    set(&port, "protocol", "TCP")
                    return .object(port)
                })
        }
        if case .array(let env)? = container["env"] {
            container["env"] = .array(
                env.map { variable in
                    var variable = variable
                    if variable[at: "valueFrom", "fieldRef"] != nil, variable[at: "valueFrom", "fieldRef", "apiVersion"] == nil {
                        variable[at: "valueFrom", "fieldRef", "apiVersion"] = "v1"
                    }
                    if variable[at: "valueFrom", "resourceFieldRef"] != nil,
                        variable[at: "valueFrom", "resourceFieldRef", "divisor"] == nil
                    {
                        variable[at: "valueFrom", "resourceFieldRef", "divisor"] = "0"
                    }
                    return variable
                })
        }
        set(&container, "resources", [:])
        if case .object(var resources)? = container["resources"], isPod, case .object(let limits)? = resources["limits"] {
            var requests = resources["requests"]?.object ?? [:]
            for (key, value) in limits { set(&requests, key, value) }
            if !requests.isEmpty { resources["requests"] = .object(requests) }
            container["resources"] = .object(resources)
        }
        for field in ["livenessProbe", "readinessProbe", "startupProbe"] {
            guard case .object(var probe)? = container[field] else { continue }
            if case .object(var get)? = probe["httpGet"] {
                set(&get, "path", "/")
                set(&get, "scheme", "HTTP")
                probe["httpGet"] = .object(get)
            }
            for name in ["timeoutSeconds", "periodSeconds", "successThreshold", "failureThreshold"] where probe[name] == 0 {
                probe[name] = nil
            }
            if case .object(var call)? = probe["grpc"] { set(&call, "service", ""); probe["grpc"] = .object(call) }
            set(&probe, "timeoutSeconds", 1)
            set(&probe, "periodSeconds", 10)
            set(&probe, "successThreshold", 1)
            set(&probe, "failureThreshold", 3)
            container[field] = .object(probe)
        }
        for hook in ["postStart", "preStop"] {
            guard case .object(var lifecycle)? = container["lifecycle"], case .object(var get)? = lifecycle[hook]?["httpGet"] else {
                continue
            }
            set(&get, "path", "/")
            set(&get, "scheme", "HTTP")
            lifecycle[hook] = ["httpGet": .object(get)]
            container["lifecycle"] = .object(lifecycle)
        }
        set(&container, "terminationMessagePath", "/dev/termination-log")
        set(&container, "terminationMessagePolicy", "File")
        if let image = container["image"]?.string { set(&container, "imagePullPolicy", isLatest(image) ? "Always" : "IfNotPresent") }
        return .object(container)
    }

    /// Whether an image has the tag `latest`, or none and no digest.
    private static func isLatest(_ image: String) -> Bool {
        if image.contains("@") { return false }
        guard let tag = image.split(separator: "/").last?.split(separator: ":", maxSplits: 1), tag.count == 2 else { return true }
        return tag[1] == "latest"
    }
}
