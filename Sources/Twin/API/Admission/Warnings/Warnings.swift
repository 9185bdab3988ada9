import Core
import Kubernetes

/// What the API server warns of in an object that it takes (`WarningsOnCreate` and `WarningsOnUpdate` in pkg/registry/*/strategy.go): texts
/// and order are its own.
struct Warnings {
    private(set) var texts: [String] = []

    static func onCreate(_ object: JSON, _ type: ResourceType) -> [String] {
        var warnings = Warnings()
        let template = object[at: "spec", "template"]
        switch (type.group, type.plural) {
        case ("", "pods"):
            warnings.name(object, "the Pod's hostname")
            warnings.pod(object, "")
        case ("", "podtemplates"): warnings.pod(object["template"], "template")
        case ("apps", "deployments"), ("apps", "replicasets"), ("", "replicationcontrollers"):
            warnings.name(object, "Pod names and hostnames")
            warnings.pod(template, "spec.template")
        case ("apps", "daemonsets"): warnings.pod(template, "spec.template")
        case ("apps", "statefulsets"): warnings.statefulSet(object)
        case ("batch", "jobs"):
            warnings.name(object, "Pod names and hostnames")
            warnings.job(object["spec"], "spec")
        case ("batch", "cronjobs"):
            warnings.name(object, "Pod names and hostnames")
            warnings.job(object[at: "spec", "jobTemplate", "spec"], "spec.jobTemplate.spec")
        case ("networking.k8s.io", "ingresses"): warnings.ingress(object)
        default: warnings.always(object, type)
        }
        return warnings.texts
    }

    /// Templates are looked at where the spec has changed. Pods are not: people seldom change them by hand.
    static func onUpdate(_ object: JSON, old: JSON, _ type: ResourceType) -> [String] {
        var warnings = Warnings()
        let isChanged = object["spec"] != old["spec"]
        switch (type.group, type.plural) {
        case ("apps", "statefulsets") where isChanged: warnings.statefulSet(object)
        case ("apps", _) where isChanged: warnings.pod(object[at: "spec", "template"], "spec.template")
        case ("", "replicationcontrollers") where isChanged: warnings.pod(object[at: "spec", "template"], "spec.template")
        case ("", "podtemplates"): warnings.pod(object["template"], "template")
        case ("batch", "jobs") where isChanged: warnings.job(object["spec"], "spec")
        case ("batch", "cronjobs"):
            if isChanged { warnings.job(object[at: "spec", "jobTemplate", "spec"], "spec.jobTemplate.spec") }
            if object[at: "spec", "schedule"]?.string?.contains("TZ") == true {
                // The path is the real server's, slip and all.
                warnings.add(
                    "cannot use TZ or CRON_TZ in spec.spec.schedule, use timeZone instead, see "
                        + "https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/ for more details")
            }
        case ("", "pods"), ("networking.k8s.io", _): break
        default: warnings.always(object, type)
        }
        return warnings.texts
    }

    mutating func add(_ text: String) { texts.append(text) }

    /// What is warned of at every write alike.
    private mutating func always(_ object: JSON, _ type: ResourceType) {
        switch (type.group, type.plural) {
        case ("", "services"): service(object)
        case ("", "persistentvolumes"): persistentVolume(object)
        case ("", "persistentvolumeclaims"):
            storageClassAnnotation(object)
            claim(object["spec"], "spec")
        case ("", "nodes"):
            if object[at: "spec", "externalID"]?.string?.isEmpty == false {
                add("spec.externalID: this field is deprecated, and is unused by Kubernetes")
            }
        case ("node.k8s.io", "runtimeclasses"):
            for key in (object[at: "scheduling", "nodeSelector"]?.stringMap ?? [:]).keys.sorted() {
                if let message = Warnings.deprecatedNodeLabels[key] { add("scheduling.nodeSelector: \(message)") }
            }
        default: break
        }
    }

    private mutating func name(_ object: JSON, _ use: String) {
        let mistakes = Names.label(object[at: "metadata", "name"]?.string ?? "")
        guard !mistakes.isEmpty else { return }
        add(
            "metadata.name: this is used in \(use), which can result in surprising behavior; a DNS label is recommended: "
                + "[\(mistakes.joined(separator: " "))]")
    }

    private mutating func statefulSet(_ object: JSON) {
        pod(object[at: "spec", "template"], "spec.template")
        for (i, claim) in (object[at: "spec", "volumeClaimTemplates"]?.array ?? []).enumerated() {
            self.claim(claim["spec"], "spec.volumeClaimTemplates[\(i)].spec")
        }
        if let limit = object[at: "spec", "revisionHistoryLimit"]?.int, limit < 0 {
            add("spec.revisionHistoryLimit: a negative value retains all historical revisions; a value >= 0 is recommended")
        }
    }

    private mutating func job(_ spec: JSON?, _ field: String) {
        let (completions, parallelism) = (spec?["completions"]?.int ?? 0, spec?["parallelism"]?.int ?? 0)
        if spec?["completionMode"] == "Indexed", completions > 100_000, parallelism > 10_000 {
            add(
                "\(field): In Indexed Jobs with a number of completions higher than 10^5 and a parallelism higher than 10^4, Kubernetes might "
                    + "not be able to track completedIndexes when a big number of indexes fail")
        }
        pod(spec?["template"], "\(field).template")
    }

    private mutating func ingress(_ object: JSON) {
        let annotation = "kubernetes.io/ingress.class"
        if object[at: "metadata", "annotations", annotation] != nil, object[at: "spec", "ingressClassName"] == nil {
            add("annotation \"\(annotation)\" is deprecated, please use 'spec.ingressClassName' instead")
        }
    }

    private mutating func service(_ object: JSON) {
        let hints = "service.kubernetes.io/topology-aware-hints"
        if object[at: "metadata", "annotations", hints] != nil {
            add("annotation \(hints) is deprecated, please use service.kubernetes.io/topology-mode instead")
        }
        let spec = object["spec"] ?? [:]
        let isExternal = spec["type"] == "ExternalName"
        let isHeadless = spec["type"] == "ClusterIP" && spec["clusterIP"] == "None"
        let hasAddresses = spec["externalIPs"]?.array?.isEmpty == false
        if isHeadless {
            if spec["loadBalancerIP"]?.string?.isEmpty == false { add("spec.loadBalancerIP is ignored for headless services") }
            if hasAddresses { add("spec.externalIPs is ignored for headless services") }
            if spec["sessionAffinity"] != "None" { add("spec.SessionAffinity is ignored for headless services") }
        }
        if hasAddresses, !isHeadless, !isExternal {
            add("spec.externalIPs is deprecated and may no longer be implemented in some clusters")
        }
        if isExternal, hasAddresses { add("spec.externalIPs is ignored when spec.type is \"ExternalName\"") }
        if !isExternal, spec["externalName"]?.string?.isEmpty == false {
            add("spec.externalName is ignored when spec.type is not \"ExternalName\"")
        }
        if spec["trafficDistribution"] == "PreferClose" {
            add("spec.trafficDistribution: \"PreferClose\" is deprecated; use \"PreferSameZone\"")
        }
    }
}
