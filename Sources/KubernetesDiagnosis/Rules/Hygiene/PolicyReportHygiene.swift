import Core
import Diagnosis
import Kubernetes

/// What policies say that objects do not keep (wgpolicyk8s.io, written by Kyverno and others).
struct PolicyReportHygiene: HygieneRule {
    let name = "policy-report"
    static let group = "wgpolicyk8s.io"

    var documentation: RuleDocumentation {
        RuleDocumentation(
            concludes: "A policy report says that an object does not keep a policy.",
            sees: ["policyreports.wgpolicyk8s.io"],
            evidence: ["results fail and error"],
            contradictedBy: ["a later report"],
            next: ["change the object, or except it"],
            references: ["https://kyverno.io/docs/policy-reports/"])
    }

    func findings(_ examination: Examination, _ said: Said) -> [Finding] {
        let (scene, snapshot) = (examination.scene, examination.snapshot)
        let kinds: Set<String> = ["PolicyReport", "ClusterPolicyReport"]
        return snapshot.untyped.filter { kinds.contains($0.kind) && $0.group == PolicyReportHygiene.group }.flatMap { report -> [Finding] in
            let json = report.json()
            let failed = (json["results"]?.array ?? []).filter { ["fail", "error"].contains($0["result"]?.string ?? "") }
            return failed.prefix(20).map { result in
                // A report is about what its results name, else about its scope, else about itself.
                let about = result["resources"]?[0] ?? result["resource"] ?? json["scope"]
                let path = about.flatMap { about in
                    about["kind"]?.string.flatMap { kind in about["name"]?.string.map { (kind, $0) } }
                }.map { scene.path($0.0, about?["namespace"]?.string ?? report.metadata.namespace, $0.1) }
                let policy = result["policy"]?.string ?? "?"
                return finding(
                    path ?? report.path(in: snapshot.cluster), key: policy,
                    "policy \(policy) is not kept: \((result["message"]?.string ?? "").prefix(200))", now: scene.now)
            }
        }
    }
}
