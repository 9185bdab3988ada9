import Core
import Journal
import MartletTesting

@testable import Incidents

/// A loop in small: journal in memory, live board, one cluster.
struct Loop {
    static let start = Timestamp(seconds: Int64(1_800_000_000))
    let clock = ManualClock(Loop.start)
    let journal: MemoryJournal
    var board = IncidentBoard()
    var absences = AbsenceTracker()
    var pending = PendingTracker()
    var generator = SeededGenerator(seed: 1)
    private var last: (causes: [Cause], isComplete: Bool)?

    init() { journal = MemoryJournal(clock: clock) }

    var now: Timestamp { clock.now() }

    @discardableResult
    mutating func write(_ entries: [NewEntry]) async throws -> [EntryType] {
        var types: [EntryType] = []
        for recorded in try await journal.append(entries) {
            board.apply(recorded)
            types += recorded.type.map { [$0] } ?? []
            types += try await write(board.followUps(after: recorded, at: now))
        }
        return types
    }

    /// One tick: what was written because of this diagnosis.
    @discardableResult
    mutating func see(_ causes: Cause..., isComplete: Bool = true) async throws -> [EntryType] {
        try await see(causes, isComplete: isComplete)
    }

    @discardableResult
    mutating func see(_ causes: [Cause], isComplete: Bool = true) async throws -> [EntryType] {
        last = (causes, isComplete)
        return try await write(
            board.observe(
                causes, cluster: "eu-1", environment: "prod", at: now, canTell: { _ in isComplete }, absences: &absences,
                pending: &pending, using: &generator)
        )
    }

    @discardableResult
    mutating func see(_ causes: Cause..., after seconds: Int, isComplete: Bool = true) async throws -> [EntryType] {
        var types: [EntryType] = [], left = seconds
        // Looks never stop: what was seen last is seen until then.
        while left > 30, let last {
            clock.advance(by: .seconds(30))
            left -= 30
            types += try await see(last.causes, isComplete: last.isComplete)
        }
        clock.advance(by: .seconds(left))
        return types + (try await see(causes, isComplete: isComplete))
    }

    /// An entry of the remediation room about the first incident's plan.
    @discardableResult
    mutating func remedy(_ type: EntryType, _ payload: JSON = [:], plan: String = "PLAN", on incident: Int = 1) async throws -> [EntryType]
    {
        var payload = payload
        payload["incident"] = .string(board.incident(number: incident)?.id ?? "")
        return try await write([
            NewEntry(type: type, cluster: "eu-1", environment: "prod", subject: plan, actor: "martlet", payload: payload)
        ])
    }

    @discardableResult
    mutating func person(_ command: IncidentCommand, on incident: Int = 1) async throws -> [EntryType] {
        try await write([board.entry(for: command, on: board.incident(number: incident)?.id ?? "", actor: "ana", at: now)])
    }

    func state(_ number: Int = 1) -> IncidentState? { board.incident(number: number)?.state }
    func states(_ number: Int = 1) -> [IncidentState] { board.incident(number: number)?.states.map(\.state) ?? [] }
}

/// A cause in `checkout`, explained by the findings named.
func cause(
    _ category: String = "missing-env", in name: String = "checkout", findings rules: [String] = ["crash-loop"], confidence: Double = 0.9,
    severity: Severity = .high, text: String = "it exits with 1", undecided: [String] = [], isCurrent: Bool = true
) -> Cause {
    let path = EntityPath(cluster: "eu-1", namespace: "shop", kind: "Deployment", name: name)
    return Cause(
        severity: severity, category: category, resource: path, title: "\(name) crashes: \(category)", text: text, confidence: confidence,
        undecided: undecided,
        findings: rules.map {
            Finding(
                rule: $0, severity: severity, entity: path, text: $0, firstSeen: Loop.start, lastSeen: Loop.start, isCurrent: isCurrent,
                evidence: [])
        })
}

func undecided(_ rules: [String] = ["crash-loop"]) -> Cause {
    cause(Cause.undecidedCategory, findings: rules, confidence: 0.2, undecided: ["logs may not be read"])
}
