import ArgumentParser
import Core
import Kubernetes
import Server

struct DoctorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Say what can be reached, which permissions are missing, and how to grant them.",
        discussion: """
            Asks about what `serve` would watch: the namespaces that are configured for the cluster, else that of the context. Exit status 1
            when something that Martlet cannot do without is missing.

            Examples:
              martlet doctor
              martlet doctor -A
              martlet doctor --context staging -n shop
              martlet doctor -o json | jq -r .rbac | kubectl apply -f -
            """)

    @OptionGroup var cluster: ClusterOptions
    @OptionGroup var configuration: ConfigurationOptions
    @OptionGroup var server: ServerOptions
    @OptionGroup var output: OutputOptions

    @Option(name: .shortAndLong, help: "Ask about this namespace only (those of the configuration, else the context's).")
    var namespace: String?

    @Flag(name: [.customShort("A"), .long], help: "Ask about all namespaces.")
    var allNamespaces = false

    func validate() throws {
        if allNamespaces, namespace != nil { throw ValidationError("Give either -n or -A.") }
    }

    func run() async throws {
        var report = DoctorReport()
        let settings = MachineChecks.configuration(configuration, &report)
        MachineChecks.store(settings?.home ?? Invocation.home, &report)
        try await MachineChecks.server(server, &report)
        do {
            let connection = try cluster.connection()
            let readsSecrets = settings?.readsSecrets(ofContext: connection.contextName) ?? false
            try await ClusterChecks.run(
                try KubernetesClient(connection), namespaces: namespaces(connection, settings), readsSecrets: readsSecrets, &report)
        } catch let error as MartletError {
            report.fail("kubeconfig", error)
        }
        MachineChecks.terminal(&report)
        output.print(report.json) { _ in report.lines() }
        if report.hasErrors { throw ExitCode(1) }
    }

    /// Empty: all of them.
    private func namespaces(_ connection: Connection, _ settings: Configuration?) -> [String] {
        if allNamespaces { return [] }
        if let namespace { return [namespace] }
        return settings?.namespaces(ofContext: connection.contextName) ?? [connection.namespace]
    }
}
