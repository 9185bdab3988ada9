import ArgumentParser

/// The command line. A new command is one file and one line in ``commands``.
@main struct Martlet: AsyncParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: Invocation.name,
            abstract: "Watches what you run on Kubernetes, says what broke and why, and repairs it with your approval.",
            discussion: """
                Exit status: 0 fine, 1 error, 2 usage, 3 problems found, 4 refused.
                Output: -o table (default), json or yaml; NO_COLOR turns colour off.
                """,
            groupedSubcommands: commands)
    }

    private static var commands: [CommandGroup] {
        [
            CommandGroup(
                name: "See",
                subcommands: [DiagnoseCommand.self, SnapshotCommand.self, RulesCommand.self, IncidentsCommand.self, PlansCommand.self]),
            CommandGroup(
                name: "Decide",
                subcommands: [ApproveCommand.self, RejectCommand.self, UndoCommand.self, PauseCommand.self, ResumeCommand.self]),
            CommandGroup(
                name: "Run",
                subcommands: [
                    DemoCommand.self, ServeCommand.self, LoginCommand.self, TwinCommand.self, JournalCommand.self, TokenCommand.self,
                    ConfigCommand.self,
                    DoctorCommand.self,
                ]),
            CommandGroup(
                name: "Program", subcommands: [EvalCommand.self, VersionCommand.self, CompletionsCommand.self, BenchCommand.self]),
        ]
    }

    static func main() async { await Launch.run() }
}
