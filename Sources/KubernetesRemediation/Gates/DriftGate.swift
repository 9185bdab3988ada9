package import Core
package import Kubernetes
package import Remediation

/// Whether something else owns the object and would undo a change made here: Git through Argo CD or Flux, Helm, an operator, an
/// autoscaler.
package struct DriftGate: GateCheck {
    private let reader: WorkloadReader

    package init(read: KubernetesClient) { reader = WorkloadReader(read) }

    package var gate: GateResult.Gate { .drift }
    package var isCheckedAgain: Bool { true }

    package func check(_ plan: Plan, in context: GateContext) async -> GateResult {
        var managers: Set<String> = []
        for target in Array(Set(plan.steps.map(\.target))).sorted() {
            let name = target.resource
            do {
                guard let key = WorkloadReader.key(target) else {
                    return GateResult(.drift, .inconclusive, "\(name) is of a kind that is not known")
                }
                let object = try await reader.client.get(key)
                if let owner = DriftGate.owner(of: object) {
                    return GateResult(
                        .drift, .fail, "\(owner.name) owns \(name) and would undo it: \(owner.instead)", details: [owner.sign])
                }
                if plan.steps.contains(where: { $0.target == target && $0.type == "scale" }),
                    let scaler = try await autoscaler(of: target), (object[at: "spec", "replicas"]?.int ?? 1) > 0
                {
                    return GateResult(.drift, .fail, "HorizontalPodAutoscaler/\(scaler) sets the replicas of \(name) and would undo it")
                }
                for entry in object[at: "metadata", "managedFields"]?.array ?? [] where entry["subresource"] == nil {
                    if let manager = entry["manager"]?.string { managers.insert(manager) }
                }
            } catch let error as APIError {
                return GateResult(.drift, .inconclusive, "\(name) could not be read: \(error.martletError(now: nil).message)")
            } catch {
                return GateResult(.drift, .inconclusive, "\(name) could not be read: \(error)")
            }
        }
        let names = managers.subtracting(["kube-controller-manager", "martlet"]).sorted()
        let by = names.isEmpty ? "" : " (set by \(names.joined(separator: ", ")))"
        return GateResult(.drift, .pass, "neither Git nor another controller owns it\(by)")
    }

    struct Owner {
        let name: String
        let instead: String
        /// Which label, annotation or field manager told.
        let sign: String
    }

    static func owner(of object: JSON) -> Owner? {
        let labels = object[at: "metadata", "labels"]?.stringMap ?? [:]
        let annotations = object[at: "metadata", "annotations"]?.stringMap ?? [:]
        let managers = (object[at: "metadata", "managedFields"]?.array ?? []).compactMap { $0["manager"]?.string }
        let argo = "change it in Git, or suspend the application's sync first"
        let flux = "change it in Git, or suspend the reconciliation first"
        let helm = "roll the release back with helm rollback, which keeps its history right"
        for (key, value) in annotations.sorted(by: { $0.key < $1.key }) {
            if key == "argocd.argoproj.io/tracking-id" { return Owner(name: "Argo CD", instead: argo, sign: "annotation \(key): \(value)") }
            if key == "meta.helm.sh/release-name" {
                return Owner(name: "Helm release \(value)", instead: helm, sign: "annotation \(key): \(value)")
            }
        }
        for (key, value) in labels.sorted(by: { $0.key < $1.key }) {
            if key == "argocd.argoproj.io/instance" { return Owner(name: "Argo CD", instead: argo, sign: "label \(key): \(value)") }
            if key == "kustomize.toolkit.fluxcd.io/name" || key == "helm.toolkit.fluxcd.io/name" {
                return Owner(name: "Flux", instead: flux, sign: "label \(key): \(value)")
            }
            if key == "app.kubernetes.io/managed-by", value == "Helm" {
                return Owner(name: "Helm", instead: helm, sign: "label \(key): \(value)")
            }
        }
        for manager in managers {
            switch manager {
            case "argocd-controller", "argocd-application-controller":
                return Owner(name: "Argo CD", instead: argo, sign: "field manager \(manager)")
            case "kustomize-controller", "helm-controller": return Owner(name: "Flux", instead: flux, sign: "field manager \(manager)")
            case "helm": return Owner(name: "Helm", instead: helm, sign: "field manager \(manager)")
            default: continue
            }
        }
        for owner in object[at: "metadata", "ownerReferences"]?.array ?? [] where owner["controller"]?.bool == true {
            let name = "\(owner["kind"]?.string ?? "")/\(owner["name"]?.string ?? "")"
            return Owner(name: name, instead: "change \(name)", sign: "owner reference")
        }
        return nil
    }

    /// The autoscaler that aims at a workload. Where there is no such API there is none.
    private func autoscaler(of target: EntityPath) async throws -> String? {
        do {
            return try await reader.objects(.horizontalPodAutoscalers, in: ListScope(namespace: target.namespace)).first {
                $0[at: "spec", "scaleTargetRef", "kind"]?.string == target.kind
                    && $0[at: "spec", "scaleTargetRef", "name"]?.string == target.name
            }?[at: "metadata", "name"]?.string
        } catch let error as APIError where error.martletError(now: nil).code == .notFound { return nil }
    }
}
