import ArgumentParser
import Core
import Foundation
import Kubernetes
import KubernetesDiagnosis
import KubernetesRemediation
import Twin

struct TwinLoadCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "load",
        abstract: "Run a simulated cluster with the shape of a real one.",
        discussion: """
            Starts from a snapshot folder (at the time when it was taken), or from what a context of your kubeconfig may list now. Objects,
            names and images are kept; each program goes on as it was last seen, or as its annotation twin.martlet/behaviour says. Secrets
            are not asked for; of those in a folder the keys are kept and the values replaced. The twin makes no connection to anything: it
            pulls no image and calls no webhook. Custom resources come along from a folder only.

            Examples:
              martlet twin load --from-snapshot ./incident-42
              martlet twin load --from-context staging --kubeconfig ./twin.kubeconfig
              martlet twin load --from-context staging --from-kubeconfig ./staging.kubeconfig --speed 10
            """)

    @Option(help: ArgumentHelp("The snapshot folder to start from.", valueName: "folder"), completion: .directory)
    var fromSnapshot: String?
    @Option(help: ArgumentHelp("The context of the cluster to start from.", valueName: "name"))
    var fromContext: String?
    @Option(help: ArgumentHelp("The kubeconfig that holds the context ($KUBECONFIG, else ~/.kube/config).", valueName: "file"))
    var fromKubeconfig: String?
    @OptionGroup var serving: TwinServing

    func validate() throws {
        guard (fromSnapshot == nil) != (fromContext == nil) else {
            throw ValidationError("Give either --from-snapshot or --from-context.")
        }
        if fromKubeconfig != nil, fromContext == nil { throw ValidationError("--from-kubeconfig holds a --from-context.") }
    }

    func run() async throws {
        let source: ClusterObjects
        if let fromSnapshot {
            source = try SnapshotFolder.readObjects(fromSnapshot)
        } else {
            source = try await readContext()
        }
        let token = serving.newToken()
        let cluster = try SimulatedCluster(
            copying: source.objects, podMetrics: source.podMetrics, knowsSecrets: source.known.contains("secrets"),
            knowsNodes: source.known.contains("nodes"),
            options: TwinOptions(seed: serving.seed, start: source.time, tokens: [token: .administrator]),
            hear: { TwinServing.warn($0) })
        await tell(source, cluster)
        try await serving.serve(cluster, token: token)
    }

    /// What the context's cluster holds; its connections are closed when this returns.
    private func readContext() async throws -> ClusterObjects {
        let environment = ProcessInfo.processInfo.environment
        try refuseToOverwrite(environment)
        let connection = try Connection.resolve(
            ConnectionOptions(kubeconfig: fromKubeconfig, context: fromContext), environment: environment)
        let client = try KubernetesClient(connection)
        return try await Progress.show("reading \(client.server.url)") {
            try await SnapshotCollector(client: client, cluster: connection.contextName ?? "cluster").objects()
        }
    }

    /// The kubeconfig that is read is not the one to write: its contexts would be gone.
    private func refuseToOverwrite(_ environment: [String: String]) throws {
        let target = URL(fileURLWithPath: try serving.kubeconfigPath()).resolvingSymlinksInPath().path
        let read = fromKubeconfig.map { [$0] } ?? Kubeconfig.paths(environment: environment)
        guard !read.contains(where: { URL(fileURLWithPath: $0).resolvingSymlinksInPath().path == target }) else {
            throw MartletError(
                .invalid, "the kubeconfig \(target) holds the context to read, and would be replaced by the twin's",
                fix: "name another file to write with --kubeconfig; the one to read is named with --from-kubeconfig")
        }
    }

    /// What came along and what did not, for a person.
    private func tell(_ source: ClusterObjects, _ cluster: SimulatedCluster) async {
        for note in source.notes { Terminal.printToError("note: \(note.terminalSafe)") }
        if !source.known.contains("nodes") {
            Terminal.printToError("note: nodes are not known; a large one stands in for each that is named")
        }
        if !source.known.contains("secrets") {
            Terminal.printToError("note: Secrets are not known; those that are referred to are taken to exist")
        }
        let rejected = await cluster.rejected
        for line in rejected.prefix(10) { Terminal.printToError("note: left out: \(line.terminalSafe)") }
        if rejected.count > 10 { Terminal.printToError("note: \(rejected.count - 10) more objects were left out") }
        Terminal.printToError("loaded \(source.objects.count - rejected.count) objects as of \(source.time.rfc3339())")
    }
}
