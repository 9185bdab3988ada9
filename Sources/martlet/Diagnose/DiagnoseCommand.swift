import ArgumentParser
import Core
import Diagnosis
import KubernetesDiagnosis

struct DiagnoseCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "diagnose",
        abstract: "Say what is broken in a snapshot of a cluster, why, and what changed.",
        discussion: """
            Exit status 3 when an incident of at least the severity of --fail-on was found, 1 when no workloads could be read.

            Examples:
              martlet diagnose --snapshot ./incident-42
              martlet diagnose --snapshot ./incident-42 -n shop deployment/checkout
              martlet diagnose --snapshot ./incident-42 -o json --fail-on high
            """)

    @Option(help: ArgumentHelp("A snapshot folder.", valueName: "folder"))
    var snapshot: String

    @Option(name: .shortAndLong, help: "Only this namespace.")
    var namespace: String?

    @Option(name: [.customShort("l"), .long], help: "Only what carries these labels, as in kubectl.")
    var selector: String?

    @Option(help: "The least severity that makes the exit status 3: low, medium, high or critical.")
    var failOn: Severity = .low

    @OptionGroup var output: OutputOptions

    @Argument(help: ArgumentHelp("Only this object, and what it suffers from.", valueName: "KIND/NAME"))
    var target: String?

    func run() async throws {
        let scope = try DiagnosisScope(namespace: namespace, selector: selector, target: target)
        let start = ContinuousClock.now
        let snapshot = try SnapshotFolder.read(snapshot)
        let report = try scope.narrow(diagnose(snapshot), snapshot)
        let elapsed = (ContinuousClock.now - start).secondCount
        output.print(report.json()) { DiagnosisSheet(document: $0, workloads: report.workloads, elapsed: elapsed).lines() }
        if report.hasProblems(atLeast: failOn) { throw ExitCode.problemsFound }
        guard snapshot.knows("pods") || snapshot.knows("deployments") else {
            throw MartletError(.invalid, "no workloads could be read", details: report.undetermined, fix: "see martlet doctor")
        }
    }
}

extension Severity: ExpressibleByArgument {}
