import Core
import Diagnosis
import Kubernetes
import Testing

@testable import KubernetesDiagnosis

@Suite struct RolloutTests {
    private func badRelease(oldReady: Int) throws -> Sample {
        var sample = Sample()
        let good = Sample.container("r.example.com/app:1", env: ["PAYMENTS_URL": "http://payments:8080", "MODE": "a"])
        let bad = Sample.container("r.example.com/app:1", env: ["MODE": "a"])
        try sample.deployment(
            "checkout", replicas: 2, templates: [Sample.template("checkout", good), Sample.template("checkout", bad)], ready: [oldReady, 0])
        for i in 0..<oldReady {
            try sample.pod("old\(i)", of: "checkout", container: good, state: Sample.running(5000), ready: true, created: 5000)
        }
        try sample.pod("new", of: "checkout", revision: 2, container: bad, state: Sample.ended(1), ready: false, created: 3)
        sample.log("new", "starting\nFATAL required environment variable PAYMENTS_URL is not set\n")
        return sample
    }

    @Test func theFirstCrashOfANewRevisionIsARolloutThatIsStuckWhileTheOldOneServes() throws {
        let cause = try #require(diagnose(try badRelease(oldReady: 2).snapshot).causes.first)
        #expect(cause.category == "rollout-stuck")
        #expect(cause.resource.resource == "Deployment/checkout")
        #expect(cause.text.contains("PAYMENTS_URL"))
        #expect(cause.facts["badRevision"]?.int == 2 && cause.facts["goodRevision"]?.int == 1 && cause.facts["container"]?.string == "app")
        #expect(
            cause.change?.fields == [
                FieldChange(path: "spec.template.spec.containers[app].env[PAYMENTS_URL]", from: "http://payments:8080", to: nil)
            ])
        #expect(cause.change?.author == "argocd" && cause.change?.revision == "2")
        #expect(cause.confidence > 0.9)
        #expect(cause.title.count < 90)
    }

    @Test func anEarlierRevisionThatIsTakenAgainChangedWhenItWasTaken() throws {
        var sample = try badRelease(oldReady: 0)
        #expect(diagnose(sample.snapshot).causes.first?.change?.time == Timestamp(Sample.ago(119)))
        // Its ReplicaSet was made long ago, for revision 0, and is that of revision 2 now.
        let i = try #require(sample.snapshot.replicaSets.firstIndex { $0.metadata.name == "checkout-rs2" })
        sample.snapshot.replicaSets[i].metadata.creationTimestamp = Timestamp(Sample.ago(80_000))
        sample.snapshot.replicaSets[i].metadata.annotations["deployment.kubernetes.io/revision-history"] = "0"
        let change = try #require(diagnose(sample.snapshot).causes.first?.change)
        #expect(change.time == Timestamp(Sample.ago(120)) && change.author == "argocd")
    }

    @Test func aCauseIsNotAsOldAsTheServiceThatItEmpties() throws {
        var sample = try badRelease(oldReady: 0)
        let without = try #require(diagnose(sample.snapshot).causes.first)
        try sample.add(
            "Service",
            [
                "metadata": ["name": "checkout", "namespace": "n", "uid": "s", "creationTimestamp": .string(Sample.ago(500_000))],
                "spec": ["selector": ["app": "checkout"], "ports": [["port": 80, "targetPort": 8080]]],
            ])
        let cause = try #require(diagnose(sample.snapshot).causes.first)
        #expect(cause.findings.contains { $0.rule == "service-without-endpoints" })
        #expect(cause.since == without.since)
    }

    @Test func aWrongSelectorIsAsOldAsItsLastWrite() throws {
        var sample = Sample()
        try sample.deployment("web", templates: [Sample.template("web", Sample.container())], ready: [1])
        try sample.pod("web", of: "web", state: Sample.running(5000), ready: true, created: 5000)
        try sample.add(
            "Service",
            [
                "metadata": [
                    "name": "web", "namespace": "n", "uid": "s", "creationTimestamp": .string(Sample.ago(500_000)),
                    "managedFields": [["manager": "kubectl-edit", "operation": "Update", "time": .string(Sample.ago(60))]],
                ],
                "spec": ["selector": ["app": "wbe"], "ports": [["port": 80, "targetPort": 8080]]],
            ])
        let cause = try #require(diagnose(sample.snapshot).causes.first)
        #expect(cause.category == "service-selector-mismatch" && cause.since == Timestamp(Sample.ago(60)))
    }

    @Test func theReasonKeepsItsNameWhenNothingServes() throws {
        let cause = try #require(diagnose(try badRelease(oldReady: 0).snapshot).causes.first)
        #expect(cause.category == "missing-env")
        #expect(cause.severity == .critical)
        #expect(cause.facts["badRevision"]?.int == 2 && cause.facts["goodRevision"]?.int == 1)
        #expect(cause.title == "checkout does not start: PAYMENTS_URL is not set since revision 2")
    }

    @Test func aRolloutInProgressIsNothing() throws {
        var sample = Sample()
        let container = Sample.container()
        try sample.deployment(
            "web", replicas: 2,
            templates: [Sample.template("web", container), Sample.template("web", Sample.container("r.example.com/app:2"))], ready: [2, 0])
        for i in 0..<2 { try sample.pod("old\(i)", of: "web", state: Sample.running(5000), ready: true, created: 5000) }
        try sample.pod("making", of: "web", revision: 2, state: Sample.waiting("ContainerCreating"), ready: false, created: 3)
        let probed = Sample.container(
            "r.example.com/app:2", more: ["readinessProbe": ["httpGet": ["path": "/", "port": 8080], "periodSeconds": 5]])
        try sample.pod("starting", of: "web", revision: 2, container: probed, state: Sample.running(10), ready: false, created: 12)
        try sample.event(
            "starting", "Unhealthy",
            "Readiness probe failed: Get \"http://10.0.0.1:8080/\": dial tcp 10.0.0.1:8080: connect: connection refused", count: 2)
        #expect(diagnose(sample.snapshot).causes.isEmpty)
    }

    @Test func anUnrelatedChangeIsNotBlamed() throws {
        var sample = Sample()
        let container = Sample.container(more: [
            "env": [["name": "A", "valueFrom": ["configMapKeyRef": ["name": "settings", "key": "a"]]]]
        ])
        var labelled = Sample.template("web", container)
        labelled["metadata"]?["annotations"] = ["restartedAt": "now"]
        try sample.deployment("web", templates: [Sample.template("web", container), labelled], ready: [1, 0])
        try sample.pod("old", of: "web", container: container, state: Sample.running(5000), ready: true, created: 5000)
        try sample.pod(
            "new", of: "web", revision: 2, container: container,
            state: Sample.waiting("CreateContainerConfigError", "configmap \"settings\" not found"), ready: false, created: 3)
        let cause = try #require(diagnose(sample.snapshot).causes.first)
        #expect(cause.category == "configmap-missing")
        #expect(cause.change == nil)
    }

    /// The change is enough to decide by; that the log could not be read is said all the same.
    @Test func aRefusedLogIsSaidOfADecidedCause() throws {
        var sample = try badRelease(oldReady: 0)
        sample.snapshot.logs = [
            .init(namespace: "n", pod: "new", container: "app", previous: false): .refused(status: 403, message: "pods/log is forbidden")
        ]
        let report = diagnose(sample.snapshot)
        let cause = try #require(report.causes.first)
        let text = "not allowed to read the logs of container app of n/Deployment/checkout (403)"
        #expect(!cause.isUndecided && cause.undecided.isEmpty && cause.change != nil)
        #expect(cause.unread == [text])
        #expect(report.undetermined.contains(text))
        #expect(Cause(json: cause.json)?.unread == [text])
        #expect(DiagnosisTable(style: TerminalStyle(width: 120)).render(report).contains("unread"))
        #expect(diagnose(try badRelease(oldReady: 0).snapshot).causes.first?.unread == [])
    }

    @Test func whatDeepensStaysOneIncident() throws {
        let early = diagnose(try badRelease(oldReady: 2).snapshot).causes[0]
        var later = try badRelease(oldReady: 2)
        later.snapshot.logs = [:]
        let undecided = diagnose(later.snapshot).causes[0]
        #expect(!Set(early.findings.map(\.fingerprint)).isDisjoint(with: undecided.findings.map(\.fingerprint)))
    }

    @Test func templatesAreComparedAsPeopleWriteThem() throws {
        let old = try JSON(
            parsing:
                #"{"metadata":{"labels":{"pod-template-hash":"a"}},"spec":{"containers":[{"name":"a","image":"x:1","args":["-v"],"ports":[{"containerPort":80}],"resources":{"limits":{"memory":"1Gi"}}}],"volumes":[{"name":"v","configMap":{"name":"c"}}]}}"#
        )
        let new = try JSON(
            parsing:
                #"{"metadata":{"labels":{"pod-template-hash":"b"}},"spec":{"containers":[{"name":"a","image":"x:2","args":["-q"],"ports":[{"containerPort":80}],"resources":{"limits":{"memory":"2Gi"}}}],"volumes":[{"name":"v","configMap":{"name":"d"}}],"nodeSelector":{}}}"#
        )
        #expect(
            TemplateDiff.fields(old, new).map(\.path) == [
                "spec.template.spec.containers[a].args", "spec.template.spec.containers[a].image",
                "spec.template.spec.containers[a].resources.limits.memory",
                "spec.template.spec.volumes[v].configMap.name",
            ])
    }
}
