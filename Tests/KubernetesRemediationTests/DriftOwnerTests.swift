import Core
import Testing

@testable import KubernetesRemediation

/// Who owns an object, by the marks that Argo CD, Flux and Helm leave on it, and what to do instead.
@Suite struct DriftOwnerTests {
    private func owner(labels: JSON = [:], annotations: JSON = [:], manager: String = "kubectl") -> DriftGate.Owner? {
        DriftGate.owner(of: [
            "metadata": ["labels": labels, "annotations": annotations, "managedFields": [["manager": .string(manager)]]]
        ])
    }

    private let helm: JSON = ["app.kubernetes.io/managed-by": "Helm"]
    private let release: JSON = ["meta.helm.sh/release-name": "shop"]

    @Test func everyMarkIsKnown() {
        #expect(owner(annotations: ["argocd.argoproj.io/tracking-id": "a:apps/Deployment:n/w"])?.name == "Argo CD")
        #expect(owner(labels: ["argocd.argoproj.io/instance": "a"])?.name == "Argo CD")
        #expect(owner(manager: "argocd-controller")?.name == "Argo CD")
        #expect(owner(labels: ["kustomize.toolkit.fluxcd.io/name": "apps"])?.name == "Flux")
        #expect(owner(manager: "kustomize-controller")?.name == "Flux")
        #expect(owner(labels: helm, annotations: release)?.name == "Helm release shop")
        #expect(owner(labels: helm)?.name == "Helm")
        #expect(owner(manager: "helm")?.name == "Helm")
        #expect(owner() == nil)
        #expect(owner(labels: ["app.kubernetes.io/managed-by": "hand"]) == nil)
    }

    /// Flux installs charts with Helm's marks on everything: it would undo a `helm rollback` at its next turn.
    @Test func whoInstallsByHelmIsMeantAndNotHelm() {
        let flux: JSON = ["app.kubernetes.io/managed-by": "Helm", "helm.toolkit.fluxcd.io/name": "shop"]
        #expect(owner(labels: flux, annotations: release)?.name == "Flux")
        #expect(owner(labels: flux, annotations: release)?.instead.contains("helm rollback") == false)
        #expect(owner(labels: helm, annotations: release, manager: "helm-controller")?.name == "Flux")
    }
}
