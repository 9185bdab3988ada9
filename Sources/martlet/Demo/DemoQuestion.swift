import Core
import Dispatch
import Foundation
import Remediation

/// Asks on the terminal whether a plan may run, while the page asks too: whoever answers first decides.
actor DemoQuestion {
    private let engine: OperationEngine
    private let environment: String
    private var agenda = DemoAgenda()
    private var asked: (record: PlanRecord, accepted: [GateResult.Gate])?
    private var input: (any DispatchSourceRead)?

    init(engine: OperationEngine, environment: String) {
        self.engine = engine
        self.environment = environment
    }

    /// Takes back the question about a plan that waits no more, and asks about the next that does.
    /// - Parameter repeats: something was printed below an open question, which is asked again there.
    func consider(_ awaiting: [PlanRecord], repeats: Bool) async {
        let change = agenda.update(awaiting.map(\.plan.id))
        if change.isWithdrawn {
            asked = nil
            if Terminal.inputIsTerminal { Terminal.ask("\n") }
        }
        guard let record = awaiting.first(where: { $0.plan.id == change.asks }) else {
            if repeats { show() }
            return
        }
        guard Terminal.inputIsTerminal else {
            return Terminal.printToError("approve or reject \"\(record.plan.title.terminalSafe)\" on the dashboard")
        }
        asked = (record, record.gates.needingAcceptance(optional: await engine.policy(environment).optionalGates))
        listen()
        show()
    }

    private func show() {
        guard let (record, accepted) = asked else { return }
        let without = accepted.isEmpty ? "" : " without an answer of \(accepted.map(\.rawValue).joined(separator: " and "))"
        Terminal.ask("Approve here or on the dashboard: \(record.plan.title.terminalSafe)\(without)? [y/N] ")
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
        let isApproved = text.lowercased().hasPrefix("y")
        agenda.answer(isApproved: isApproved)
        do {
            if isApproved {
                _ = try await engine.approve(
                    record.plan.id, digest: record.digest, accepted: accepted, actor: "demo", reason: "approved on the terminal")
            } else {
                try await engine.reject(record.plan.id, actor: "demo", reason: "turned down on the terminal")
            }
        } catch { Terminal.printError(error as? MartletError ?? MartletError(.internalError, "\(error)")) }
    }
}
