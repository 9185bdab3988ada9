import Core
import Documents

/// A kubectl command line, taken apart: verb, arguments, options.
struct KubectlCommand: Sendable, Equatable {
    var verb: String
    /// Of `rollout` and `set`: what comes after it.
    var part: String?
    var arguments: [String]
    var options: [String: String]
    /// Where it stands, for errors.
    var place: String

    var namespace: String { options["namespace"] ?? "default" }

    func flag(_ name: String, unless standard: Bool = false) -> Bool { options[name].map { $0 != "false" } ?? standard }

    func duration(_ name: String) -> Duration? { options[name].flatMap { DurationText.parse($0, plainIsSeconds: true) } }

    private static let verbs = [
        "annotate", "cordon", "delete", "drain", "label", "patch", "rollout", "scale", "set", "taint", "uncordon", "wait",
    ]
    private static let short = ["n": "namespace", "p": "patch"]
    private static let valued: Set<String> = [
        "namespace", "patch", "type", "subresource", "replicas", "timeout", "for", "grace-period", "to-revision",
    ]
    private static let flags: Set<String> = ["overwrite", "wait", "force", "ignore-daemonsets", "delete-emptydir-data"]

    init(_ words: [String], place: String) throws(MartletError) {
        self.place = place
        var rest: [String] = []
        options = [:]
        var i = 0
        while i < words.count {
            let word = words[i]
            i += 1
            guard word.hasPrefix("-"), word.count > 1 else { rest.append(word); continue }
            let body = word.drop { $0 == "-" }
            let sides = body.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            let name = Self.short[sides[0]] ?? sides[0]
            if sides.count == 2, Self.valued.contains(name) || Self.flags.contains(name) {
                options[name] = sides[1]
            } else if Self.valued.contains(name), i < words.count {
                options[name] = words[i]
                i += 1
            } else if Self.flags.contains(name) {
                options[name] = "true"
            } else {
                throw MartletError(.invalid, "\(place): kubectl's option \(word) is not understood")
            }
        }
        guard let verb = rest.first, Self.verbs.contains(verb) else {
            throw MartletError(
                .invalid, "\(place): kubectl \(rest.first ?? "") is not among the steps",
                fix: "verbs: " + Self.verbs.joined(separator: ", "))
        }
        self.verb = verb
        rest.removeFirst()
        if verb == "rollout" || verb == "set" {
            guard !rest.isEmpty else { throw MartletError(.invalid, "\(place): kubectl \(verb) lacks its subcommand") }
            part = rest.removeFirst()
        }
        arguments = rest
    }
}
