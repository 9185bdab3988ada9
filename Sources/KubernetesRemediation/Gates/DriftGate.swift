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
        func annotation(_ key: String) -> String? { annotations[key].map { "annotation \(key): \($0)" } }
        func label(_ key: String) -> String? { labels[key].map { "label \(key): \($0)" } }
        func manager(_ names: String...) -> String? { managers.first(where: names.contains).map { "field manager \($0)" } }
        // Argo CD and Flux also install what is packed by Helm, and would undo a `helm rollback`, too: they are asked first.
        if let sign = annotation("argocd.argoproj.io/tracking-id") ?? label("argocd.argoproj.io/instance")
            ?? manager("argocd-controller", "argocd-application-controller")
        {
            return Owner(name: "Argo CD", instead: "change it in Git, or suspend the application's sync first", sign: sign)
        }
        if let sign = label("kustomize.toolkit.fluxcd.io/name") ?? label("helm.toolkit.fluxcd.io/name")
            ?? manager("kustomize-controller", "helm-controller")
        {
            return Owner(name: "Flux", instead: "change it in Git, or suspend the reconciliation first", sign: sign)
        }
        let release = "meta.helm.sh/release-name"
        let isManaged = labels["app.kubernetes.io/managed-by"] == "Helm"
        if let sign = annotation(release) ?? (isManaged ? label("app.kubernetes.io/managed-by") : nil) ?? manager("helm") {
            return Owner(
                name: annotations[release].map { "Helm release \($0)" } ?? "Helm",
                instead: "roll the release back with helm rollback, which keeps its history right", sign: sign)
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
