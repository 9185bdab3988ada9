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

    /// Of more Deployments than it holds, each look would else tell of those that the one before it drove out.
    @Test func aFullMemoryTakesInWhatSomethingElseMakesRoomFor() throws {
        var memory = RevisionMemory()
        let names = (0..<RevisionMemory.most).map { "w\($0)" }
        for (i, name) in names.enumerated() { memory.apply(entry(revision("r-\(name)", of: name), seq: Int64(i))) }
        func paths(_ names: [String]) -> Set<EntityPath> { Set(names.map { revision("", of: $0).workload }) }
        let news = [revision("r-w7", of: "w7", .failing), revision("x", of: "x"), revision("y", of: "y")]

        let living = paths(names + ["x", "y"])
        #expect(memory.admitted(news, in: "c", living: living).map(\.revision.id) == ["r-w7"])
        #expect(memory.admitted(news, in: "other", living: []).map(\.revision.id) == ["r-w7"], "who lives elsewhere is not known here")
        let admitted = memory.admitted(news, in: "c", living: living.subtracting(paths(["w3"])))
        #expect(admitted.map(\.revision.id) == ["r-w7", "x"] && admitted.map(\.instead) == [nil, "r-w3"])
        for (revision, instead) in admitted {
            var recorded = entry(revision, seq: 0)
            recorded.payload?["instead"] = instead.map { .string($0) }
            memory.apply(recorded)
        }
        #expect(memory.revisions.count == RevisionMemory.most)
        #expect(memory.revisions["x"] != nil && memory.revisions["r-w3"] == nil && memory.revisions["r-w7"]?.state == .failing)
    }
}
