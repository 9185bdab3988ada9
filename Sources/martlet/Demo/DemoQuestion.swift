import Core
import Dispatch
import Foundation
import Remediation

/// Asks on the terminal whether a plan may run, while the page asks too: whoever answers first decides.
actor DemoQuestion {
    private let engine: OperationEngine
    private let environment: String
    private var asked: (record: PlanRecord, accepted: [GateResult.Gate])?
    private var input: (any DispatchSourceRead)?

    init(engine: OperationEngine, environment: String) {
        self.engine = engine
        self.environment = environment
    }

    /// Asks about the best plan only: while one question is open, another plan waits on the page and the question is repeated below it.
    func ask(_ record: PlanRecord) async {
        guard asked == nil else { return show() }
        guard Terminal.inputIsTerminal else { return Terminal.printLine("approve or reject it on the dashboard") }
        let accepted = record.gates.needingAcceptance(optional: await engine.policy(environment).optionalGates)
        asked = (record, accepted)
        listen()
        show()
    }

    private func show() {
        guard let (record, accepted) = asked else { return }
        let without = accepted.isEmpty ? "" : " without an answer of \(accepted.map(\.rawValue).joined(separator: " and "))"
        Terminal.ask("Approve here or on the dashboard: \(record.plan.title.terminalSafe)\(without)? [y/N] ")
    }

    /// The plan has been decided on; an open question about it is taken back.
    func withdraw(_ plan: String) {
        guard asked?.record.plan.id == plan else { return }
        asked = nil
        Terminal.ask("\n")
    }

    func close() {
        input?.cancel()
        input = nil
    }

    /// Reads lines as they come. A blocking read would hold a thread, and standard input with it, beyond the end of the demo.
    private func listen() {
        guard input == nil else { return }
        let source = DispatchSource.makeReadSource(fileDescriptor: STDIN_FILENO)
        let (lines, line) = AsyncStream.makeStream(of: String.self)
        source.setEventHandler {
            var bytes = [UInt8](repeating: 0, count: 1024)
            let count = read(STDIN_FILENO, &bytes, bytes.count)
            if count > 0 {
                line.yield(String(decoding: bytes[..<count], as: UTF8.self))
            } else if count == 0 || errno != EINTR {
                source.cancel()
            }
        }
        source.setCancelHandler { line.finish() }
        source.resume()
        input = source
        Task { for await text in lines { await answer(text) } }
    }

    /// What is typed while nothing is asked answers nothing.
    private func answer(_ text: String) async {
        guard let (record, accepted) = asked else { return }
        asked = nil
        do {
            if text.lowercased().hasPrefix("y") {
                _ = try await engine.approve(
                    record.plan.id, digest: record.digest, accepted: accepted, actor: "demo", reason: "approved on the terminal")
            } else {
                try await engine.reject(record.plan.id, actor: "demo", reason: "turned down on the terminal")
            }
        } catch { Terminal.printError(error as? MartletError ?? MartletError(.internalError, "\(error)")) }
    }
}
