import Core
import Diagnosis
import Kubernetes

/// A Helm release whose last revision failed, or was never finished. What its objects suffer from it shows in them.
struct HelmReleaseHygiene: HygieneRule {
    let name = "helm-release"

    var documentation: RuleDocumentation {
        RuleDocumentation(
            concludes: "The last revision of a Helm release failed, or was begun and never finished, so that Helm refuses the next one.",
            sees: ["secrets (names and labels)"],
            evidence: ["the labels status and version of the Secret that Helm keeps for a revision"],
            contradictedBy: ["a later revision that was deployed", "it was begun less than ten minutes ago"],
            next: ["helm history NAME", "helm rollback NAME, or run the upgrade again"],
            references: ["https://helm.sh/docs/helm/helm_history/"])
    }

    /// Longer than Helm waits, unless it is told otherwise (`--timeout`, five minutes).
    private static let patience: Duration = .seconds(600)

    func findings(_ examination: Examination, _ said: Said) -> [Finding] {
        let scene = examination.scene
        let releases = scene.helmReleases()
        return releases.enumerated().compactMap { index, release in
            let isNewest = releases.dropFirst(index + 1).first.map { $0.name != release.name || $0.namespace != release.namespace } ?? true
            guard isNewest else { return nil }
            let path = scene.path("Secret", release.namespace, release.secret)
            if release.status == "failed" {
                return finding(
                    path, key: release.name, "revision \(release.revision) of Helm release \(release.name) failed", since: release.time,
                    now: scene.now)
            }
            guard release.isPending, let begun = release.time, scene.now - begun > HelmReleaseHygiene.patience else { return nil }
            return finding(
                path, key: release.name,
                "revision \(release.revision) of Helm release \(release.name) has been \(release.status) since \(begun): nobody finishes it, and Helm refuses another",
                since: begun, now: scene.now)
        }
    }
}
