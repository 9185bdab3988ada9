import Core
import Kubernetes

// Containers (core/validation validateContainerCommon).
extension Validation {
    mutating func container(_ container: JSON, _ field: String, volumes: Set<String>) {
        let name = container["name"]?.string ?? ""
        if name.isEmpty { required("\(field).name") } else { label(name, "\(field).name") }
        if container["image"]?.string?.isEmpty ?? true { required("\(field).image") }
        oneOf(container["terminationMessagePolicy"], ["File", "FallbackToLogsOnError"], "\(field).terminationMessagePolicy")
        ports(container["ports"]?.array ?? [], "\(field).ports")
        environment(container["env"]?.array ?? [], "\(field).env")
        environmentSources(container["envFrom"]?.array ?? [], "\(field).envFrom")
        mounts(container, "\(field).volumeMounts", volumes: volumes)
        oneOf(container["imagePullPolicy"], ["Always", "IfNotPresent", "Never"], "\(field).imagePullPolicy")
        resources(container["resources"] ?? [:], "\(field).resources")
        if let context = container["securityContext"] { security(context, "\(field).securityContext") }
    }

    private mutating func ports(_ ports: [JSON], _ field: String) {
        var names: Set<String> = []
        for (i, port) in ports.enumerated() {
            let place = "\(field)[\(i)]"
            if let name = port["name"]?.string, !name.isEmpty {
                let problems = Names.portNameProblems(name)
                for why in problems { invalid("\(place).name", .string(name), why) }
                if problems.isEmpty { unique(name, &names, "\(place).name") }
            }
            let number = port["containerPort"]?.int ?? 0
            if number == 0 { required("\(place).containerPort") } else { portNumber(number, "\(place).containerPort") }
            if let host = port["hostPort"]?.int, host != 0 { portNumber(host, "\(place).hostPort") }
            oneOf(port["protocol"], ["SCTP", "TCP", "UDP"], "\(place).protocol")
        }
    }

    mutating func portNumber(_ number: Int, _ field: String) { inclusive(number, 1...65535, field) }

    /// A port by its number or its name.
    mutating func portNumberOrName(_ port: JSON?, _ field: String) {
        if let name = port?.string {
            for why in Names.portNameProblems(name) { invalid(field, .string(name), why) }
        } else {
            portNumber(port?.int ?? 0, field)
        }
    }

    private mutating func environment(_ variables: [JSON], _ field: String) {
        for (i, variable) in variables.enumerated() {
            let place = "\(field)[\(i)]"
            let name = variable["name"]?.string ?? ""
            if name.isEmpty {
                required("\(place).name")
            } else if !name.utf8.allSatisfy({ (0x20...0x7E).contains($0) && $0 != UInt8(ascii: "=") }) {
                invalid(
                    "\(place).name", .string(name),
                    "a valid environment variable name must consist only of printable ASCII characters other than '='")
            }
            if let source = variable["valueFrom"] {
                environmentValue(source, hasValue: variable["value"]?.string?.isEmpty == false, "\(place).valueFrom")
            }
        }
    }

    private static let fieldPaths: [String] = [
        "metadata.name", "metadata.namespace", "metadata.uid", "spec.nodeName", "spec.serviceAccountName", "status.hostIP",
        "status.hostIPs", "status.podIP", "status.podIPs",
    ]
    private static let resourcePaths: [String] = [
        "limits.cpu", "limits.ephemeral-storage", "limits.memory", "requests.cpu", "requests.ephemeral-storage", "requests.memory",
    ]

    private mutating func environmentValue(_ source: JSON, hasValue: Bool, _ field: String) {
        var sources = 0
        if let reference = source["fieldRef"] {
            sources += 1
            let path = reference["fieldPath"]?.string ?? ""
            if path.isEmpty {
                required("\(field).fieldRef.fieldPath")
            } else if !Validation.fieldPaths.contains(path), !path.hasPrefix("metadata.labels['"), !path.hasPrefix("metadata.annotations['")
            {
                if ["metadata.labels", "metadata.annotations"].contains(path) {
                    unsupported("\(field).fieldRef.fieldPath", .string(path), Validation.fieldPaths)
                } else {
                    invalid(
                        "\(field).fieldRef.fieldPath", .string(path), "error converting fieldPath: field label not supported: \(path)")
                }
            }
        }
        if let reference = source["resourceFieldRef"] {
            sources += 1
            let resource = reference["resource"]?.string ?? ""
            if resource.isEmpty {
                required("\(field).resourceFieldRef.resource")
            } else if !Validation.resourcePaths.contains(resource), !resource.contains(".hugepages-") {
                unsupported("\(field).resourceFieldRef.resource", .string(resource), Validation.resourcePaths)
            }
        }
        for kind in ["configMapKeyRef", "secretKeyRef"] {
            guard let reference = source[kind] else { continue }
            sources += 1
            subdomain(reference["name"]?.string ?? "", "\(field).\(kind).name")
            let key = reference["key"]?.string ?? ""
            if key.isEmpty { required("\(field).\(kind).key") } else { configKey(key, "\(field).\(kind).key") }
        }
        if source["fileKeyRef"] != nil { sources += 1 }
        if sources == 0 {
            invalid(field, "", "must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef`, `secretKeyRef` or `fileKeyRef`")
        } else if hasValue {
            invalid(field, "", "may not be specified when `value` is not empty")
        } else if sources > 1 {
            invalid(field, "", "may not have more than one field specified at a time")
        }
    }

    mutating func configKey(_ key: String, _ field: String) {
        for why in Names.configKeyProblems(key) { invalid(field, .string(key), why) }
    }

    private mutating func environmentSources(_ list: [JSON], _ field: String) {
        for (i, one) in list.enumerated() {
            let kinds = ["configMapRef", "secretRef"].filter { one[$0] != nil }
            for kind in kinds {
                let name = one[at: kind, "name"]?.string ?? ""
                let place = "\(field)[\(i)].\(kind).name"
                if name.isEmpty { required(place) } else { subdomain(name, place) }
            }
            if kinds.isEmpty { invalid(field, "", "must specify one of: `configMapRef` or `secretRef`") }
            if kinds.count > 1 { invalid(field, "", "may not have more than one field specified at a time") }
        }
    }

    private mutating func mounts(_ container: JSON, _ field: String, volumes: Set<String>) {
        var paths: Set<String> = []
        for (i, mount) in (container["volumeMounts"]?.array ?? []).enumerated() {
            let place = "\(field)[\(i)]"
            let name = mount["name"]?.string ?? ""
            if name.isEmpty { required("\(place).name") }
            if !volumes.contains(name) { notFound("\(place).name", .string(name)) }
            let path = mount["mountPath"]?.string ?? ""
            if path.isEmpty { required("\(place).mountPath") }
            if !paths.insert(path).inserted { invalid("\(place).mountPath", .string(path), "must be unique") }
            // The real server leaves the index out in the places of these.
            for kind in ["subPath", "subPathExpr"] {
                guard let inner = mount[kind]?.string, !inner.isEmpty else { continue }
                if kind == "subPathExpr", mount["subPath"]?.string?.isEmpty == false {
                    invalid("\(place).subPathExpr", .string(inner), "subPathExpr and subPath are mutually exclusive")
                }
                descending(inner, "\(field).\(kind)")
            }
            if let propagation = mount["mountPropagation"] {
                let known = ["Bidirectional", "HostToContainer", "None"]
                if !known.contains(propagation.string ?? "") {
                    unsupported("\(field).mountPropagation", propagation, known)
                } else if propagation == "Bidirectional", container[at: "securityContext", "privileged"]?.bool != true {
                    forbidden("\(field).mountPropagation", "Bidirectional mount propagation is available only to privileged containers")
                }
            }
        }
    }

    /// A path that stays below where it begins.
    mutating func descending(_ path: String, _ field: String) {
        if path.hasPrefix("/") { invalid(field, .string(path), "must be a relative path") }
        noBacksteps(path, field)
    }

    mutating func noBacksteps(_ path: String, _ field: String) {
        if path.split(separator: "/").contains("..") { invalid(field, .string(path), "must not contain '..'") }
    }

    // MARK: Resources

    static func isNative(_ resource: String) -> Bool { !resource.contains("/") || resource.contains("kubernetes.io/") }

    private static func mayBeOvercommitted(_ resource: String) -> Bool { isNative(resource) && !resource.hasPrefix("hugepages-") }

    mutating func containerResource(_ name: String, _ field: String) {
        let before = causes.count
        qualifiedName(name, field)
        let isStandard = ["cpu", "memory", "ephemeral-storage"].contains(name) || name.hasPrefix("hugepages-")
        if !name.contains("/"), !isStandard {
            if causes.count == before, !Validation.isStandardResource(name) {
                invalid(field, .string(name), "must be a standard resource type or fully qualified")
            }
            invalid(field, .string(name), "must be a standard resource for containers")
        }
    }

    /// Resources that a cluster or a quota knows without a prefix.
    static func isStandardResource(_ name: String) -> Bool {
        [
            "cpu", "memory", "ephemeral-storage", "storage", "requests.cpu", "requests.memory", "requests.ephemeral-storage",
            "requests.storage", "limits.cpu", "limits.memory", "limits.ephemeral-storage", "pods", "services", "replicationcontrollers",
            "resourcequotas", "secrets", "configmaps", "persistentvolumeclaims", "services.nodeports", "services.loadbalancers",
        ].contains(name) || name.hasPrefix("hugepages-") || name.hasPrefix("requests.hugepages-")
    }

    mutating func amount(_ value: JSON, _ name: String, _ field: String) {
        guard let amount = Amounts.quantity(value) else { return }
        if amount < .zero { invalid(field, .string(amount.description), "must be greater than or equal to 0") }
        let isWhole = !Validation.isNative(name) || Validation.counted.contains(name)
        if isWhole, amount.nano % 1_000_000_000 != 0 { invalid(field, .string(amount.description), "must be an integer") }
    }

    private static let counted: Set<String> = [
        "pods", "services", "replicationcontrollers", "resourcequotas", "secrets", "configmaps", "persistentvolumeclaims",
        "services.nodeports", "services.loadbalancers",
    ]

    mutating func resources(_ resources: JSON, _ field: String) {
        for kind in ["limits", "requests"] {
            for (name, value) in resources[kind]?.object ?? [:] {
                let place = "\(field).\(kind)[\(name)]"
                containerResource(name, place)
                amount(value, name, place)
                guard kind == "requests", let wanted = Amounts.quantity(value) else { continue }
                if let limit = Amounts.quantity(resources[at: "limits", name]) {
                    if wanted != limit, !Validation.mayBeOvercommitted(name) {
                        invalid("\(field).requests", .string(wanted.description), "must be equal to \(name) limit of \(limit)")
                    } else if wanted > limit {
                        invalid("\(field).requests", .string(wanted.description), "must be less than or equal to \(name) limit of \(limit)")
                    }
                } else if !Validation.mayBeOvercommitted(name) {
                    required("\(field).limits", "Limit must be set for non overcommitable resources")
                }
            }
        }
        let names = ["limits", "requests"].flatMap { resources[$0]?.object?.keys ?? [] }
        if names.contains(where: { $0.hasPrefix("hugepages-") }), !names.contains("cpu"), !names.contains("memory") {
            forbidden(field, "HugePages require cpu or memory")
        }
    }

    // MARK: Security

    /// A user or group by its number.
    mutating func identity(_ value: JSON?, _ field: String) {
        if let number = value?.int, !(0...2_147_483_647).contains(number) {
            invalid(field, JSON(number), "must be between 0 and 2147483647, inclusive")
        }
    }

    private mutating func security(_ context: JSON, _ field: String) {
        for name in ["runAsUser", "runAsGroup"] { identity(context[name], "\(field).\(name)") }
        oneOf(context["procMount"], ["Default", "Unmasked"], "\(field).procMount")
        if context["allowPrivilegeEscalation"]?.bool == false {
            if context["privileged"]?.bool == true {
                invalid(field, context, "cannot set `allowPrivilegeEscalation` to false and `privileged` to true")
            }
            let added = context[at: "capabilities", "add"]?.array ?? []
            if added.contains("CAP_SYS_ADMIN") {
                invalid(field, context, "cannot set `allowPrivilegeEscalation` to false and `capabilities.Add` CAP_SYS_ADMIN")
            }
        }
        seccomp(context["seccompProfile"], "\(field).seccompProfile")
    }

    mutating func seccomp(_ profile: JSON?, _ field: String) {
        guard let profile else { return }
        let known = ["Localhost", "RuntimeDefault", "Unconfined"]
        let kind = profile["type"]?.string ?? ""
        if kind.isEmpty {
            required("\(field).type", "type is required when seccompProfile is set")
        } else if !known.contains(kind) {
            unsupported("\(field).type", .string(kind), known)
        }
        if kind == "Localhost" {
            guard let path = profile["localhostProfile"]?.string else {
                return required("\(field).localhostProfile", "must be set when seccomp type is Localhost")
            }
            descending(path, "\(field).localhostProfile")
        } else if profile["localhostProfile"] != nil {
            invalid("\(field).localhostProfile", profile, "can only be set when seccomp type is Localhost")
        }
    }

    // MARK: Probes and hooks

    mutating func lifecycleAndProbes(_ container: JSON, _ field: String, grace: Int?) {
        for hook in ["postStart", "preStop"] {
            guard let handler = container[at: "lifecycle", hook] else { continue }
            self.handler(handler, "\(field).lifecycle.\(hook)", grace: grace)
        }
        for kind in ["livenessProbe", "readinessProbe", "startupProbe"] {
            guard let probe = container[kind] else { continue }
            let place = "\(field).\(kind)"
            handler(probe, place, grace: grace)
            for name in ["initialDelaySeconds", "timeoutSeconds", "periodSeconds", "successThreshold", "failureThreshold"] {
                nonNegative(probe[name], "\(place).\(name)")
            }
            positive(probe["terminationGracePeriodSeconds"], "\(place).terminationGracePeriodSeconds")
            if kind == "readinessProbe" {
                if let seconds = probe["terminationGracePeriodSeconds"] {
                    invalid("\(place).terminationGracePeriodSeconds", seconds, "must not be set for readinessProbes")
                }
            } else if let threshold = probe["successThreshold"], threshold.int != 1 {
                invalid("\(place).successThreshold", threshold, "must be 1")
            }
        }
    }

    private mutating func handler(_ handler: JSON, _ field: String, grace: Int?) {
        let kinds = ["exec", "httpGet", "tcpSocket", "grpc", "sleep"].filter { handler[$0] != nil }
        for (i, kind) in kinds.enumerated() {
            let place = "\(field).\(kind)"
            if i > 0 { forbidden(place, "may not specify more than 1 handler type"); continue }
            let action = handler[kind] ?? [:]
            switch kind {
            case "exec": if action["command"]?.array?.isEmpty ?? true { required("\(place).command") }
            case "httpGet":
                if action["path"]?.string?.isEmpty ?? true { required("\(place).path") }
                portNumberOrName(action["port"], "\(place).port")
                oneOf(action["scheme"], ["HTTP", "HTTPS"], "\(place).scheme")
            case "tcpSocket", "grpc": portNumberOrName(action["port"], "\(place).port")
            default:
                if let grace, let seconds = action["seconds"]?.int, !(0...max(0, grace)).contains(seconds) {
                    invalid(place, JSON(seconds), "must be non-negative and less than terminationGracePeriodSeconds (\(grace))")
                }
            }
        }
        if kinds.isEmpty { required(field, "must specify a handler type") }
    }
}
