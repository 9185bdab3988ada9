import Core
import Diagnosis
import Kubernetes

/// A revision of a Helm release, by the labels of the Secret that Helm keeps for it. The record in the Secret is never read: it holds the
/// values of the release, and values of Secrets are dropped while reading (INTERFACES section 7).
struct HelmRelease: Sendable {
    let namespace: String
    let name: String
    let revision: Int
    /// As Helm has it: `deployed`, `superseded`, `failed`, `pending-install`, `pending-upgrade`, `pending-rollback`, `uninstalling`.
    let status: String
    /// When it was begun.
    let time: Timestamp?
    /// The name of the Secret.
    let secret: String

    init?(_ object: Secret) {
        let labels = object.metadata.labels
        guard object.kind == "helm.sh/release.v1", labels["owner"] == "helm", let name = labels["name"], let status = labels["status"],
            let revision = labels["version"].flatMap({ Int($0) })
        else { return nil }
        (self.name, self.status, self.revision) = (name, status, revision)
        (namespace, time, secret) = (object.metadata.namespace, object.metadata.creationTimestamp, object.metadata.name)
    }

    var isPending: Bool { status.hasPrefix("pending-") }
}

extension Scene {
    /// All revisions of all releases that Helm still keeps, by namespace, name and revision.
    func helmReleases() -> [HelmRelease] {
        snapshot.secrets.compactMap(HelmRelease.init).sorted {
            ($0.namespace, $0.name, $0.revision) < ($1.namespace, $1.name, $1.revision)
        }
    }

    /// That a change of a workload came with a revision of the Helm release that it belongs to: the two were made within two minutes.
    func helmEvidence(of change: Change, _ workload: Workload) -> Support? {
        guard let name = workload.metadata.annotations["meta.helm.sh/release-name"], let time = change.time else { return nil }
        let namespace = workload.metadata.annotations["meta.helm.sh/release-namespace"] ?? workload.namespace
        let release = helmReleases().last { release in
            guard release.name == name, release.namespace == namespace, let begun = release.time else { return false }
            return begun <= time + .seconds(5) && time - begun <= .seconds(120)
        }
        return release.map {
            Support(
                .weak,
                Evidence(
                    .change, source: "Secret/\($0.secret)", text: "Helm release \($0.name), revision \($0.revision), is \($0.status)",
                    time: $0.time))
        }
    }
}
