import ArgumentParser
import AsyncHTTPClient
import Core
import NIOCore

struct IncidentsWatch: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "watch",
        abstract: "Print what happens as it happens, until interrupted.",
        discussion: """
            The connection is made again when it breaks, and nothing in between is lost.

            Examples:
              martlet incidents watch
              martlet incidents watch 12
              martlet incidents watch -o json | jq .type
            """)

    @OptionGroup var server: ServerOptions
    @OptionGroup var output: OutputOptions
    @Argument(help: "Number or id of the only incident to watch.")
    var incident: String?

    func run() async throws {
        try await server.withServer { client in
            // An incident that does not exist is said now, not never.
            let only =
                try await incident.map { $0 }.asyncMap { try await client.get("/api/v1/incidents/\($0.asPathSegment)")["id"]?.string }
                ?? nil
            var lastEventID: String?
            var failures = 0
            while true {
                do {
                    try await follow(client, only: only, &lastEventID, &failures)
                } catch let error as MartletError where error.code == .unavailable && lastEventID != nil {
                    Terminal.printToError("reconnecting: \(error.message)".terminalSafe)
                }
                failures += 1
                try await SystemClock().sleep(for: .seconds(min(10, 1 << min(failures, 4))))
            }
        }
    }

    /// One connection's worth of events.
    private func follow(_ client: ServerClient, only: String?, _ lastEventID: inout String?, _ failures: inout Int) async throws {
        let stream = try await client.events(after: lastEventID)
        lastEventID = lastEventID ?? ""
        var parser = EventStreamParser()
        do {
            for try await chunk in stream.body {
                for event in parser.append(chunk.readableBytesView) {
                    failures = 0
                    if let id = event.id { lastEventID = id }
                    guard let entry = try? JSON(parsing: event.data) else { continue }
                    if let only, entry["subject"]?.string != only, entry[at: "payload", "incident"]?.string != only { continue }
                    output.printElement(entry) { [IncidentsWatch.line($0)] }
                }
            }
        } catch let error as CancellationError { throw error } catch {
            Terminal.printToError("reconnecting: the stream of events broke off")
        }
    }

    /// What is about a cluster has that cluster's time, as in the incident's own timeline.
    static func line(_ entry: JSON) -> String {
        let number = entry["incident"]?.int.map { "\($0)" } ?? "-"
        let payload = entry["payload"] ?? [:]
        let text =
            payload[at: "cause", "title"]?.string ?? payload[at: "plan", "title"]?.string ?? payload["reason"]?.string
            ?? payload["outcome"]?.string ?? payload["verdict"]?.string ?? ""
        let time = payload["at"]?.string ?? entry["time"]?.string ?? ""
        let line = "\(time)  \(number)  \(entry["type"]?.string ?? "")  \(text)  (\(entry["actor"]?.string ?? "-"))"
        return line.terminalSafe.cut(to: Terminal.width ?? .max)
    }
}

extension Optional {
    fileprivate func asyncMap<Result>(_ transform: (Wrapped) async throws -> Result) async rethrows -> Result? {
        if let self { try await transform(self) } else { nil }
    }
}
