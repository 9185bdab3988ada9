import Core
import Diagnosis
import Kubernetes
import Testing

@testable import KubernetesDiagnosis

/// Labels and annotations of a template are read by others: injectors, policies, Services. A release of nothing else may be to blame.
@Suite struct TemplateMetadataTests {
    private let inject = "vault.hashicorp.com/agent-inject"

    private func template(_ annotations: [String: String], labels: [String: String] = [:], image: String = "r.example.com/web:1") -> JSON {
        var template = Sample.template("web", Sample.container(image))
        for (key, value) in labels.sorted(by: { $0.key < $1.key }) { template[at: "metadata", "labels", key] = .string(value) }
        if !annotations.isEmpty {
            template[at: "metadata", "annotations"] = .object(
                JSONObject(annotations.sorted { $0.key < $1.key }.map { ($0.key, .string($0.value)) }))
        }
        return template
    }

    /// Revision 2 crashes; of revision 1 it is known that it worked, unless told otherwise.
    private func release(_ old: JSON, _ new: JSON, seen: [SeenRevision.State?] = [.healthy, nil], ready: [Int] = [0, 0]) throws -> Sample {
        var sample = Sample()
        try sample.deployment("web", replicas: 2, templates: [old, new], ready: ready)
        for i in 0..<ready[0] { try sample.pod("old\(i)", of: "web", state: Sample.running(5000), ready: true, created: 5000) }
        try sample.pod("new", of: "web", revision: 2, state: Sample.ended(1, restarts: 3), ready: false, created: 60)
        sample.log("new", "panic: no such table\n")
        for (i, state) in seen.enumerated() {
            guard let state else { continue }
            sample.snapshot.seenRevisions["rs-web-\(i + 1)"] = SeenRevision(
                id: "rs-web-\(i + 1)", workload: EntityPath(cluster: "test", namespace: "n", kind: "Deployment", name: "web"),
                number: i + 1, state: state, since: Sample.now + .seconds(-7000))
        }
        return sample
    }

    private func first(_ sample: Sample) throws -> Cause { try #require(diagnose(sample.snapshot).causes.first) }

    @Test func aReleaseOfAnnotationsAloneIsNamedWithLessConfidence() throws {
        let cause = try first(try release(template([inject: "true"]), template([:])))
        #expect(
            cause.change?.fields == [FieldChange(path: "spec.template.metadata.annotations[\(inject)]", from: "true", to: nil)])
        #expect(cause.change?.revision == "2" && cause.facts["goodRevision"]?.int == 1 && cause.facts["badRevision"]?.int == 2)
        #expect(cause.evidence.contains { $0.text == "revision 2 changed only annotations[\(inject)]" })
        let ofSpec = try first(try release(template([:], image: "r.example.com/web:0"), template([:])))
        #expect(ofSpec.change?.fields.count == 1)
        let without = try first(try release(template([:]), template([:])))
        #expect(without.change == nil)
        #expect(without.confidence < cause.confidence && cause.confidence < ofSpec.confidence)
    }

    @Test func whereTheOldOneServesTheRolloutIsStuckForIt() throws {
        let cause = try first(try release(template([:]), template([:], labels: ["tier": "x"]), seen: [], ready: [2, 0]))
        #expect(cause.category == "rollout-stuck" && cause.facts["reason"] == "app-crash")
        #expect(cause.change?.fields.map(\.path) == ["spec.template.metadata.labels.tier"])
        #expect(cause.next.first?.hasSuffix("--to-revision=1") == true)
    }

    @Test(arguments: [[nil, nil], [.healthy, .healthy]] as [[SeenRevision.State?]])
    func itIsNotUnlessTheOldOneWorkedAndTheNewOneNeverDid(_ seen: [SeenRevision.State?]) throws {
        let cause = try first(try release(template([inject: "true"]), template([:]), seen: seen))
        #expect(cause.category == "app-crash" && cause.change == nil && cause.facts["goodRevision"] == nil)
    }

    @Test func aRevisionThatWasCompleteOnceIsNotToBlameForItsLabels() throws {
        var sample = try release(template([inject: "true"]), template([:]))
        var condition = Condition()
        (condition.type, condition.status, condition.reason) = ("Progressing", "True", "NewReplicaSetAvailable")
        sample.snapshot.deployments[0].status.conditions = [condition]
        #expect(try first(sample).change == nil)
    }

    @Test func whatTheFaultCannotComeFromIsNotNamed() throws {
        var sample = try release(template([inject: "true"]), template([:]))
        sample.snapshot.pods[0].status.containerStatuses[0].state = ContainerState()
        sample.snapshot.pods.removeAll()
        try sample.pod(
            "new", of: "web", revision: 2, state: Sample.waiting("ImagePullBackOff", "rpc error: not found"), ready: false, created: 60)
        #expect(try first(sample).change == nil)
    }

    @Test func besideAChangeOfTheSpecLabelsComeLast() throws {
        let cause = try first(
            try release(template([inject: "true"], image: "r.example.com/web:0"), template(["a.example.com/x": "1"])))
        #expect(
            cause.change?.fields.map(\.path) == [
                "spec.template.spec.containers[app].image", "spec.template.metadata.annotations[a.example.com/x]",
                "spec.template.metadata.annotations[\(inject)]",
            ])
    }

    /// What a checksum stands for is in no revision: to go back brings nothing back.
    @Test func aChecksumIsNamedAndNotGoneBackFrom() throws {
        let cause = try first(try release(template(["checksum/config": "a1"]), template(["checksum/config": "b2"])))
        #expect(cause.change?.fields.map(\.path) == ["spec.template.metadata.annotations[checksum/config]"])
        #expect(cause.facts["badRevision"]?.int == 2 && cause.facts["goodRevision"] == nil)
    }

    @Test(arguments: [[0, 0], [2, 0]]) func aRestartIsSaidAsWhatItIs(_ ready: [Int]) throws {
        let restarted = template(["kubectl.kubernetes.io/restartedAt": "2027-01-15T08:00:00Z"])
        let cause = try first(try release(template([:]), restarted, ready: ready))
        #expect(cause.category == "app-crash" && cause.change == nil && cause.facts["goodRevision"] == nil)
        #expect(cause.ruledOut == ["a change of configuration: revision 2 is revision 1, restarted"])
        #expect(!cause.title.contains("since revision"))
        // Beside another change it is left out.
        let both = try first(
            try release(
                template([:], image: "r.example.com/web:0"), template(["kubectl.kubernetes.io/restartedAt": "2027-01-15T08:00:00Z"]),
                ready: ready))
        #expect(both.change?.fields.map(\.path) == ["spec.template.spec.containers[app].image"] && both.ruledOut.isEmpty)
    }

    @Test func aRestartThatIsStuckForNoKnownReasonIsNoRollout() throws {
        var sample = Sample()
        let restarted = template(["kubectl.kubernetes.io/restartedAt": "2027-01-15T08:00:00Z"])
        try sample.deployment("web", replicas: 2, templates: [template([:]), restarted], ready: [2, 0])
        for i in 0..<2 { try sample.pod("old\(i)", of: "web", state: Sample.running(5000), ready: true, created: 5000) }
        try sample.pod("new", of: "web", revision: 2, state: Sample.running(900), ready: false, created: 900)
        var condition = Condition()
        (condition.type, condition.status, condition.reason) = ("Progressing", "False", "ProgressDeadlineExceeded")
        sample.snapshot.deployments[0].status.conditions = [condition]
        let cause = try first(sample)
        #expect(cause.category == "rollout-stuck" && cause.change == nil && cause.facts["goodRevision"] == nil)
        #expect(cause.text.hasPrefix("the restart, which made revision 2, is stuck"))
    }

    @Test func aLabelThatAServiceSelectsByIsTheChange() throws {
        var sample = Sample()
        let container = Sample.container(more: ["ports": [["containerPort": 8080]]])
        let (old, new) = (template([:], labels: ["tier": "front"]), template([:]))
        try sample.deployment("web", templates: [old, new, template([:], image: "r.example.com/web:2")], ready: [0, 0, 1])
        try sample.pod("web", of: "web", revision: 3, container: container, state: Sample.running(500), ready: true)
        func service(_ tier: String) -> JSON {
            [
                "metadata": ["name": "web", "namespace": "n", "uid": "s", "creationTimestamp": .string(Sample.ago(500_000))],
                "spec": ["selector": ["app": "web", "tier": .string(tier)], "ports": [["port": 80, "targetPort": 8080]]],
            ]
        }
        var other = sample
        try sample.add("Service", service("front"))
        let cause = try first(sample)
        #expect(cause.category == "service-selector-mismatch" && cause.resource.resource == "Service/web")
        #expect(cause.change?.entity.resource == "Deployment/web" && cause.change?.revision == "2")
        #expect(cause.change?.fields == [FieldChange(path: "spec.template.metadata.labels.tier", from: "front", to: nil)])
        // A Service that never selected them is wrong by itself.
        try other.add("Service", service("back"))
        #expect(try first(other).change == nil)
    }
}
