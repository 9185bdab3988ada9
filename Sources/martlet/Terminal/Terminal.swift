import Core
import Foundation

/// What is known of the terminal, and the only ways in which this program writes to it.
enum Terminal {
    static let outputIsTerminal = isatty(STDOUT_FILENO) == 1
    static let errorIsTerminal = isatty(STDERR_FILENO) == 1
    static let inputIsTerminal = isatty(STDIN_FILENO) == 1

    /// Columns of the terminal on standard output; nil when that is not a terminal, so that nothing is cut in files and pipes.
    static var width: Int? {
        if let columns = Invocation.environment("COLUMNS").flatMap({ Int($0) }), columns > 0 { return columns }
        var size = winsize()
        guard outputIsTerminal, ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return nil }
        return Int(size.ws_col)
    }

    /// https://no-color.org: any value that is not empty turns colour off.
    static let usesColour =
        outputIsTerminal && Invocation.environment("NO_COLOR") == nil && Invocation.environment("TERM") != "dumb"

    static func printLine(_ text: String) { write(text + "\n", to: STDOUT_FILENO) }
    static func printLines(_ lines: [String]) { if !lines.isEmpty { write(lines.joined(separator: "\n") + "\n", to: STDOUT_FILENO) } }
    static func printBytes(_ bytes: [UInt8]) { write(String(decoding: bytes, as: UTF8.self), to: STDOUT_FILENO) }
    static func printToError(_ text: String) { write(text + "\n", to: STDERR_FILENO) }

    /// A question, without a line end, where people see it even if standard output goes elsewhere.
    static func ask(_ text: String) { write(text, to: STDERR_FILENO) }

    /// `error: …`, facts indented, `fix: …` last.
    static func printError(_ error: MartletError) {
        var lines = ["error: " + error.message.terminalSafe]
        lines += error.details.map { "  " + $0.terminalSafe }
        if let fix = error.fix {
            let parts = fix.split(separator: "\n", omittingEmptySubsequences: false).map { String($0).terminalSafe }
            lines.append("  fix: " + (parts.first ?? ""))
            lines += parts.dropFirst().map { "       " + $0 }
        }
        printToError(lines.joined(separator: "\n"))
    }

    /// Writes everything or ends the program as the shell expects of a reader that has gone (`martlet … | head`).
    private static func write(_ text: String, to descriptor: Int32) {
        var text = text
        text.withUTF8 { bytes in
            var at = 0
            while at < bytes.count {
                let count = Foundation.write(descriptor, bytes.baseAddress.map { $0 + at }, bytes.count - at)
                if count > 0 {
                    at += count
                } else if errno == EAGAIN {
                    var wait = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                    _ = poll(&wait, 1, 1000)
                } else if errno == EPIPE {
                    exit(128 + SIGPIPE)
                } else if errno != EINTR {
                    return
                }
            }
        }
    }
}
