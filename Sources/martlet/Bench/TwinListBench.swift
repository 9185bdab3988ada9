import ArgumentParser
import Core
import Kubernetes

/// `martlet twin` with 10,000 running pods: how long a client waits for their list over TLS on loopback, whole and page by page. The
/// cluster's time stands still meanwhile.
struct TwinListBench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "twin-list")

    @Option(help: .hidden) var nodes = 1000
    @Option(help: .hidden) var pods = 10_000
    @Option(help: .hidden) var runs = 9

    func run() async throws {
        let folder = try BenchFolder()
        let twin = try BenchTwin(nodes: nodes, speed: "max", folder: folder)
        defer { twin.program.end() }
        try await twin.start(deployments: max(1, pods / 100), replicas: min(pods, 100))
        try await twin.set(speed: 0)
        var firsts: [Double] = [], wholes: [Double] = [], pages: [Double] = [], size = 0
        for _ in 0..<runs {
            let whole = try await answer(twin.client, "/api/v1/namespaces/default/pods")
            guard try KubernetesObjectList(parsing: whole.bytes).items.count == pods else {
                throw MartletError(.internalError, "the list does not hold \(pods) pods")
            }
            firsts.append(whole.first)
            wholes.append(whole.whole)
            size = whole.bytes.count
            var token: String? = "", seen = 0
            while let next = token {
                // A token of the twin needs no escaping.
                let page = try await answer(
                    twin.client, "/api/v1/namespaces/default/pods?limit=500" + (next.isEmpty ? "" : "&continue=\(next)"))
                pages.append(page.whole)
                let list = try KubernetesObjectList(parsing: page.bytes)
                seen += list.items.count
                token = list.metadata.continueToken.flatMap { $0.isEmpty ? nil : $0 }
            }
            guard seen == pods else { throw MartletError(.internalError, "the pages hold \(seen) pods of \(pods)") }
        }
        for (name, values, limit) in [
            ("twin-list-first-byte", firsts, 50.0), ("twin-list-whole", wholes, 1000.0), ("twin-list-page", pages, 50.0),
        ] {
            let sorted = values.sorted()
            Figure(
                name: name, value: sorted[sorted.count / 2], unit: "ms", limit: limit,
                more: [
                    "worst": .number(Figure.round(sorted[sorted.count - 1])), "runs": JSON(sorted.count), "pods": JSON(pods),
                    "bytes": JSON(size),
                ]
            ).print()
        }
    }

    /// Milliseconds until the first piece of the body and until its end.
    private func answer(_ client: KubernetesClient, _ path: String) async throws -> (first: Double, whole: Double, bytes: [UInt8]) {
        let start = ContinuousClock.now
        let answer = try await client.transport.send(HTTPCall(path: path, headers: [("Accept", "application/json")]))
        guard answer.status == 200 else { throw MartletError(.internalError, "\(path) was answered with status \(answer.status)") }
        var first: Double?
        var bytes: [UInt8] = []
        for try await piece in answer.body {
            if first == nil { first = (ContinuousClock.now - start).secondCount * 1000 }
            bytes += piece
        }
        return (first ?? .infinity, (ContinuousClock.now - start).secondCount * 1000, bytes)
    }
}
