import ArgumentParser
import Core
import Twin

/// One way to compare the twin with a real cluster. A new one is one file with its option, and one line in ``EvalTwinCommand``.
protocol TwinEvaluation: ParsableArguments {
    /// What the summary line calls it; nil when its option was not given.
    var chosen: String? { get }
    /// Runs the cases in order.
    func run(_ report: (EvaluationCase) -> Void) async throws
}

struct EvalTwinCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "twin",
        abstract: "Compare the simulated cluster with recordings of a real one.",
        discussion: """
            Each case is one line: {"case", "outcome", "differences", "notes"}; the last line counts them and gives the share that agrees.

            Examples:
              martlet eval twin --transcripts ./api
              martlet eval twin --conformance ./pod-security-standards.json
              martlet eval twin --scenarios ./cases --images ./images.yaml
            """)

    @OptionGroup var transcripts: TranscriptsEvaluation
    @OptionGroup var conformance: ConformanceEvaluation
    @OptionGroup var scenarios: ScenarioCases
    @OptionGroup var output: OutputOptions

    private var evaluations: [any TwinEvaluation] { [transcripts, conformance, scenarios] }

    func validate() throws {
        guard evaluations.contains(where: { $0.chosen != nil }) else {
            throw ValidationError("Say what to compare; see --help for the options.")
        }
    }

    func run() async throws {
        for evaluation in evaluations {
            guard let name = evaluation.chosen else { continue }
            var summary = EvaluationSummary()
            try await evaluation.run { result in
                summary.add(result)
                output.printElement(result.json) { [$0.text()] }
            }
            guard summary.total > 0 else {
                throw MartletError(
                    .invalid, "\(name): nothing in it could be compared",
                    fix: "give recordings in the form that martlet eval twin --help names")
            }
            output.printElement(summary.json(name)) { [$0.text()] }
        }
    }
}
