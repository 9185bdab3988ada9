import Foundation
import Testing

/// One command of a session and what must come of it.
struct KubectlStep: Sendable {
    var command: String
    var input: String?
    /// Each must stand in the output (of both streams).
    var expects: [String]
    var fails = false

    init(_ command: String, input: String? = nil, _ expects: String..., fails: Bool = false) {
        self.command = command
        self.input = input
        self.expects = expects
        self.fails = fails
    }

    /// Runs the steps in order on a twin of their own, and prints how many ran. Commands that this kubectl does not have are named.
    static func run(_ steps: [KubectlStep], as name: String) async throws {
        try await TwinOnSocket.run { folder in
            guard let kubectl = Kubectl(folder: folder) else {
                print("kubectl \(name): not on the PATH: \(steps.count) steps not run")
                return
            }
            var notRun: [String] = []
            for step in steps {
                let output = try await kubectl.run(step.command.split(separator: " ").map(String.init), input: step.input)
                let all = output.text + output.errors
                if all.contains("unknown command") || all.contains("unknown flag") { notRun.append(step.command); continue }
                #expect((output.status != 0) == step.fails, "kubectl \(step.command): status \(output.status): \(all)")
                for text in step.expects { #expect(all.contains(text), "kubectl \(step.command) printed: \(all)") }
            }
            let missing = notRun.map { "\n  not run: kubectl \($0)" }.joined()
            print("kubectl \(name): \(steps.count - notRun.count) steps run, \(notRun.count) not run\(missing)")
        }
    }
}
