import Core
import Diagnosis
import Kubernetes
import Testing

@testable import KubernetesDiagnosis

/// Which revision is the good one, and what is remembered of each.
@Suite struct RevisionTests {
    private func path(_ name: String) -> EntityPath { EntityPath(cluster: "test", namespace: "n", kind: "Deployment", name: name) }

    private func seen(_ revision: Int, _ state: SeenRevision.State) -> SeenRevision {
        SeenRevision(
            id: "rs-web-\(revision)", workload: path("web"), number: revision, state: state, since: Sample.now + .seconds(-7000))
    }

    /// Revision 3 crashes; nothing of the two before it is left but their ReplicaSets.
    private func secondBadRelease(_ memory: [SeenRevision], ready: [Int] = [0, 0, 0]) throws -> Cause {
        var sample = Sample()
        let templates = (1...3).map { Sample.template("web", Sample.container("r.example.com/web:\($0)")) }
        try sample.deployment("web", templates: templates, ready: ready)
        try sample.pod(
            "new", of: "web", revision: 3, container: Sample.container("r.example.com/web:3"), state: Sample.ended(1, restarts: 3),
            ready: false, created: 60)
        sample.log("new", "panic: no such table\n")
        for revision in memory { sample.snapshot.seenRevisions[revision.id] = revision }
        return try #require(diagnose(sample.snapshot).causes.first)
    }

    @Test func theLastOneThatWorkedIsGoodAndNotTheOneBefore() throws {
        let cause = try secondBadRelease([seen(1, .healthy), seen(2, .failing)])
        #expect(cause.facts["badRevision"]?.int == 3 && cause.facts["goodRevision"]?.int == 1)
        #expect(cause.facts["goodRevisionProof"]?.string?.contains("seen with all its pods ready") == true)
        // What changed is told from there, too.
        #expect(cause.change?.fields.first?.from == "r.example.com/web:1")
    }

    @Test func onesThatStillServeNeedNobodysMemory() throws {
        let cause = try secondBadRelease([], ready: [0, 1, 0])
        #expect(cause.facts["goodRevision"]?.int == 2)
        #expect(cause.facts["goodRevisionProof"]?.string == "it still has ready pods")
    }

    @Test func whereNothingShowsThatOneWorkedThatIsSaid() throws {
        let cause = try secondBadRelease([])
        #expect(cause.facts["goodRevision"]?.int == 2 && cause.facts["goodRevisionProof"] == nil)
        let other = try secondBadRelease([seen(2, .failing)])
        #expect(other.facts["goodRevision"]?.int == 1 && other.facts["goodRevisionProof"] == nil)
    }

    @Test func whatIsKnownToHaveFailedIsNoWayBack() throws {
        for ready in [[0, 0, 0], [0, 1, 0]] {
            let cause = try secondBadRelease([seen(1, .failing), seen(2, .failing)], ready: ready)
            #expect(cause.facts["goodRevision"] == nil)
            #expect(!cause.next.contains { $0.contains("--to-revision") })
        }
    }

    // MARK: Since when

    /// Revisions 2 and 3 came after one that worked; 3 crashes for want of `DB_HOST`.
    private func since(_ second: JSON, _ third: JSON, log: String = "KeyError: 'DB_HOST'", state: SeenRevision.State? = .failing) throws
        -> Cause
    {
        var sample = Sample()
        let templates = [Sample.container(env: ["DB_HOST": "db", "MODE": "a"]), second, third].map { Sample.template("web", $0) }
        try sample.deployment("web", templates: templates, ready: [0, 0, 0])
        sample.snapshot.replicaSets[1].metadata.creationTimestamp = Sample.now + .seconds(-600)
        try sample.pod("new", of: "web", revision: 3, container: third, state: Sample.ended(1, restarts: 3), ready: false, created: 60)
        sample.log("new", log)
        for revision in [seen(1, .healthy)] + (state.map { [seen(2, $0)] } ?? []) { sample.snapshot.seenRevisions[revision.id] = revision }
        return try #require(diagnose(sample.snapshot).causes.first)
    }

    @Test(arguments: [.failing, nil] as [SeenRevision.State?])
    func aFaultIsSinceTheFirstReleaseThatHadIt(_ state: SeenRevision.State?) throws {
        let cause = try since(
            Sample.container(env: ["MODE": "a"]), Sample.container("r.example.com/app:2", env: ["MODE": "b"]), state: state)
        #expect(cause.category == "missing-env" && cause.title.hasSuffix("since revision 2"))
        #expect(cause.change?.revision == "2" && cause.change?.time == Sample.now + .seconds(-600))
        // What has to do with it stands first.
        #expect(
            cause.change?.fields.map(\.path) == ["env[DB_HOST]", "env[MODE]", "image"].map { "spec.template.spec.containers[app].\($0)" })
        #expect(cause.evidence.contains { $0.text == "revision 2 changed containers[app].env[DB_HOST]" })
        // It is the newest that is wrong now, and the last good one that is gone back to.
        #expect(cause.facts["badRevision"]?.int == 3 && cause.facts["goodRevision"]?.int == 1)
    }

    @Test func aReleaseThatChangedSomethingElseIsNotNamed() throws {
        let cause = try since(
            Sample.container("r.example.com/app:2", env: ["DB_HOST": "db", "MODE": "b"]), Sample.container("r.example.com/app:2"))
        #expect(cause.change?.revision == "3" && cause.title.hasSuffix("since revision 3"))
        #expect(cause.change?.fields.first?.path == "spec.template.spec.containers[app].env[DB_HOST]")
        #expect(cause.evidence.contains { $0.text == "revision 3 changed containers[app].env[DB_HOST]" })
    }

    /// Another wrong value counts where it is known to have failed.
    @Test(arguments: [(.failing, "2"), (nil, "3")] as [(SeenRevision.State?, String)])
    func aValueThatWasReplacedCountsWhereItFailed(_ state: SeenRevision.State?, _ revision: String) throws {
        let env = ["DB_HOST": "db", "MODE": "a"]
        let cause = try since(
            Sample.container("r.example.com/app:2", env: env), Sample.container("r.example.com/app:3", env: env), log: "panic: x",
            state: state)
        #expect(cause.change?.revision == revision && cause.change?.fields.first?.from == "r.example.com/app:1")
    }

    // MARK: What is remembered

    private func running(readyFor seconds: Int) throws -> KubernetesSnapshot {
        var sample = Sample()
        let container = Sample.container("r.example.com/web:1")
        try sample.deployment("web", replicas: 2, templates: [Sample.template("web", container)], ready: [2])
        for i in 0..<2 { try sample.pod("web\(i)", of: "web", container: container, state: Sample.running(seconds + 4), ready: true) }
        sample.snapshot.deployments[0].status.replicas = 2
        sample.snapshot.deployments[0].status.updatedReplicas = 2
        for p in sample.snapshot.pods.indices {
            for c in sample.snapshot.pods[p].status.conditions.indices {
                sample.snapshot.pods[p].status.conditions[c].lastTransitionTime = Sample.now + .seconds(-seconds)
            }
        }
        return sample.snapshot
    }

    private func measured(_ snapshot: KubernetesSnapshot, _ memory: String) throws -> KubernetesSnapshot {
        var snapshot = snapshot
        let text = """
            {"metadata":{"name":"web1","namespace":"n"},"containers":[{"name":"app","usage":{"memory":"\(memory)","cpu":"1m"}}]}
            """
        snapshot.podMetrics = [try PodMetrics(parsing: Array(text.utf8))]
        return snapshot
    }

    @Test func oneThatStaysReadyWorks() throws {
        #expect(try running(readyFor: 5).sightings(causes: []).isEmpty)
        var snapshot = try running(readyFor: 12)
        let sighting = try #require(snapshot.sightings(causes: []).first)
        #expect(sighting.id == "rs-web-1" && sighting.number == 1 && sighting.state == .healthy && sighting.workload == path("web"))
        #expect(sighting.programs.map(\.container) == ["app"] && sighting.programs[0].startup == 4)
        #expect(sighting.programs[0].identity == ProgramIdentity.hashes(of: Sample.container("r.example.com/web:1")))
        // What is known is not told again.
        snapshot.seenRevisions[sighting.id] = sighting
        #expect(snapshot.sightings(causes: []).isEmpty)
        snapshot.deployments[0].status.readyReplicas = 1
        snapshot.seenRevisions = [:]
        #expect(snapshot.sightings(causes: []).isEmpty, "not complete")
    }

    @Test func oneThatFailedMustStayReadyForLong() throws {
        for (seconds, count) in [(300, 0), (700, 1)] {
            var snapshot = try running(readyFor: seconds)
            snapshot.seenRevisions["rs-web-1"] = seen(1, .failing)
            #expect(snapshot.sightings(causes: []).count == count)
        }
    }

    @Test func oneThatIsBlamedFails() throws {
        var snapshot = try running(readyFor: 100)
        snapshot.deployments[0].status.readyReplicas = 0
        snapshot.replicaSets[0].status.readyReplicas = 0
        func cause(_ facts: JSON, _ resource: EntityPath, seen pod: String = "web-rs1-abcde") -> Cause {
            Cause(
                severity: .high, category: "app-crash", resource: resource, title: "", text: "", confidence: 0.9,
                evidence: [Evidence(.status, source: "Pod/\(pod)", text: "exit code 1")], facts: facts)
        }
        #expect(snapshot.sightings(causes: [cause([:], path("web"))]).map(\.state) == [.failing])
        #expect(snapshot.sightings(causes: [cause([:], path("other"))]).isEmpty)
        // A cause goes on for as long as pods of an older revision are there: one that is only starting may be its cure.
        #expect(snapshot.sightings(causes: [cause([:], path("web"), seen: "web-rs0-abcde")]).isEmpty)
        // One that worked for long is not at fault for what its peers do; for what it brought itself it is.
        snapshot.seenRevisions["rs-web-1"] = seen(1, .healthy)
        #expect(snapshot.sightings(causes: [cause([:], path("web"))]).isEmpty)
        #expect(snapshot.sightings(causes: [cause(["badRevision": 1], path("web"))]).map(\.state) == [.failing])
    }

    @Test func whatItsProgramsNeedIsRememberedAsItGrows() throws {
        var snapshot = try running(readyFor: 100)
        let first = try #require(try measured(snapshot, "100Mi").sightings(causes: []).first)
        #expect(first.programs[0].workingSet == Double(100 << 20))
        snapshot.seenRevisions[first.id] = first
        #expect(try measured(snapshot, "110Mi").sightings(causes: []).isEmpty, "noise")
        #expect(try measured(snapshot, "20Mi").sightings(causes: []).isEmpty)
        #expect(try measured(snapshot, "200Mi").sightings(causes: []).first?.programs[0].workingSet == Double(200 << 20))
    }
}
