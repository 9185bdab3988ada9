package import Core
package import Kubernetes

/// What stands between a request and the store: defaults, service account, limit ranges, quota, and the checks of the object.
package enum Admission {
    /// An object that a controller of the simulation makes, as it would be stored; throws 403, 404 or 422 as the API server does.
    /// `store` makes up the names that objects do not bring.
    package static func admit(_ object: JSON, _ type: ResourceType, _ store: inout ObjectStore) throws(APIFailure) -> JSON {
        let owner = object[at: "metadata", "ownerReferences"]?[0]?["kind"]?.string
        var unheard: [String] = []
        return try admit(AdmissionRequest(created: object, type: type, by: owner), object, &store, warnings: &unheard)
    }

    /// The object of a request as it would be stored. `warnings` are for the client.
    static func admit(
        _ request: AdmissionRequest, _ object: JSON, _ store: inout ObjectStore, warnings: inout [String]
    ) throws(APIFailure) -> JSON {
        let type = request.resource.storage
        var request = request
        var object = Defaults.apply(object, type: type)
        let name = object[at: "metadata", "name"]?.string ?? ""
        let base = object[at: "metadata", "generateName"]?.string ?? ""
        let namespace = object[at: "metadata", "namespace"]?.string ?? ""
        var key = ObjectKey(type: type, namespace: namespace, name: name.isEmpty ? base : name)
        if type.isNamespaced { try checkNamespace(key, store) }
        if type == .pods {
            object = try serviceAccount(object, key, store)
            object = LimitRanges.complete(object, key, store)
            object = try priority(object, key, store)
        }
        // A name is made up after the plugins that complete an object and before those that judge it, whose refusals tell it.
        if name.isEmpty, !base.isEmpty {
            key = store.unusedKey(type, namespace: namespace, base: base)
            object[at: "metadata", "name"] = .string(key.name)
        }
        switch type {
        case .pods:
            object = try RuntimeClasses.complete(tolerations(object), key, store)
            object["status"] = firstStatus(object)
        case .persistentVolumeClaims: object = protected(storageClass(object, store), by: "kubernetes.io/pvc-protection")
        case .persistentVolumes: object = protected(object, by: "kubernetes.io/pv-protection")
        case .nodes: object = notReady(object)
        default: break
        }
        try Webhooks.check(object, key, operation: "CREATE", .mutating, store)
        if request.resource.custom == nil { try Validation.check(object, type: type) }
        try CustomVersion.check(object, old: nil, request.resource, warnings: &warnings)
        if type == .services { object = try ServiceAllocation.allocate(object, old: nil, store) }
        try LimitRanges.check(object, key, store)
        if type == .pods { try PodSecurity.check(object, key, store) }
        if let text = securityWarning(object, type, store) { warnings.append(text) }
        request.object = object
        request.name = key.name
        try AdmissionPolicies.check(request, store, warnings: &warnings)
        try Webhooks.check(object, key, operation: "CREATE", .validating, store)
        try Quota.check(object, key, store)
        return object
    }

    /// What the namespace of a pod or a template warns of.
    static func securityWarning(_ object: JSON, _ type: ResourceType, _ store: ObjectStore) -> String? {
        let name = object[at: "metadata", "namespace"]?.string ?? ""
        guard let pod = type == .pods ? object : object[at: "spec", "template"] else { return nil }
        return PodSecurity.warning(pod, namespace: store.get(ObjectKey(type: .namespaces, namespace: "", name: name)))
    }

    private static func checkNamespace(_ key: ObjectKey, _ store: ObjectStore) throws(APIFailure) {
        let home = ObjectKey(type: .namespaces, namespace: "", name: key.namespace)
        guard let namespace = store.get(home) else { throw APIFailure.notFound(home) }
        if namespace[at: "metadata", "deletionTimestamp"] != nil || namespace[at: "status", "phase"] == "Terminating" {
            var failure = APIFailure.forbidden(
                key, "unable to create new content in namespace \(key.namespace) because it is being terminated")
            failure.causes = [
                .init(
                    reason: "NamespaceTerminating", message: "namespace \(key.namespace) is being terminated", field: "metadata.namespace")
            ]
            throw failure
        }
    }

    private static func serviceAccount(_ pod: JSON, _ key: ObjectKey, _ store: ObjectStore) throws(APIFailure) -> JSON {
        var pod = pod
        guard pod[at: "metadata", "annotations", "kubernetes.io/config.mirror"] == nil else { return pod }
        let name = pod[at: "spec", "serviceAccountName"]?.string.flatMap { $0.isEmpty ? nil : $0 } ?? "default"
        let account = ObjectKey(type: .serviceAccounts, namespace: key.namespace, name: name)
        guard let found = store.get(account) else {
            throw APIFailure.forbidden(
                key, "error looking up service account \(key.namespace)/\(name): serviceaccount \"\(name)\" not found")
        }
        pod[at: "spec", "serviceAccountName"] = .string(name)
        pod[at: "spec", "serviceAccount"] = .string(name)
        if pod[at: "spec", "imagePullSecrets"] == nil, let secrets = found["imagePullSecrets"] {
            pod[at: "spec", "imagePullSecrets"] = secrets
        }
        let wanted = pod[at: "spec", "automountServiceAccountToken"]?.bool ?? found["automountServiceAccountToken"]?.bool ?? true
        return wanted ? withToken(pod, key) : pod
    }

    private static let tokenPath = "/var/run/secrets/kubernetes.io/serviceaccount"

    /// The projected volume with token, certificate and namespace, mounted where nothing else is.
    private static func withToken(_ pod: JSON, _ key: ObjectKey) -> JSON {
        var pod = pod
        func mounts(_ container: JSON) -> Bool {
            (container["volumeMounts"]?.array ?? []).contains { $0["mountPath"]?.string == tokenPath }
        }
        let containers = (pod[at: "spec", "containers"]?.array ?? []) + (pod[at: "spec", "initContainers"]?.array ?? [])
        guard containers.contains(where: { !mounts($0) }) else { return pod }
        var suffix = SeededGenerator(seed: StableHash.of(key.namespace + "/" + key.name))
        let alphabet = Array("bcdfghjklmnpqrstvwxz2456789".utf8)
        let name =
            "kube-api-access-" + String(decoding: (0..<5).map { _ in alphabet[Int(suffix.next() % UInt64(alphabet.count))] }, as: UTF8.self)
        for field in ["initContainers", "containers"] {
            guard case .array(let list)? = pod[at: "spec", field] else { continue }
            pod[at: "spec", field] = .array(
                list.map { container in
                    if mounts(container) { return container }
                    var container = container
                    container["volumeMounts"] = .array(
                        (container["volumeMounts"]?.array ?? []) + [
                            ["name": .string(name), "readOnly": true, "mountPath": .string(tokenPath)]
                        ])
                    return container
                })
        }
        let volume: JSON = [
            "name": .string(name),
            "projected": [
                "sources": [
                    ["serviceAccountToken": ["expirationSeconds": 3607, "path": "token"]],
                    ["configMap": ["name": "kube-root-ca.crt", "items": [["key": "ca.crt", "path": "ca.crt"]]]],
                    [
                        "downwardAPI": [
                            "items": [["path": "namespace", "fieldRef": ["apiVersion": "v1", "fieldPath": "metadata.namespace"]]]
                        ]
                    ],
                ], "defaultMode": 420,
            ],
        ]
        pod[at: "spec", "volumes"] = .array((pod[at: "spec", "volumes"]?.array ?? []) + [volume])
        return pod
    }

    private static func priority(_ pod: JSON, _ key: ObjectKey, _ store: ObjectStore) throws(APIFailure) -> JSON {
        var pod = pod
        let classes = store.list(.priorityClasses, namespace: nil)
        var chosen = classes.first { $0["globalDefault"]?.bool == true }
        if let name = pod[at: "spec", "priorityClassName"]?.string, !name.isEmpty {
            chosen = classes.first { $0[at: "metadata", "name"]?.string == name }
            guard chosen != nil || systemClasses[name] != nil else {
                throw APIFailure.forbidden(key, "no PriorityClass with name \(name) was found")
            }
            pod[at: "spec", "priority"] = chosen == nil ? systemClasses[name] : nil
        }
        if let chosen {
            pod[at: "spec", "priorityClassName"] = chosen[at: "metadata", "name"]
            pod[at: "spec", "priority"] = chosen["value"]
            pod[at: "spec", "preemptionPolicy"] = chosen["preemptionPolicy"] ?? "PreemptLowerPriority"
        } else {
            if pod[at: "spec", "priority"] == nil { pod[at: "spec", "priority"] = 0 }
            if pod[at: "spec", "preemptionPolicy"] == nil { pod[at: "spec", "preemptionPolicy"] = "PreemptLowerPriority" }
        }
        return pod
    }

    /// Classes that every cluster has, also one into which none was put.
    private static let systemClasses: [String: JSON] = [
        "system-node-critical": 2_000_001_000, "system-cluster-critical": 2_000_000_000,
    ]

    /// What the status of a new pod says (registry/core/pod strategy).
    private static func firstStatus(_ pod: JSON) -> JSON {
        var status: JSON = ["phase": "Pending"]
        if pod[at: "spec", "schedulingGates"]?.array?.isEmpty == false {
            status["conditions"] = [
                [
                    "type": "PodScheduled", "status": "False", "lastProbeTime": .null, "lastTransitionTime": .null,
                    "reason": "SchedulingGated",
                    "message": "Scheduling is blocked due to non-empty scheduling gates",
                ]
            ]
        }
        status["qosClass"] = .string(QualityOfService.of(pod["spec"] ?? [:]).rawValue)
        return status
    }

    /// A volume or claim that does not go while it is in use (admission plug-in StorageObjectInUseProtection).
    private static func protected(_ object: JSON, by finalizer: JSON) -> JSON {
        var object = object
        let finalizers = object[at: "metadata", "finalizers"]?.array ?? []
        if !finalizers.contains(finalizer) { object[at: "metadata", "finalizers"] = .array(finalizers + [finalizer]) }
        return object
    }

    /// A new node takes no pods before it says that it is ready (admission plug-in TaintNodesByCondition).
    private static func notReady(_ node: JSON) -> JSON {
        var node = node
        let taint: JSON = ["key": "node.kubernetes.io/not-ready", "effect": "NoSchedule"]
        let taints = node[at: "spec", "taints"]?.array ?? []
        if !taints.contains(taint) { node[at: "spec", "taints"] = .array(taints + [taint]) }
        return node
    }

    /// Pods stay five minutes on a node that is lost.
    private static func tolerations(_ pod: JSON) -> JSON {
        var pod = pod
        var list = pod[at: "spec", "tolerations"]?.array ?? []
        for key in ["node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable"] {
            let has = list.contains {
                ($0["key"]?.string == key || $0["key"] == nil && $0["operator"] == "Exists")
                    && ($0["effect"] == nil || $0["effect"] == "NoExecute")
            }
            if !has { list.append(["key": .string(key), "operator": "Exists", "effect": "NoExecute", "tolerationSeconds": 300]) }
        }
        pod[at: "spec", "tolerations"] = .array(list)
        return pod
    }

    private static func storageClass(_ claim: JSON, _ store: ObjectStore) -> JSON {
        guard claim[at: "spec", "storageClassName"] == nil else { return claim }
        let chosen = store.list(.storageClasses, namespace: nil).first {
            $0[at: "metadata", "annotations", "storageclass.kubernetes.io/is-default-class"] == "true"
        }
        guard let chosen else { return claim }
        var claim = claim
        claim[at: "spec", "storageClassName"] = chosen[at: "metadata", "name"]
        return claim
    }

    /// A claim grows only where its class lets it (admission plug-in PersistentVolumeClaimResize).
    static func resize(_ claim: JSON, old: JSON, _ key: ObjectKey, _ store: ObjectStore) throws(APIFailure) {
        func size(_ claim: JSON) -> Quantity? { Amounts.quantity(claim[at: "spec", "resources", "requests", "storage"]) }
        guard let wanted = size(claim), let had = size(old), wanted > had else { return }
        guard old[at: "status", "phase"] == "Bound" else {
            throw APIFailure.forbidden(key, "Only bound persistent volume claims can be expanded")
        }
        let name = claim[at: "spec", "storageClassName"]?.string ?? ""
        let home = store.get(ObjectKey(type: .storageClasses, namespace: "", name: name))
        guard home?["allowVolumeExpansion"]?.bool == true else {
            throw APIFailure.forbidden(
                key, "only dynamically provisioned pvc can be resized and the storageclass that provisions the pvc must support resize")
        }
    }
}
