import ArgumentParser
import Core
import Diagnosis
import Kubernetes
import KubernetesDiagnosis
import Server

struct DiagnoseCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "diagnose",
        abstract: "Say what is broken in a cluster, why, and what changed.",
        discussion: """
            Reads the current context of the kubeconfig, or a snapshot folder, and changes nothing. Exit status 3 when an incident of at least
            the severity of --fail-on was found, 1 when no workloads could be read.

            Examples:
              martlet diagnose -n shop
              martlet diagnose -A --watch
              martlet diagnose -n shop deployment/checkout --explain
              martlet diagnose --snapshot ./incident-42 -o json --fail-on high
            """)

    @OptionGroup var cluster: ClusterOptions
    @OptionGroup var configuration: ConfigurationOptions

    @Option(help: ArgumentHelp("A snapshot folder instead of a cluster.", valueName: "folder"))
    var snapshot: String?

    @Option(name: .shortAndLong, help: "Only this namespace (the context's).")
    var namespace: String?

    @Flag(name: [.customShort("A"), .long], help: "All namespaces.")
    var allNamespaces = false

    @Option(name: [.customShort("l"), .long], help: "Only what carries these labels, as in kubectl.")
    var selector: String?

    @Flag(help: "Look again and again, and print when something has changed, until interrupted.")
    var watch = false

    @Flag(help: "Show what nobody should be paged for, too.")
    var hygiene = false

    @Flag(help: "Show how each answer was reached: all evidence, the chain, what else it may be.")
    var explain = false

    @Option(help: "The least severity that makes the exit status 3.")
    var failOn: Severity = .low

    @OptionGroup var output: OutputOptions

    @Argument(help: ArgumentHelp("Only this object, and what it suffers from.", valueName: "KIND/NAME"))
    var target: String?

    func validate() throws {
        if allNamespaces, namespace != nil { throw ValidationError("Give either -n or -A.") }
        if snapshot != nil, watch { throw ValidationError("A snapshot folder does not change: --watch is for clusters.") }
    }

    func run() async throws {
        let start = ContinuousClock.now
        let names = try configuration.load().redaction.sensitiveNames
        if let snapshot {
            let scope = try DiagnosisScope(namespace: namespace, selector: selector, target: target)
            let taken = try SnapshotFolder.read(snapshot)
            let report = try show(taken, scope, since: start, names)
            try conclude(report, taken)
            return
        }
        let connection = try cluster.connection()
        let namespace = allNamespaces ? nil : namespace ?? connection.namespace
        let scope = try DiagnosisScope(namespace: namespace, selector: selector, target: target)
        let client = try KubernetesClient(connection)
        let collector = SnapshotCollector(client: client, cluster: connection.contextName ?? "cluster")
        if watch { return try await watch(collector, scope, names) }
        let taken = try await Progress.show("reading \(client.server.url)") {
            try await collector.collect(namespaces: namespace.map { [$0] }, customResources: hygiene)
        }
        let report = try show(taken, scope, since: start, names)
        try conclude(report, taken)
    }

    /// Prints a diagnosis and gives it back.
    private func show(
        _ snapshot: KubernetesSnapshot, _ scope: DiagnosisScope, since start: ContinuousClock.Instant, _ names: SensitiveNames
    )
        throws -> DiagnosisReport
    {
        let report = try scope.narrow(diagnose(snapshot), snapshot)
        output.print(report.json(names: names)) { _ in table(report, took: ContinuousClock.now - start, names) }
        return report
    }

    private func table(_ report: DiagnosisReport, took: Duration?, _ names: SensitiveNames) -> [String] {
        // Wide enough for a file or a pipe; what must not be cut is in -o json.
        let style = Diagnosis.TerminalStyle(width: Terminal.width ?? 200, colours: Terminal.usesColour)
        let text = DiagnosisTable(style: style, showsHygiene: hygiene, showsReasoning: explain, names: names).render(report, took: took)
        return text.split(separator: "\n", omittingEmptySubsequences: false).dropLast().map { line in
            String(line.reversed().drop { $0 == " " }.reversed())
        }
    }

    private func conclude(_ report: DiagnosisReport, _ snapshot: KubernetesSnapshot) throws {
        if report.hasProblems(atLeast: failOn) { throw ExitCode.problemsFound }
        guard snapshot.knows("pods") else {
            throw MartletError(
                .invalid, "nothing wrong was seen, but not all pods could be read", details: report.undetermined,
                fix: "see \(Invocation.name) doctor")
        }
    }

    /// Looks every five seconds of the cluster's time and prints when causes came, went or changed.
    private func watch(_ collector: SnapshotCollector, _ scope: DiagnosisScope, _ names: SensitiveNames) async throws {
        var previous: DiagnosisReport?
        var complaint: String?
        while true {
            let start = ContinuousClock.now
            let snapshot: KubernetesSnapshot
            do {
                snapshot = try await collector.collect(namespaces: scope.namespace.map { [$0] }, customResources: hygiene)
                if complaint != nil { Terminal.printToError("\(collector.client.server.url) answers again") }
                complaint = nil
            } catch {
                // A server that was there will be there again: it is said once, and waited for.
                guard previous != nil, !(error is CancellationError) else { throw error }
                let said = (error as? APIError)?.martletError(now: SystemClock().now()) ?? error as? MartletError
                if complaint != said?.message, let said { Terminal.printError(said) }
                complaint = said?.message
                try await collector.client.clock.sleep(for: .seconds(5))
                continue
            }
            let found = diagnose(snapshot, previous: previous?.causes.flatMap(\.findings) ?? [])
            let report = try scope.narrow(found, snapshot)
            if report.causes.map(\.fingerprint) != previous?.causes.map(\.fingerprint) || report.undetermined != previous?.undetermined {
                if previous != nil, output.output == .table { Terminal.printLine("\n\(report.time)") }
                output.printElement(report.json(names: names)) { _ in
                    table(report, took: ContinuousClock.now - start, names)
                }
            }
            previous = report
            try await collector.client.clusterClock.sleep(for: .seconds(5))
        }
    }
}

extension Severity: ExpressibleByArgument {}
