import Core
import Journal
import Testing

@testable import Incidents

@Suite struct RevisionMemoryTests {
    private let start = Timestamp(seconds: Int64(1_800_000_000))

    private func entry(_ revision: SeenRevision, seq: Int64) -> RecordedEntry {
        RecordedEntry(
            entry: Entry(
                v: 1, seq: seq, time: start, type: EntryType.revisionSeen.rawValue, cluster: revision.workload.cluster, environment: "prod",
                subject: revision.workload.description, actor: "martlet", payloadHash: "", prev: ""),
            payload: ["revision": revision.json])
    }

    private func revision(_ id: String, of name: String = "web", _ state: SeenRevision.State = .healthy, cluster: String = "c")
        -> SeenRevision
    {
        SeenRevision(
            id: id, workload: EntityPath(cluster: cluster, namespace: "n", kind: "Deployment", name: name), number: 1, state: state,
            since: start,
            programs: [
                SeenProgram(container: "app", identity: ["exact \(id)", "image x"], startup: 2.5, workingSet: 1e8, memoryLimit: 2e8)
            ])
    }

    @Test func theNewestWordCounts() {
        var memory = RevisionMemory()
        memory.apply(entry(revision("a"), seq: 1))
        #expect(memory.revisions["a"] == revision("a"))
        #expect(memory.programs(of: "c").map(\.container) == ["app"])
        memory.apply(entry(revision("a", .failing), seq: 2))
        #expect(memory.revisions["a"]?.state == .failing)
        #expect(memory.programs(of: "c").isEmpty)
        memory.apply(entry(revision("b", cluster: "other"), seq: 3))
        #expect(memory.programs(of: "c").isEmpty)
    }

    @Test func aWorkloadThatIsReleasedAllDayKeepsItsLastRevisions() {
        var memory = RevisionMemory()
        memory.apply(entry(revision("other", of: "api"), seq: 1))
        for number in 0..<500 { memory.apply(entry(revision("r\(number)"), seq: Int64(number + 2))) }
        #expect(memory.revisions.count == RevisionMemory.mostOfWorkload + 1)
        #expect(memory.revisions["r499"] != nil && memory.revisions["r0"] == nil && memory.revisions["other"] != nil)
    }
}
