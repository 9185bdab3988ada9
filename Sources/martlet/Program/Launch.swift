import ArgumentParser
import Core
import Foundation
import Kubernetes

/// Runs the command that the arguments name and turns whatever it throws into a message and an exit status (INTERFACES section 9).
enum Launch {
    static func run() async {
        do {
            let arguments = Array(CommandLine.arguments.dropFirst())
            if arguments.first == "help" { try HelpTopic.check(Array(arguments.dropFirst())) }
            var command = try Martlet.parseAsRoot(arguments)
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
            exit(0)
        } catch {
            exit(report(error))
        }
    }

    /// Says what is wrong and returns the exit status.
    private static func report(_ error: any Error) -> Int32 {
        switch error {
        case let code as ExitCode: return code.rawValue
        case let error as MartletError:
            Terminal.printError(error)
            return error.code.exitStatus
        case let error as APIError:
            let error = error.martletError(now: SystemClock().now())
            Terminal.printError(error)
            return error.code.exitStatus
        case is CancellationError: return 130
        default: break
        }
        let code = Martlet.exitCode(for: error)
        switch code {
        case .success:
            Terminal.printLine(Martlet.fullMessage(for: error))
            return 0
        case .validationFailure:
            Terminal.printToError(usage(Martlet.fullMessage(for: error)))
            return 2
        default:
            Terminal.printError(MartletError(.internalError, String(describing: error)))
            return 1
        }
    }

    /// The parser's own message with the first word as everywhere else: `error: …`.
    private static func usage(_ message: String) -> String {
        message.hasPrefix("Error: ") ? "error: " + message.dropFirst("Error: ".count) : message
    }
}

extension ExitCode {
    /// `diagnose` found something.
    static let problemsFound = ExitCode(3)
    /// A gate, policy, pause or void approval said no.
    static let refused = ExitCode(4)
}
