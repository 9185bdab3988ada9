import Core
import Kubernetes
import KubernetesRemediation
import Remediation
import Testing

@Suite struct Actions {
    private let good = Objects.template(env: ["TOKEN": "hunter2-hunter2", "URL": "http://x"])
    private let bad = Objects.template(env: [:])

    private var broken: ObservedTarget {
        Objects.observed(
            Objects.deployment(bad, revision: 7),
            sets: [Objects.replicaSet(good, revision: 6, ready: 2), Objects.replicaSet(bad, revision: 7)])
    }

    private func types(_ cause: Cause, _ target: ObservedTarget) -> [String] {
        ActionCatalogue.kubernetes.proposals(for: cause, on: target).map(\.step.type)
    }

    @Test func aBadReleaseIsRolledBackFirst() throws {
        let cause = Objects.cause(
            "rollout-stuck", facts: ["goodRevision": 6, "goodRevisionProof": "seen", "badRevision": 7, "container": "checkout"])
        #expect(types(cause, broken) == ["rollback", "pause-rollout"])
        let rollback = try #require(Rollback().propose(for: cause, on: broken))
        #expect(rollback.title == "roll back checkout to revision 6")
        #expect(rollback.undo == "roll forward to revision 7")
        #expect(rollback.commands.first == "kubectl -n shop rollout undo deployment/checkout --to-revision=6")
        #expect(
            rollback.diff.map(\.path) == [
                "spec.template.spec.containers[checkout].env[TOKEN]", "spec.template.spec.containers[checkout].env[URL]",
            ])
        #expect(rollback.diff.last?.to == "http://x")
    }

    @Test func aRevisionThatNothingSpeaksForIsAPersonsDecision() throws {
        let rollback = try #require(Rollback().propose(for: Objects.cause("app-crash", facts: ["goodRevision": 6]), on: broken))
        #expect(rollback.title == "roll back checkout to revision 6, not known to have worked")
        #expect(rollback.risk == .high && rollback.caveat != nil)
        // Without a revision to go back to there is no rollback, whatever else still has pods.
        #expect(Rollback().propose(for: Objects.cause("rollout-stuck", facts: ["badRevision": 7]), on: broken) == nil)
    }

    /// INTERFACES section 7: inverses refer to revisions.
    @Test func aRollbackHoldsNoTemplate() throws {
        let step = try #require(Rollback().propose(for: Objects.cause("app-crash", facts: ["goodRevision": 6]), on: broken)).step
        #expect(!step.json.text().contains("hunter2"))
        #expect(step.patch["revision"] == 6 && step.inverse["revision"] == 7)
        let patch = try PlannedPatch.resolve(step.patch, on: broken, annotation: "d/0")
        #expect(patch.body.text().contains("hunter2"))
        #expect(patch.body.text().contains(#"martlet~1operation","value":"d/0""#))
        #expect(!patch.body.text().contains("pod-template-hash"))
        #expect(patch.body.text().contains(#""path":"/metadata/resourceVersion","value":"41""#))
    }

    @Test func aRevisionIsFoundByItsContentAfterItWasRenumbered() throws {
        let reference = TemplateReference(revision: 6, template: good)
        #expect(reference.template(among: [Objects.replicaSet(bad, revision: 7), Objects.replicaSet(good, revision: 8)]) == good)
        #expect(throws: MartletError.self) {
            try PlannedPatch.resolve(reference.json, on: Objects.observed(Objects.deployment(bad, revision: 7)), annotation: nil)
        }
    }

    @Test func whereTheReplacedRevisionIsNotKeptItSaysSo() throws {
        let target = Objects.observed(
            Objects.deployment(bad, revision: 7) { $0[at: "spec", "revisionHistoryLimit"] = 0 },
            sets: [Objects.replicaSet(good, revision: 6), Objects.replicaSet(bad, revision: 7)])
        let rollback = try #require(Rollback().propose(for: Objects.cause("app-crash", facts: ["goodRevision": 6]), on: target))
        #expect(rollback.step.inverse.isNull)
        #expect(rollback.risk == .high)
    }

    @Test func aPausedDeploymentIsNeitherRolledBackNorRestarted() {
        let target = Objects.observed(
            Objects.deployment(bad, revision: 7) { $0[at: "spec", "paused"] = true }, sets: broken.related["ReplicaSet"] ?? [])
        #expect(types(Objects.cause("app-crash", facts: ["goodRevision": 6]), target).isEmpty)
        #expect(types(Objects.cause("app-crash"), target).isEmpty)
    }

    @Test func aCrashWithoutAChangeIsRestarted() throws {
        let target = Objects.observed(Objects.deployment(bad, revision: 7), sets: [Objects.replicaSet(bad, revision: 7)])
        #expect(types(Objects.cause("app-crash"), target) == ["restart"])
        let step = try #require(Restart().propose(for: Objects.cause("app-crash"), on: target)).step
        #expect(step.patch.text().contains("{{now}}"))
        #expect(
            step.inverse[at: "merge", "spec", "template", "metadata", "annotations", "kubectl.kubernetes.io/restartedAt"]?.isNull == true)
        #expect(types(Objects.cause("configmap-missing"), target).isEmpty)
    }

    @Test(
        arguments: [
            ("64Mi", nil, "96Mi"), ("256Mi", 410 << 20, "496Mi"), ("1Gi", nil, "1536Mi"), ("100Mi", 90 << 20, "160Mi"),
            ("64Mi", 1 << 50, "512Mi"),
        ] as [(String, Int?, String)])
    func memoryLimits(_ limit: String, _ needed: Int?, _ expected: String) throws {
        let target = Objects.observed(Objects.deployment(Objects.template(limit: limit), revision: 1))
        var facts: JSON = ["container": "checkout"]
        if let needed { facts["memoryNeeded"] = JSON(needed) }
        let proposal = try #require(SetMemoryLimit().propose(for: Objects.cause("oom-killed", facts: facts), on: target))
        #expect(proposal.step.parameters["limit"]?.string == expected)
        #expect(proposal.step.inverse.text().contains(#""memory":"\#(limit)""#))
    }

    /// What a change cut is put back, as far as one step may go.
    @Test(arguments: [("384Mi", "384Mi"), ("80Mi", "192Mi"), ("8Gi", "1Gi")])
    func aLimitThatWasCutComesBack(_ earlier: String, _ expected: String) throws {
        let target = Objects.observed(Objects.deployment(Objects.template(limit: "128Mi"), revision: 2))
        var cause = Objects.cause("oom-killed", facts: ["container": "checkout"])
        let field = FieldChange(
            path: "spec.template.spec.containers[checkout].resources.limits.memory", from: .string(earlier), to: "128Mi")
        cause.change = Change(
            time: nil, kind: "rollout", entity: Objects.path, revision: "2", author: nil, fields: [field], source: "replicasets")
        let proposal = try #require(SetMemoryLimit().propose(for: cause, on: target))
        #expect(proposal.step.parameters["limit"]?.string == expected)
    }

    /// Where a release cut the limit, that release is undone first, even if nothing shows that the one before it worked.
    @Test(arguments: ["384Mi", "64Mi"]) func aReleaseThatCutTheLimitIsUndoneFirst(_ earlier: String) throws {
        let target = Objects.observed(
            Objects.deployment(Objects.template(limit: "128Mi"), revision: 2),
            sets: [
                Objects.replicaSet(Objects.template(limit: earlier), revision: 1),
                Objects.replicaSet(Objects.template(limit: "128Mi"), revision: 2),
            ])
        for proof in ["seen with all its pods ready", nil] {
            var cause = Objects.cause("oom-killed", facts: ["container": "checkout", "goodRevision": 1])
            cause.facts["goodRevisionProof"] = proof.map { .string($0) }
            let field = FieldChange(
                path: "spec.template.spec.containers[checkout].resources.limits.memory", from: .string(earlier), to: "128Mi")
            cause.change = Change(
                time: nil, kind: "rollout", entity: Objects.path, revision: "2", author: nil, fields: [field], source: "replicasets")
            // A release that raised the limit is not what cut it: nothing speaks for an earlier revision that nobody saw work.
            let isRollback = proof != nil || earlier == "384Mi"
            #expect(types(cause, target) == (isRollback ? ["rollback", "set-memory-limit"] : ["set-memory-limit", "rollback"]))
        }
    }

    @Test func whatWasScaledToZeroComesBack() throws {
        let target = Objects.observed(Objects.deployment(good, revision: 1, replicas: 0))
        let proposal = try #require(
            Scale().propose(for: Objects.cause("scaled-to-zero", facts: ["replicas": 0, "formerReplicas": 4]), on: target))
        #expect(proposal.step.patch == ["merge": ["spec": ["replicas": 4]]])
        #expect(proposal.step.inverse == ["merge": ["spec": ["replicas": 0]]])
        #expect(PlannedPatch.parts(of: proposal.step.patch) == [["spec", "template"], ["spec", "replicas"]])
    }

    @Test func badInputGivesNoPlan() {
        let empty = Objects.observed([:])
        for category in ["rollout-stuck", "oom-killed", "scaled-to-zero", "app-crash"] {
            _ = types(Objects.cause(category, facts: ["goodRevision": 6, "container": 5, "memoryNeeded": -1]), empty)
        }
        let odd = Objects.observed(
            Objects.deployment(["spec": ["containers": ["x", 1, ["name": "checkout", "resources": "much"]]]], revision: 1))
        #expect(types(Objects.cause("oom-killed", facts: ["container": "checkout"]), odd) == ["restart"])
    }

    @Test func digestsDoNotDependOnWhatMoves() throws {
        let proposal = try #require(Rollback().propose(for: Objects.cause("app-crash", facts: ["goodRevision": 6]), on: broken))
        func state(_ change: (inout JSON) -> Void) -> JSON {
            var object = broken.object
            change(&object)
            let parts = Rollback().parts(of: proposal.step.patch)
            return StateHash.state([(ObservedTarget(path: broken.path, uid: broken.uid, resourceVersion: "99", object: object), parts)])
        }
        let before = state { _ in }
        #expect(
            state {
                $0[at: "metadata", "resourceVersion"] = "42"; $0[at: "metadata", "generation"] = 9; $0["status"] = [:]
            } == before)
        #expect(state { $0[at: "metadata", "annotations", ObservedTarget.operationAnnotation] = "x/0" } == before)
        #expect(state { $0[at: "spec", "template", "spec", "nodeName"] = "n" } != before)
    }
}

@Suite struct Diffs {
    @Test func fieldsAreNamedAsPeopleWriteThem() {
        let a: JSON = [
            "containers": [["name": "a", "image": "x:1", "env": [["name": "A", "value": "1"], ["name": "B", "value": "2"]]]], "n": 1,
        ]
        let b: JSON = ["containers": [["name": "a", "image": "x:2", "env": [["name": "A", "value": "3"]]]], "n": 1, "list": [1, 2]]
        let diff = FieldDiff.changes(from: a, to: b, at: "spec")
        #expect(
            diff == [
                FieldChange(path: "spec.containers[a].env[A]", from: "1", to: "3"),
                FieldChange(path: "spec.containers[a].env[B]", from: "2", to: nil),
                FieldChange(path: "spec.containers[a].image", from: "x:1", to: "x:2"),
                FieldChange(path: "spec.list", from: nil, to: [1, 2]),
            ])
        #expect(FieldDiff.changes(from: a, to: a).isEmpty)
    }
}
