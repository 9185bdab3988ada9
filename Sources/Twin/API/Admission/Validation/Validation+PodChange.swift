import Core
import Kubernetes

/// What may change in a pod that exists (ValidatePodUpdate).
extension Validation {
    mutating func podChange(from old: JSON, to new: JSON) {
        let (before, after) = (old["spec"] ?? [:], new["spec"] ?? [:])
        for list in ["containers", "initContainers"] {
            let (had, has) = (before[list]?.array ?? [], after[list]?.array ?? [])
            if had.count != has.count { return forbidden("spec.\(list)", "pod updates may not add or remove containers") }
            for (at, one) in each(after[list], "spec.\(list)") where one[text: "image"].isEmpty { required("\(at).image") }
        }
        if !deadline(before["activeDeadlineSeconds"], after["activeDeadlineSeconds"]) { return }
        addedTolerations(before["tolerations"], after["tolerations"])
        let gates = Set((before["schedulingGates"]?.array ?? []).map { $0[text: "name"] })
        for (at, gate) in each(after["schedulingGates"], "spec.schedulingGates") where !gates.contains(gate[text: "name"]) {
            forbidden("\(at).name", "only deletion is allowed, but found new scheduling gate '\(gate[text: "name"])'")
        }
        let compared = Validation.keeping(after, from: before)
        guard Validation.comparable(before) != Validation.comparable(compared) else { return }
        forbidden(
            "spec",
            "pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,"
                + "`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),"
                + "`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)\n"
                + Validation.difference(before, compared, "PodSpec"))
    }

    /// False where nothing more is looked at.
    private mutating func deadline(_ old: JSON?, _ new: JSON?) -> Bool {
        let field = "spec.activeDeadlineSeconds"
        guard let new, let seconds = new.int else {
            if old != nil { invalid(field, .null, "must not update from a positive integer to nil value") }
            return true
        }
        if !(0...Int(Int32.max)).contains(seconds) {
            invalid(field, new, "must be between 0 and 2147483647, inclusive")
            return false
        }
        if let before = old?.int, before < seconds {
            invalid(field, new, "must be less than or equal to previous value")
            return false
        }
        return true
    }

    private mutating func addedTolerations(_ old: JSON?, _ new: JSON?) {
        func plain(_ list: JSON?) -> [JSON] { (list?.array ?? []).map { Validation.without(["tolerationSeconds"], $0) } }
        let kept = plain(new)
        if plain(old).contains(where: { !kept.contains($0) }) {
            return forbidden("spec.tolerations", "existing toleration can not be modified except its tolerationSeconds")
        }
        tolerations(new, "spec.tolerations")
    }

    /// The new spec with the old values of what may change.
    private static func keeping(_ new: JSON, from old: JSON) -> JSON {
        var spec = new
        for list in ["containers", "initContainers"] {
            guard let containers = new[list]?.array else { continue }
            spec[list] = .array(
                containers.enumerated().map { i, container in
                    var container = container
                    container["image"] = old[list]?[i]?["image"]
                    return container
                })
        }
        for member in ["activeDeadlineSeconds", "tolerations", "schedulingGates"] { spec[member] = old[member] }
        if let seconds = old["terminationGracePeriodSeconds"]?.int, seconds < 0, new["terminationGracePeriodSeconds"] == 1 {
            spec["terminationGracePeriodSeconds"] = old["terminationGracePeriodSeconds"]
        }
        guard old["schedulingGates"]?.array?.isEmpty == false else { return spec }
        // While a pod is held back, where it may go can be narrowed.
        let selected = new["nodeSelector"]?.stringMap ?? [:]
        if (old["nodeSelector"]?.stringMap ?? [:]).allSatisfy({ selected[$0.key] == $0.value }) {
            spec["nodeSelector"] = old["nodeSelector"]
        }
        if old[at: "affinity", "nodeAffinity"] == nil {
            spec[at: "affinity", "nodeAffinity"] = nil
            if spec["affinity"] == [:], old["affinity"] == nil { spec["affinity"] = nil }
        }
        return spec
    }

    /// Without what is set by other ways or is the same under two names.
    private static func comparable(_ spec: JSON) -> JSON { without(["serviceAccount", "ephemeralContainers", "nodeName"], spec) }

    // MARK: Subresources

    /// What may not change by the subresources `resize` and `ephemeralcontainers`, which change what an update may not
    /// (ValidatePodResize, ValidatePodEphemeralContainersUpdate). Throws 422.
    static func checkPodSubresource(_ pod: JSON, old: JSON) throws(APIFailure) {
        var validation = Validation(old: old)
        validation.metadata(pod, .pods)
        validation.pod(pod)
        validation.keptEphemeralContainers(from: old, to: pod)
        validation.keptResources(from: old["spec"] ?? [:], to: pod)
        guard validation.causes.isEmpty else {
            throw APIFailure.invalid(.pods, name: pod[at: "metadata", "name"]?.string ?? "", causes: validation.causes)
        }
    }

    private mutating func keptEphemeralContainers(from old: JSON, to new: JSON) {
        let (field, present) = ("spec.ephemeralContainers", new[at: "spec", "ephemeralContainers"]?.array ?? [])
        for one in old[at: "spec", "ephemeralContainers"]?.array ?? [] {
            let name = JSON.string(one[text: "name"]).text()
            guard let now = present.first(where: { $0["name"] == one["name"] }) else {
                forbidden(field, "existing ephemeral containers \(name) may not be removed\n")
                continue
            }
            if now == one { continue }
            forbidden(
                field,
                "existing ephemeral containers \(name) may not be changed\n" + Validation.difference(one, now, "EphemeralContainer"))
        }
    }

    private mutating func keptResources(from old: JSON, to pod: JSON) {
        let new = pod["spec"] ?? [:]
        if QualityOfService.of(new) != QualityOfService.of(old) {
            invalid("spec", pod[at: "status", "qosClass"] ?? "", "Pod QOS Class may not change as a result of resizing")
        }
        for list in ["initContainers", "containers"] {
            let before = old[list]?.array ?? []
            for (i, (at, one)) in each(new[list], "spec.\(list)").enumerated() where i < before.count {
                for kind in ["requests", "limits"] {
                    let had = before[i][at: "resources", kind]?.object?.keys ?? []
                    if had.contains(where: { one[at: "resources", kind, $0] == nil }) {
                        forbidden("\(at).resources.\(kind)", "resource \(kind) cannot be removed")
                    }
                }
            }
        }
    }
}
