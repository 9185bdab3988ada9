import ArgumentParser
import Core
import Kubernetes
import Server

struct DoctorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Say what can be reached, which permissions are missing, and how to grant them.",
        discussion: """
            Exit status 1 when something that Martlet cannot do without is missing.

            Examples:
              martlet doctor
              martlet doctor --context staging -n shop
              martlet doctor -o json | jq -r .rbac | kubectl apply -f -
            """)

    @OptionGroup var cluster: ClusterOptions
    @OptionGroup var configuration: ConfigurationOptions
    @OptionGroup var server: ServerOptions
    @OptionGroup var output: OutputOptions

    @Option(name: .shortAndLong, help: "Ask about this namespace only (the whole cluster).")
    var namespace: String?

    func run() async throws {
        var report = DoctorReport()
        let settings = MachineChecks.configuration(configuration, &report)
        MachineChecks.store(settings?.home ?? Invocation.home, &report)
        try await MachineChecks.server(server, &report)
        do {
            let connection = try cluster.connection()
            let readsSecrets = settings?.readsSecrets(ofContext: connection.contextName) ?? false
            try await ClusterChecks.run(
                try KubernetesClient(connection), namespace: namespace, readsSecrets: readsSecrets, &report)
        } catch let error as MartletError {
            report.fail("kubeconfig", error)
        }
        MachineChecks.terminal(&report)
        output.print(report.json) { _ in report.lines() }
        if report.hasErrors { throw ExitCode(1) }
    }
}
