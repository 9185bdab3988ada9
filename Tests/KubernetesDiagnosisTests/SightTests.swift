import Core
import Testing

@testable import KubernetesDiagnosis

/// What may no longer be read has not ended.
@Suite struct SightTests {
    private let now = Timestamp(seconds: Int64(1_800_000_000))

    private func cause(_ kind: String, rule: String, evidence: [Evidence] = []) -> Cause {
        let path = EntityPath(cluster: "c", namespace: "shop", kind: kind, name: "web")
        return Cause(
            severity: .high, category: "x", resource: path, title: "web", text: "web", confidence: 0.9, since: now,
            findings: [
                Finding(rule: rule, severity: .high, entity: path, text: "x", firstSeen: now, lastSeen: now, evidence: evidence)
            ])
    }

    private func sees(_ cause: Cause, forbidden: [String], in namespaces: Set<String>? = nil) -> Bool {
        var snapshot = KubernetesSnapshot(time: now, cluster: "c")
        snapshot.listed = Set(["pods", "services", "endpointslices", "deployments", "replicasets", "nodes"]).subtracting(forbidden)
        snapshot.forbidden = Set(forbidden)
        if let namespaces { for kind in forbidden { snapshot.forbiddenIn[kind] = namespaces } }
        return snapshot.sees(cause)
    }

    @Test func aServiceIsSeenByServicesEndpointsAndPods() {
        let selector = cause("Service", rule: "service-selector")
        #expect(sees(selector, forbidden: ["nodes"]))
        for kind in ["services", "endpointslices", "pods"] { #expect(!sees(selector, forbidden: [kind]), "\(kind)") }
        #expect(!sees(selector, forbidden: ["services"], in: ["shop"]))
        #expect(sees(selector, forbidden: ["services"], in: ["other"]))
    }

    @Test func evidenceCounts() {
        let scheduling = cause(
            "Deployment", rule: "scheduling", evidence: [Evidence(.status, source: "Node/worker-1", text: "full")])
        #expect(sees(scheduling, forbidden: []))
        #expect(!sees(scheduling, forbidden: ["nodes"]))
        #expect(!sees(scheduling, forbidden: ["replicasets"]))
    }

    /// Without roles the same is concluded, of the account: that they cannot be read hides no end.
    @Test func rolesAreNotNeededToTellThatARefusalIsOver() {
        let access = cause("Role", rule: "api-access", evidence: [Evidence(.spec, source: "Role/web", text: "allows get")])
        #expect(sees(access, forbidden: ["roles", "clusterroles"]))
        #expect(!sees(access, forbidden: ["pods"]))
    }

    @Test func aStatusNeedsNoPods() {
        #expect(sees(cause("Deployment", rule: "workload-not-ready"), forbidden: ["pods"]))
        #expect(!sees(cause("Deployment", rule: "workload-not-ready"), forbidden: ["deployments"]))
    }
}
