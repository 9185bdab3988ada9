import Core
import Foundation
import Hummingbird
import Kubernetes
import Logging
import MartletTesting
import NIOCore
import Synchronization
import Testing

/// Against a real socket: what the transport sends, and how credentials are renewed.
@Suite struct HTTPTransportTests {
    private final class Seen: Sendable {
        let headers = Mutex<[[String: String]]>([])
        func take(_ request: Request) {
            var all: [String: String] = [:]
            for field in request.headers { all[field.name.canonicalName] = field.value }
            headers.withLock { $0.append(all) }
        }
        var authorizations: [String] { headers.withLock { $0.map { $0["authorization"] ?? "" } } }
    }

    /// Runs `body` against a server that accepts the bearer token `good` only.
    private func withServer(_ seen: Seen, _ body: @escaping @Sendable (String) async throws -> Void) async throws {
        let router = Router()
        router.get("/version") { request, _ -> Response in
            seen.take(request)
            let isGood = request.headers[.authorization] == "Bearer good"
            let text =
                isGood ? #"{"gitVersion":"v1.36.2"}"# : #"{"kind":"Status","code":401,"reason":"Unauthorized","message":"Unauthorized"}"#
            return Response(
                status: isGood ? .ok : .unauthorized,
                body: .init(byteBuffer: ByteBuffer(string: text)))
        }
        router.get("/api/v1/namespaces/n/pods/p/log") { request, _ -> Response in
            seen.take(request)
            return Response(
                status: .ok,
                body: .init { writer in
                    for i in 0..<1000 { try await writer.write(ByteBuffer(string: "line \(i)\n")) }
                    try await writer.finish(nil)
                })
        }
        router.get("/api/v1/pods") { _, _ -> Response in
            Response(
                status: .ok,
                body: .init { writer in
                    try await writer.write(ByteBuffer(string: #"{"kind":"PodList","items":["#))
                    for await _ in AsyncStream<Void>.makeStream().stream {}  // and then never another word
                    try await writer.finish(nil)
                })
        }
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        let (ports, continuation) = AsyncStream.makeStream(of: Int.self)
        let app = Application(
            router: router, configuration: .init(address: .hostname("127.0.0.1", port: 0)),
            onServerRunning: { channel in continuation.yield(channel.localAddress?.port ?? 0) }, logger: logger)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await app.run() }
            var iterator = ports.makeAsyncIterator()
            let port = try #require(await iterator.next())
            try await body("http://127.0.0.1:\(port)")
            group.cancelAll()
        }
    }

    @Test func tokensAreReadAgainAfterARefusalAndTheIdentityIsSent() async throws {
        let seen = Seen()
        let reads = Mutex(0)
        let files = LocalFiles { _ in
            reads.withLock { count in
                count += 1; return Array((count == 1 ? "stale" : "good\n").utf8)
            }
        }
        try await withServer(seen) { url in
            var connection = Connection(server: url)
            connection.user.tokenFile = "/token"
            connection.user.impersonation = Impersonation(user: "jane", groups: ["a"], extra: ["Example.com/S": ["v"]])
            let client = try KubernetesClient(connection, files: files, clock: HastyClock())
            let version = try await client.version()
            #expect(version.gitVersion == "v1.36.2")
            // The server stamps its answers with this machine's time, which is not that of the client's clock.
            #expect(abs((client.clusterClock.now() - SystemClock().now()).secondCount) < 60)
            var lines = 0
            for try await _ in try await client.follow(LogRequest(namespace: "n", pod: "p")) { lines += 1 }
            #expect(lines == 1000)
        }
        #expect(seen.authorizations == ["Bearer stale", "Bearer good", "Bearer good"])
        let last = try #require(seen.headers.withLock { $0.last })
        #expect(last["impersonate-user"] == "jane" && last["impersonate-group"] == "a")
        #expect(last["impersonate-extra-example.com%2fs"] == "v")
    }

    @Test func anAnswerThatStallsInTheMiddleIsGivenUp() async throws {
        try await withServer(Seen()) { url in
            let transport = try HTTPTransport(Connection(server: url), patience: .milliseconds(100))
            let error = await #expect(throws: APIError.self) { try await KubernetesClient(transport: transport).list(Pod.self) }
            #expect(error?.martletError(now: nil).code == .timeout)
        }
    }

    private func plugin(_ script: String) -> ExecPlugin {
        var plugin = ExecPlugin(command: "/bin/sh", apiVersion: "client.authentication.k8s.io/v1")
        plugin.arguments = ["-c", script]
        plugin.environment = [("MODE", "x")]
        return plugin
    }

    @Test func plugInsRunOnceUntilWhatTheyGaveRunsOut() async throws {
        let folder = NSTemporaryDirectory() + "martlet-plugin-\(ProcessInfo.processInfo.processIdentifier)"
        try? FileManager.default.removeItem(atPath: folder)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let clock = ManualClock()
        let expiry = (clock.now() + .seconds(600)).rfc3339()
        let seen = Seen()
        try await withServer(seen) { url in
            var connection = Connection(server: url)
            connection.user.exec = self.plugin(
                "echo run >> \(folder); echo \"$KUBERNETES_EXEC_INFO\" | grep -q ExecCredential && test $MODE = x && echo '{\"kind\":\"ExecCredential\",\"apiVersion\":\"client.authentication.k8s.io/v1\",\"status\":{\"token\":\"good\",\"expirationTimestamp\":\"\(expiry)\"}}'"
            )
            let client = try KubernetesClient(connection, clock: clock)
            for _ in 0..<3 { _ = try await client.version() }
            #expect(try String(contentsOfFile: folder, encoding: .utf8) == "run\n")
            clock.advance(by: .seconds(601))
            _ = try await client.version()
            #expect(try String(contentsOfFile: folder, encoding: .utf8) == "run\nrun\n")
        }
    }

    /// `clusters[].cluster.extensions` of the kubeconfig, which some plug-ins cannot do without.
    @Test(arguments: [true, false]) func plugInsAreGivenTheClustersExtensionWhenTheyAskForIt(_ asks: Bool) async throws {
        let folder = try TemporaryDirectory()
        let seen = Seen()
        try await withServer(seen) { url in
            let config = try Kubeconfig(
                parsing: Array(
                    """
                    current-context: c
                    contexts: [{name: c, context: {cluster: c, user: u}}]
                    clusters:
                    - name: c
                      cluster:
                        server: "\(url)"
                        extensions:
                        - {name: other.example.com, extension: {audience: wrong}}
                        - name: client.authentication.k8s.io/exec
                          extension: {audience: eu-1, ports: [443, "0443"], nested: {on: true}}
                    users: [{name: u, user: {exec: {command: /bin/sh, apiVersion: client.authentication.k8s.io/v1}}}]
                    """.utf8), path: "/k")
            var connection = try config.connection()
            connection.user.exec?.providesClusterInfo = asks
            connection.user.exec?.arguments = [
                "-c",
                "printf %s \"$KUBERNETES_EXEC_INFO\" > \(folder.path)/info; echo '{\"kind\":\"ExecCredential\",\"apiVersion\":\"client.authentication.k8s.io/v1\",\"status\":{\"token\":\"good\"}}'",
            ]
            _ = try await KubernetesClient(connection, clock: ManualClock()).version()
        }
        let spec = try JSON(parsing: String(contentsOfFile: folder.path + "/info", encoding: .utf8))["spec"]
        let expected: JSON = ["audience": "eu-1", "ports": [443, "0443"], "nested": ["on": true]]
        #expect(spec?["cluster"] != nil || !asks)
        #expect(spec?[at: "cluster", "config"] == (asks ? .some(expected) : .none))
    }

    /// It may still be taken, by a server whose clock is right; it must not be made anew for every call.
    @Test(arguments: ["good", "worn"]) func whatAPlugInHandsOutTooLateIsNotAskedForWithEveryCall(_ token: String) async throws {
        let folder = try TemporaryDirectory()
        let seen = Seen()
        try await withServer(seen) { url in
            var connection = Connection(server: url)
            connection.user.exec = self.plugin(
                "echo run >> \(folder.path)/runs; echo '{\"kind\":\"ExecCredential\",\"apiVersion\":\"client.authentication.k8s.io/v1\",\"status\":{\"token\":\"\(token)\",\"expirationTimestamp\":\"2020-01-01T00:00:00Z\"}}'"
            )
            let client = try KubernetesClient(connection, clock: ManualClock())
            if token == "good" {
                for _ in 0..<3 { _ = try await client.version() }
            } else {
                let error = await #expect(throws: APIError.self) { try await client.version() }
                let said = try #require(error).martletError(now: nil)
                #expect(
                    said.message.contains("credential plug-in /bin/sh") && said.details.first?.contains("had expired") == true, "\(said)")
            }
        }
        let runs = try String(contentsOfFile: folder.path + "/runs", encoding: .utf8).split(separator: "\n").count
        #expect(runs == (token == "good" ? 1 : 2))
    }

    @Test func aProxyThatIsNotThereIsNamed() async throws {
        var connection = Connection(server: "https://10.0.0.4:6443")
        connection.proxy = "http://127.0.0.1:1"
        let client = try KubernetesClient(connection, clock: HastyClock())
        let error = await #expect(throws: APIError.self) { try await client.version() }
        let said = try #require(error).martletError(now: nil)
        #expect(said.details == ["by way of the proxy 127.0.0.1:1: connection refused"])
        #expect(said.fix?.contains("proxy-url") == true)
    }

    @Test(arguments: [
        ("echo denied >&2; exit 3", "denied"), ("echo no", "printed no JSON"), ("echo '{\"kind\":\"Pod\"}'", "no ExecCredential"),
        (
            "echo '{\"kind\":\"ExecCredential\",\"apiVersion\":\"client.authentication.k8s.io/v1\",\"status\":{}}'",
            "neither a token nor a certificate"
        ),
        ("yes | head -c 3000000", "could not be run"),
    ])
    func plugInsThatFailSayWhy(_ script: String, _ why: String) async throws {
        var connection = Connection(server: "http://127.0.0.1:1")
        connection.user.exec = plugin(script)
        let client = try KubernetesClient(connection, clock: ManualClock())
        let error = await #expect(throws: APIError.self) { try await client.version() }
        let text = try #require(error).martletError(now: nil).description
        #expect(text.contains("credential plug-in /bin/sh") && text.contains(why), "\(text)")
    }

    @Test func noServerIsSaidPlainly() async throws {
        var connection = Connection(server: "http://127.0.0.1:1")
        connection.contextName = "staging"
        let client = try KubernetesClient(connection, clock: HastyClock())
        let error = await #expect(throws: APIError.self) { try await client.version() }
        let said = try #require(error).martletError(now: nil)
        #expect(said.code == .unavailable)
        #expect(said.message == "no connection to the server at http://127.0.0.1:1 of context \"staging\"")
    }
}
