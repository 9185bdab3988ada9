import Core

/// Compares an object with its schema as Go's decoder does: fields that it does not know, and the first value that it cannot take.
struct SchemaCheck {
    private let schemas = Schemas.builtIn
    /// `spec.template.spec.containers[0].imagePullPolcy`, in the order in which the document has them, as the real
    /// server's decoder meets them.
    private(set) var unknown: [String] = []
    /// As Go's decoder words it. A value that decodes itself (an amount, a time) ends the decoding at once; a wrong type is only remembered.
    var problem: String? { refusal ?? wrongType }

    /// The same as the converter of strategic merge patches words it.
    var restoreProblem: String? { refusal ?? restore ?? wrongType }

    private var refusal: String?
    private var wrongType: String?
    private var restore: String?

    init(_ object: JSON, schema: ObjectSchema?) {
        if let schema { check(object, .object(schema.name, retainKeys: false), Place(path: "", struct: schema.name, field: "")) }
    }

    /// Where a value stands: its path for people, and the Go struct and field that errors name, which know neither indices nor keys of maps.
    private struct Place {
        var path: String
        var `struct`: String
        var field: String

        func member(_ name: String, of type: String) -> Place {
            Place(
                path: path.isEmpty ? name : "\(path).\(name)", struct: SchemaCheck.goStruct(type),
                field: field.isEmpty ? name : "\(field).\(name)")
        }

        func element(_ index: Int) -> Place { Place(path: "\(path)[\(index)]", struct: `struct`, field: field) }
    }

    private mutating func check(_ value: JSON, _ type: FieldType, _ place: Place) {
        if value.isNull || refusal != nil { return }
        switch type {
        case .object(let name, _):
            guard let schema = schemas[name] else { return }
            guard case .object(let members) = value else { return wrong(value, type, place) }
            for (key, member) in members {
                let inner = place.member(key, of: name)
                guard let field = schema[key] else { unknown.append(inner.path); continue }
                check(member, field, inner)
            }
        case .map(let element, _):
            guard case .object(let members) = value else { return wrong(value, type, place) }
            for (_, member) in members { check(member, element, place) }
        case .list(let element, _):
            guard case .array(let list) = value else { return wrong(value, type, place) }
            for (i, item) in list.enumerated() { check(item, element, place.element(i)) }
        case .string: if value.string == nil { wrong(value, type, place) }
        case .bytes:
            guard let text = value.string else { return wrong(value, type, place) }
            if wrongType == nil, let at = Base64.firstFault(text) { wrongType = "illegal base64 data at input byte \(at)" }
        case .time, .microTime:
            guard let text = value.string else { return refuse(value, type, place) }
            var isMicro = false
            if case .microTime = type { isMicro = true }
            refusal = GoTime.problem(text, micro: isMicro)
        case .quantity:
            if Amounts.quantity(value) == nil { refusal = Amounts.problem(value.string ?? value.text()) }
        case .integerOrString:
            if value.string != nil { return }
            guard let number = value.int, Int32(exactly: number) != nil else { return refuse(value, type, place) }
        case .integer: if value.int.flatMap({ Int32(exactly: $0) }) == nil { wrong(value, type, place) }
        case .long: if value.int == nil { wrong(value, type, place) }
        case .boolean: if value.bool == nil { wrong(value, type, place) }
        case .number: if value.double == nil { wrong(value, type, place) }
        case .any: break
        }
    }

    private mutating func wrong(_ value: JSON, _ type: FieldType, _ place: Place) {
        guard wrongType == nil else { return }
        wrongType = SchemaCheck.mismatch(value, type, place)
        restore = SchemaCheck.restoreMismatch(value, type)
    }

    private mutating func refuse(_ value: JSON, _ type: FieldType, _ place: Place) {
        refusal = SchemaCheck.mismatch(value, type, place)
    }

    private static func mismatch(_ value: JSON, _ type: FieldType, _ place: Place) -> String {
        let found =
            switch (value, type) {
            case (.integer, .integer), (.integer, .long), (.integer, .integerOrString), (.number, .integer), (.number, .long),
                (.number, .integerOrString):
                "number \(value.text())"
            case (.string, _): "string"
            case (.bool, _): "bool"
            case (.integer, _), (.number, _): "number"
            case (.array, _): "array"
            case (.object, _): "object"
            case (.null, _): "null"
            }
        return "json: cannot unmarshal \(found) into Go struct field \(place.struct).\(place.field) of type \(goType(type, place))"
    }

    private static func restoreMismatch(_ value: JSON, _ type: FieldType) -> String {
        let kind =
            switch value {
            case .string: "string"
            case .bool: "bool"
            case .integer: "int64"
            case .number: "float64"
            case .array: "slice"
            case .object: "map"
            case .null: "invalid"
            }
        return switch type {
        case .object: "cannot restore struct from: \(kind)"
        case .map: "cannot restore map from \(kind)"
        case .list, .bytes: "cannot restore slice from \(kind)"
        case .integer: "unrecognized type: int32"
        case .long: "unrecognized type: int64"
        case .boolean: "unrecognized type: bool"
        case .number: "unrecognized type: float64"
        default: "unrecognized type: string"
        }
    }

    // MARK: Go's names

    private static func goStruct(_ name: String) -> String {
        switch name {
        case "EventsEvent": "Event"
        case "HorizontalPodAutoscalerV1": "HorizontalPodAutoscaler"
        case "HorizontalPodAutoscalerV1Spec": "HorizontalPodAutoscalerSpec"
        case "StatefulSetRetention": "StatefulSetPersistentVolumeClaimRetentionPolicy"
        case "RollingUpdateStatefulSet": "RollingUpdateStatefulSetStrategy"
        default: String(name.split(separator: ".").last ?? "")
        }
    }

    private static func goType(_ type: FieldType, _ place: Place) -> String {
        switch type {
        case .object(let name, _): "v1.\(goStruct(name))"
        case .integer, .integerOrString: "int32"
        case .long: "int64"
        case .boolean: "bool"
        case .number: "float64"
        case .bytes: "[]uint8"
        case .map(.quantity, _): "v1.ResourceList"
        case .map(let element, _): "map[string]\(goType(element, Place(path: "", struct: "", field: "")))"
        case .list(let element, _): "[]\(goType(element, Place(path: "", struct: "", field: "")))"
        default: namedStrings["\(place.struct).\(place.field.split(separator: ".").last ?? "")"] ?? "string"
        }
    }

    /// Strings that have a Go type of their own.
    private static let namedStrings = [
        "ObjectMeta.uid": "types.UID", "OwnerReference.uid": "types.UID", "ObjectReference.uid": "types.UID",
        "PodSpec.restartPolicy": "v1.RestartPolicy", "PodSpec.dnsPolicy": "v1.DNSPolicy", "PodSpec.preemptionPolicy": "v1.PreemptionPolicy",
        "Container.restartPolicy": "v1.ContainerRestartPolicy", "Container.imagePullPolicy": "v1.PullPolicy",
        "Container.terminationMessagePolicy": "v1.TerminationMessagePolicy", "ContainerPort.protocol": "v1.Protocol",
        "HTTPGetAction.scheme": "v1.URIScheme", "VolumeMount.mountPropagation": "v1.MountPropagationMode",
        "HostPathVolumeSource.type": "v1.HostPathType", "EmptyDirVolumeSource.medium": "v1.StorageMedium",
        "Toleration.operator": "v1.TolerationOperator", "Toleration.effect": "v1.TaintEffect", "Taint.effect": "v1.TaintEffect",
        "NodeSelectorRequirement.operator": "v1.NodeSelectorOperator", "LabelSelectorRequirement.operator": "v1.LabelSelectorOperator",
        "TopologySpreadConstraint.whenUnsatisfiable": "v1.UnsatisfiableConstraintAction", "PodStatus.phase": "v1.PodPhase",
        "PodStatus.qosClass": "v1.PodQOSClass", "PodCondition.type": "v1.PodConditionType", "PodCondition.status": "v1.ConditionStatus",
        "ServiceSpec.type": "v1.ServiceType", "ServiceSpec.sessionAffinity": "v1.ServiceAffinity", "ServicePort.protocol": "v1.Protocol",
        "ServiceSpec.externalTrafficPolicy": "v1.ServiceExternalTrafficPolicy", "Secret.type": "v1.SecretType",
        "ServiceSpec.internalTrafficPolicy": "v1.ServiceInternalTrafficPolicy", "ServiceSpec.ipFamilyPolicy": "v1.IPFamilyPolicy",
        "PersistentVolumeClaimSpec.volumeMode": "v1.PersistentVolumeMode", "PersistentVolumeSpec.volumeMode": "v1.PersistentVolumeMode",
        "PersistentVolumeSpec.persistentVolumeReclaimPolicy": "v1.PersistentVolumeReclaimPolicy",
        "NamespaceStatus.phase": "v1.NamespacePhase",
        "DeploymentStrategy.type": "v1.DeploymentStrategyType", "StatefulSetSpec.podManagementPolicy": "v1.PodManagementPolicyType",
        "StatefulSetUpdateStrategy.type": "v1.StatefulSetUpdateStrategyType",
        "DaemonSetUpdateStrategy.type": "v1.DaemonSetUpdateStrategyType", "JobSpec.completionMode": "v1.CompletionMode",
        "JobSpec.podReplacementPolicy": "v1.PodReplacementPolicy", "CronJobSpec.concurrencyPolicy": "v1.ConcurrencyPolicy",
        "HTTPIngressPath.pathType": "v1.PathType", "StorageClass.reclaimPolicy": "v1.PersistentVolumeReclaimPolicy",
        "StorageClass.volumeBindingMode": "v1.VolumeBindingMode", "PriorityClass.preemptionPolicy": "v1.PreemptionPolicy",
        "LimitRangeItem.type": "v1.LimitType", "EndpointSlice.addressType": "v1.AddressType", "EndpointSlicePort.protocol": "v1.Protocol",
        "PodDisruptionBudgetSpec.unhealthyPodEvictionPolicy": "v1.UnhealthyPodEvictionPolicyType",
    ]
}
