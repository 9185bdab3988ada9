import Foundation

/// How the program was called: `martlet`, or `kubectl martlet` when it is installed as `kubectl-martlet`.
enum Invocation {
    static let isKubectlPlugin: Bool =
        CommandLine.arguments.first.map { $0.split(separator: "/").last == "kubectl-martlet" } ?? false

    static let name = isKubectlPlugin ? "kubectl martlet" : "martlet"

    /// `$MARTLET_HOME`, else the XDG state folder (INTERFACES section 3).
    static var home: String {
        if let home = environment("MARTLET_HOME") { return home }
        return (environment("XDG_STATE_HOME") ?? (environment("HOME") ?? "/var/lib") + "/.local/state") + "/martlet"
    }

    static func environment(_ name: String) -> String? {
        guard let value = ProcessInfo.processInfo.environment[name], !value.isEmpty else { return nil }
        return value
    }
}
