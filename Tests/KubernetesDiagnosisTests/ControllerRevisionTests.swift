import Core
import Diagnosis
import Documents
import Testing

@testable import KubernetesDiagnosis

/// What is told of the changes of StatefulSets and DaemonSets, which keep their revisions as ControllerRevisions, and of Helm releases.
@Suite struct ControllerRevisionTests {
    private static let crash =
        "{restartCount: 5, state: {waiting: {reason: CrashLoopBackOff}}, lastState: {terminated: {exitCode: 1, reason: Error, startedAt: now-61s, finishedAt: now-60s}}}"

    /// The base `db-upgrade` with more upon it.
    private func cause(_ more: String, base: String = "db-upgrade") throws -> Cause {
        let snapshot = try CaseCluster(DocumentReader.json("base: \(base)\n" + more, place: "test")).snapshot()
        return try #require(diagnose(snapshot).causes.first)
    }

    private func failing(_ pods: String, more: String = "") -> String {
        """
        set:
          Pod/\(pods): {/state: {app: \(ControllerRevisionTests.crash)}}
        \(more)
        logs:
          db-2.app.log: "fatal: environment variable PGDATA is not set\\n"
        """
    }

    @Test func theLastPodOfAnUpgradeFailsWhileTheOthersServe() throws {
        let cause = try cause(failing("db-2"))
        #expect(cause.category == "rollout-stuck" && cause.resource.resource == "StatefulSet/db")
        #expect(cause.text.contains("revision 1 still serves (2 pods)") && cause.facts["reason"]?.string == "missing-env")
        let change = try #require(cause.change)
        #expect(change.revision == "2" && change.author == "argocd" && change.source == "controllerrevisions")
        #expect(change.time == Sample.now + .seconds(-600))
        #expect(
            change.fields.map(\.path) == ["spec.template.spec.containers[app].env[PGDATA]", "spec.template.spec.containers[app].image"])
        #expect(change.fields.last?.from == "registry.example.com/postgres:15")
        #expect(cause.next == ["kubectl -n shop rollout undo statefulset/db --to-revision=1"])
    }

    /// Nobody serves: the reason keeps its name, and carries the change.
    @Test func whatFailsAltogetherSaysWhatChanged() throws {
        let labels = "/metadata/labels: {app: db, controller-revision-hash: db-7a}"
        let cause = try cause(
            """
            set:
              Pod/db-*: {\(labels), /state: {app: \(ControllerRevisionTests.crash)}}
            logs: {db-2.app.log: "fatal: environment variable PGDATA is not set\\n"}
            """)
        #expect(cause.category == "missing-env")
        #expect(cause.change?.fields.first?.path == "spec.template.spec.containers[app].env[PGDATA]")
    }

    @Test func podsOfBothRevisionsFailForAnotherReason() throws {
        let cause = try cause(failing("db-*"))
        #expect(cause.category == "missing-env" && cause.change == nil)
    }

    @Test func aRestartChangedNothing() throws {
        let cause = try cause(
            failing(
                "db-2",
                more: """
                      ControllerRevision/db-7a: {/data: {spec: {template: {metadata: {labels: {app: db}, annotations: {kubectl.kubernetes.io/restartedAt: "x"}}, spec: {containers: [{name: app, image: "registry.example.com/postgres:15", env: [{name: PGDATA, value: /data}]}]}}}}}
                    """))
        #expect(cause.change == nil)
        #expect(cause.ruledOut == ["a change of configuration: revision 2 is revision 1, restarted"])
    }

    /// A revision that is taken again gets the next number and keeps the time at which it was first made.
    @Test func aRevisionThatIsTakenAgainChangedWhenTheWorkloadWasWritten() throws {
        let cause = try cause(failing("db-2", more: "  ControllerRevision/db-7a: {/metadata/creationTimestamp: now-25d}"))
        #expect(cause.change?.time == Sample.now + .seconds(-600))
    }

    /// A DaemonSet labels its pods with the hash in the revision's name.
    @Test func aDaemonSetIsReadLikewise() throws {
        let template = "metadata: {labels: {app: agent}}, spec: {containers: [{name: app, image:"
        let cause = try cause(
            """
            add:
            - {kind: DaemonSet, metadata: {name: agent}, spec: {selector: {matchLabels: {app: agent}}, template: {\(template) "registry.example.com/agent:2"}]}}}}
            - {kind: Pod, metadata: {name: agent-a, labels: {app: agent, controller-revision-hash: aa}}, owner: DaemonSet/agent, spec: {nodeName: n1}}
            - {kind: Pod, metadata: {name: agent-b, creationTimestamp: now-5m, labels: {app: agent, controller-revision-hash: bb}}, owner: DaemonSet/agent, spec: {nodeName: n2}, state: {app: {state: {waiting: {reason: ErrImagePull, message: 'failed to pull and unpack image "registry.example.com/agent:2": not found'}}}}}
            - {kind: ControllerRevision, metadata: {name: agent-aa, creationTimestamp: now-9d}, owner: DaemonSet/agent, revision: 1, data: {spec: {template: {\(template) "registry.example.com/agent:1"}]}}}}}
            - {kind: ControllerRevision, metadata: {name: agent-bb, creationTimestamp: now-5m}, owner: DaemonSet/agent, revision: 2, data: {spec: {template: {\(template) "registry.example.com/agent:2"}]}}}}}
            """, base: "shop")
        #expect(cause.category == "rollout-stuck" && cause.resource.resource == "DaemonSet/agent")
        #expect(cause.change?.fields.map(\.path) == ["spec.template.spec.containers[app].image"])
    }

    @Test func aSlowReleaseOfAStatefulSetIsToldByItsRevision() throws {
        let cause = try cause(
            """
            set:
              Pod/db-*: {/metadata/labels: {app: db, controller-revision-hash: db-7a}}
              ControllerRevision/db-7a: {/metadata/creationTimestamp: now-6m}
            traffic: {web: {}, api: {}, db: {latency: [0.005, 0.4]}}
            """)
        #expect(cause.category == "bad-release-latency" && cause.change?.revision == "2")
    }

    /// Of a Helm release only labels are read: they tell which revision the change came with.
    @Test func theHelmReleaseThatBroughtAChangeIsNamed() throws {
        let cause = try cause(
            failing("db-2") + """

                add:
                - {kind: Secret, type: helm.sh/release.v1, metadata: {name: sh.helm.release.v1.shop.v6, creationTimestamp: now-9d, labels: {owner: helm, name: shop, status: superseded, version: "6"}}, data: {release: SDRz}}
                - {kind: Secret, type: helm.sh/release.v1, metadata: {name: sh.helm.release.v1.shop.v7, creationTimestamp: now-11m, labels: {owner: helm, name: shop, status: deployed, version: "7"}}, data: {release: SDRz}}
                """)
        let told = cause.evidence.filter { $0.kind == .change && $0.source.hasPrefix("Secret/") }
        #expect(told.map(\.text) == ["Helm release shop, revision 7, is deployed"])
    }

    /// Argo CD lists conditions that hold, without a status.
    @Test func anArgoApplicationThatCannotBeSyncedIsTold() throws {
        let snapshot = try CaseCluster(
            DocumentReader.json(
                """
                base: shop
                add:
                - {kind: Application, apiVersion: argoproj.io/v1alpha1, metadata: {name: shop}, status: {health: {status: Healthy}, sync: {status: OutOfSync}, conditions: [{type: SyncError, message: "one or more objects failed to apply", lastTransitionTime: now-5m}]}}
                - {kind: Application, apiVersion: argoproj.io/v1alpha1, metadata: {name: cart}, status: {health: {status: Healthy}, sync: {status: Synced}, conditions: [{type: SharedResourceWarning, message: shared}], operationState: {phase: Succeeded}}}
                - {kind: Kustomization, apiVersion: kustomize.toolkit.fluxcd.io/v1, metadata: {name: shop}, status: {conditions: [{type: Ready, status: "False", reason: BuildFailed, message: "kustomize build failed"}]}}
                """, place: "test")
        ).snapshot()
        let report = diagnose(snapshot)
        #expect(report.causes.isEmpty)
        #expect(
            report.hygiene.map(\.text) == [
                "Application shop: SyncError is True, one or more objects failed to apply",
                "Kustomization shop: Ready is False, BuildFailed: kustomize build failed",
            ])
    }
}
