import Core
import Journal
import Twin

/// Says what is wrong with how a trial ended: each write once, one operation, its outcome, the journal whole.
struct Judge {
    let scenario: KillScenario
    let home: String

    func faults(log: [LoggedRequest], cluster: SimulatedCluster) async throws -> [String] {
        var faults: [String] = []
        func check(_ isSo: Bool, _ fault: @autoclosure () -> String) { if !isSo { faults.append(fault()) } }

        let entries = try await exported()
        func count(_ type: EntryType) -> Int { entries.count { $0.type == type } }
        let ended = entries.filter { $0.type == .operationEnded }
        check(ended.map { $0.payload?["outcome"]?.string } == [scenario.outcome], "operations ended: \(ended.map { $0.json.text() })")
        for type in [EntryType.incidentOpened, .planApproved, .operationStarted, .verificationStarted, scenario.end] {
            let expected = type == .verificationStarted ? scenario.writes.count : 1
            check(count(type) == expected, "\(count(type)) × \(type.rawValue)")
        }
        for type in [EntryType.stepIntended, .stepDone] {
            check(count(type) == scenario.writes.count, "\(count(type)) × \(type.rawValue)")
        }
        check(count(.stepFailed) == 0, "a step failed")

        let applied = log.filter { !$0.isDryRun && (200..<300).contains($0.status) }
        let digest = ended.first?.payload?["digest"]?.string ?? "?"
        check(
            applied.map { $0.operation ?? "\($0.method) \($0.path)" } == scenario.writes.map { digest + $0 },
            "writes to the cluster: \(applied.map { $0.json.text() })")
        check(try await scenario.isRight(cluster), "the workload is not as it must be")

        let verified = try await Program.run("journal", "verify", environment: ["MARTLET_HOME": home])
        check(verified.status == 0, "journal verify: \(verified.output)\(verified.error)")
        if !faults.isEmpty { faults.append(entries.map(Judge.line).joined(separator: "\n")) }
        return faults
    }

    private func exported() async throws -> [RecordedEntry] {
        let exported = try await Program.run("journal", "export", environment: ["MARTLET_HOME": home])
        return exported.output.split(separator: "\n").compactMap { line in
            guard let json = try? JSON(parsing: String(line)), let entry = json["entry"].flatMap(Entry.init(json:)) else { return nil }
            return RecordedEntry(entry: entry, payload: json["payload"])
        }
    }

    /// An entry, for whoever has to find out why.
    private static func line(_ entry: RecordedEntry) -> String {
        let gates = (entry.payload?["gates"]?.array ?? []).filter { $0["verdict"]?.string != "pass" }
        let words =
            ["reason", "error", "text", "outcome"].compactMap { entry.payload?[$0]?.string }
            + [entry.payload?[at: "cause", "title"]?.string].compactMap { $0 } + gates.map { $0.text() }
        return "  \(entry.entry.seq) \(entry.entry.type) \(words.joined(separator: "; "))"
    }
}
