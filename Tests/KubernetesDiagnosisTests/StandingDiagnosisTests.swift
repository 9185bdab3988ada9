import Core
import Diagnosis
import Kubernetes
import Testing

@testable import KubernetesDiagnosis

/// Looking again and again gives what looking once gives, whatever happens in between.
@Suite struct StandingDiagnosisTests {
    @Test(arguments: [1, 2, 3] as [UInt64])
    func memoryChangesNoAnswer(_ seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        var standing = StandingDiagnosis()
        let cases = Golden.cases.filter { !$0.isHealthy }
        var found = 0
        for _ in 0..<6 {
            // Another cluster altogether is a change as well.
            var snapshot = try SnapshotFolder.read(try #require(cases.randomElement(using: &random)).folder).inOrder()
            for _ in 0..<8 {
                let report = standing.diagnose(snapshot)
                let once = diagnose(snapshot)
                #expect(report.causes == once.causes && report.hygiene == once.hygiene && report.undetermined == once.undetermined)
                #expect(report.json().serialized() == once.json().serialized())
                let wished = standing.wishedLogs(snapshot, quietLimit: 10), wishedOnce = snapshot.wishedLogs(quietLimit: 10)
                #expect(wished.failing == wishedOnce.failing && wished.quiet == wishedOnce.quiet)
                found += report.causes.count
                change(&snapshot, &random)
            }
        }
        #expect(found > 20)
    }

    /// One change of those that a watch may tell of, and some seconds.
    private func change(_ snapshot: inout KubernetesSnapshot, _ random: inout SeededGenerator) {
        snapshot.time = snapshot.time + .seconds(Int.random(in: 1...120, using: &random))
        let pod = snapshot.pods.indices.randomElement(using: &random)
        switch Int.random(in: 0..<9, using: &random) {
        case 0:
            if let pod { snapshot.pods.remove(at: pod) }
        case 1:
            if let pod { snapshot.pods[pod].metadata.deletionTimestamp = snapshot.time }
        case 2:
            if let pod {
                for i in snapshot.pods[pod].status.conditions.indices { snapshot.pods[pod].status.conditions[i].status = "True" }
                snapshot.pods[pod].status.phase = "Running"
            }
        case 3:
            if let pod {
                var twin = snapshot.pods[pod]
                twin.metadata.name += "-again"
                twin.metadata.uid += "-again"
                snapshot.pods.append(twin)
            }
        case 4:
            if let pod { snapshot.pods[pod].metadata.labels = [:] }
        case 5:
            if let pod { snapshot.pods[pod].metadata.ownerReferences = [] }
        case 6:
            if let event = snapshot.events.indices.randomElement(using: &random) { snapshot.events.remove(at: event) }
        case 7:
            if let i = snapshot.deployments.indices.randomElement(using: &random) { snapshot.deployments[i].spec.replicas += 1 }
        default:
            if let i = snapshot.services.indices.randomElement(using: &random) { snapshot.services[i].spec.selector["also"] = "this" }
            if let pod { snapshot.pods[pod].metadata.annotations[IgnoreAnnotations.key] = "*" }
        }
    }

    @Test func bitsTellWhatChanged() {
        let before = (0..<5).map { "a name that is longer than fits into a string itself \($0)" }
        var after = before
        #expect(after.sharesStorage(with: before))
        after[2] += "!"
        #expect(!after.sharesStorage(with: before))
        #expect(after.indicesOfOtherBits(than: before) == [2])
        #expect(after.indicesOfOtherBits(than: []) == nil)
        #expect([String]().indicesOfOtherBits(than: []) == [])
    }
}
