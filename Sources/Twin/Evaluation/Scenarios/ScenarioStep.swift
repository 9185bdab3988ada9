import Core
import Documents
import Foundation

/// One line of `steps.txt`: what was done after the manifest was applied.
enum ScenarioStep: Sendable, Equatable {
    case sleep(Duration)
    /// `kill_container NAMESPACE CONTAINER`: SIGKILL from the node to its process.
    case killContainer(namespace: String, container: String)
    case kubectl(KubectlCommand)

    /// All lines; empty ones and comments say nothing. A line that is not understood is an error that names it.
    static func read(_ text: String, place: String) throws(MartletError) -> [ScenarioStep] {
        var steps: [ScenarioStep] = []
        for (i, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            let here = "\(place), line \(i + 1)"
            let line = line.trimmingCharacters(in: .whitespaces)
            if line.isEmpty || line.hasPrefix("#") { continue }
            guard let words = ShellWords.split(line), let first = words.first else {
                throw MartletError(.invalid, "\(here): a quote is not closed")
            }
            switch first {
            case "sleep":
                guard words.count == 2, let time = DurationText.parse(words[1], plainIsSeconds: true) else {
                    throw MartletError(.invalid, "\(here): sleep takes seconds")
                }
                steps.append(.sleep(time))
            case "kill_container":
                guard words.count == 3 else { throw MartletError(.invalid, "\(here): kill_container takes a namespace and a container") }
                steps.append(.killContainer(namespace: words[1], container: words[2]))
            case "kubectl": steps.append(.kubectl(try KubectlCommand(Array(words.dropFirst()), place: here)))
            default:
                throw MartletError(
                    .invalid, "\(here): \(first) is not a step", fix: "steps are sleep, kill_container and kubectl with a few verbs")
            }
        }
        return steps
    }

}
