import ArgumentParser
import Core

struct CompletionsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "completions",
        abstract: "Print a completion script for a shell.",
        discussion: """
            Examples:
              martlet completions bash > /etc/bash_completion.d/martlet
              martlet completions zsh > ~/.zfunc/_martlet
              martlet completions fish > ~/.config/fish/completions/martlet.fish
            """)

    enum Shell: String, ExpressibleByArgument, CaseIterable { case bash, zsh, fish }

    @Argument(help: "bash, zsh or fish.")
    var shell: Shell

    func run() async throws {
        guard !Invocation.isKubectlPlugin else {
            throw MartletError(
                .usage, "completions are made for the name martlet, and this is kubectl-martlet",
                fix: "run martlet completions \(shell.rawValue)")
        }
        let kind: CompletionShell =
            switch shell {
            case .bash: .bash
            case .zsh: .zsh
            case .fish: .fish
            }
        Terminal.printLine(Martlet.completionScript(for: kind))
    }
}
