import ArgumentParser

/// Runs decision-making parts over recorded data and prints what came out, one JSON line a case.
struct EvalCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "eval", abstract: "Measure on recorded data; one JSON line a case, then a summary.",
        discussion: "Example: martlet eval diagnosis --cases ./cases --truth",
        subcommands: [EvalDiagnosisCommand.self, EvalTwinCommand.self])
}
