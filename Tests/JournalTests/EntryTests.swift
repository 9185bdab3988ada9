import Core
import MartletTesting
import Testing

@testable import Journal

@Suite struct Entries {
    /// INTERFACES section 6, by hand.
    @Test func canonicalBytesAreExactlyThoseOfTheInterface() throws {
        var sequence = EntrySequence()
        let new = NewEntry(
            type: .planApproved, cluster: "eu-1", environment: "prod", subject: "01J", actor: "ana",
            payload: ["b": 1, "a": [true, nil, 1.50]])
        let time = try #require(Timestamp("2026-11-21T12:41:46.123987Z"))
        let (entry, bytes, payload) = sequence.next(new, at: time)
        #expect(String(decoding: payload, as: UTF8.self) == #"{"a":[true,null,1.5],"b":1}"#)
        let hash = Digest.sha256Hex(#"{"a":[true,null,1.5],"b":1}"#)
        let zeros = String(repeating: "0", count: 64)
        #expect(
            String(decoding: bytes, as: UTF8.self)
                == #"{"actor":"ana","cluster":"eu-1","environment":"prod","payloadHash":"\#(hash)","prev":"\#(zeros)","#
                + #""seq":1,"subject":"01J","time":"2026-11-21T12:41:46.123Z","type":"plan.approved","v":1}"#)
        #expect(sequence.head == Digest.sha256Hex(bytes))
        #expect(Entry(json: entry.json) == entry)
        let (next, _, _) = sequence.next(new, at: time - .seconds(60))
        #expect(next.seq == 2 && next.prev == entry.hash)
        #expect(next.time == entry.time, "time never goes back")
    }

    @Test func timesBefore1970AreCutDownwards() throws {
        var sequence = EntrySequence()
        let new = NewEntry(type: .controlPaused, cluster: "", environment: "", subject: "", actor: "martlet")
        let entry = sequence.next(new, at: Timestamp(nanoseconds: -1)).entry
        #expect(entry.time.nanoseconds == -1_000_000)
    }

    @Test func memoryJournalGivesTheSameEntriesAsTheStore() async throws {
        let sample = try Sample()
        let store = try sample.open()
        let memory = MemoryJournal(clock: sample.clock)
        let entries = (1...5).map { sample.entry($0) }
        let stored = try await store.append(entries)
        let remembered = try await memory.append(entries)
        #expect(stored == remembered)
        await store.close()
    }
}
