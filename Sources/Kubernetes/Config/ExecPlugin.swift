import Core
import Subprocess
import SystemPackage

/// A program that hands out credentials (`users[].user.exec`).
package struct ExecPlugin: Sendable {
    static let versions = ["client.authentication.k8s.io/v1", "client.authentication.k8s.io/v1beta1"]

    /// A path, or a name that is looked for on the PATH.
    package var command: String
    package var arguments: [String] = []
    package var environment: [(name: String, value: String)] = []
    package var apiVersion: String
    package var installHint: String?
    package var providesClusterInfo = false

    package init(command: String, apiVersion: String) {
        self.command = command
        self.apiVersion = apiVersion
    }
}

/// What a plug-in hands out. The token or the certificate with its key, or both.
struct ExecCredential: Sendable {
    var token: String?
    var certificate: [UInt8]?
    var key: [UInt8]?
    /// Nil: good for as long as the process lives, or until the server refuses it.
    var expiry: Timestamp?
}

extension ExecPlugin {
    /// Runs the program and reads what it prints; ends it after a minute. Its output is bounded, its error output is shown.
    func run(for connection: Connection, clock: any WallClock) async throws -> ExecCredential {
        let result: (succeeded: Bool, output: String, complaint: String)
        do {
            result = try await withThrowingTaskGroup(of: (Bool, String, String)?.self) { group in
                group.addTask { try await self.start(for: connection) }
                group.addTask {
                    try await clock.sleep(for: .seconds(60))
                    return nil
                }
                defer { group.cancelAll() }
                guard let first = try await group.next(), let done = first else { throw failure("did not end within a minute", []) }
                return done
            }
        } catch let error as SubprocessError {
            if error.code == .executableNotFound {
                throw failure("is not there", [], fix: installHint ?? "install it, or correct the command in the kubeconfig")
            }
            throw failure("could not be run: \(error)", [])
        }
        let complaint = result.complaint.split(whereSeparator: \.isNewline).suffix(5).map { String($0.prefix(300)).terminalSafe }
        guard result.succeeded else { throw failure("failed", complaint) }
        return try read(Array(result.output.utf8), complaint)
    }

    private func start(for connection: Connection) async throws -> (Bool, String, String)? {
        var variables: [Environment.Key: String?] = ["KUBERNETES_EXEC_INFO": information(connection).text()]
        for (name, value) in environment { variables[Environment.Key(stringLiteral: name)] = value }
        // A plug-in is often a script around others: when it takes too long, all of them are ended.
        var options = PlatformOptions()
        options.processGroupID = 0
        options.teardownSequence = [.gracefulShutDown(toProcessGroup: true, allowedDurationToNextStep: .seconds(1))]
        let outcome = try await Subprocess.run(
            command.contains("/") ? .path(FilePath(command)) : .name(command), arguments: Arguments(arguments),
            environment: .inherit.updating(variables), platformOptions: options, output: .string(limit: 1 << 20),
            error: .string(limit: 1 << 20))
        return (outcome.terminationStatus.isSuccess, outcome.standardOutput, outcome.standardError)
    }

    /// The value of KUBERNETES_EXEC_INFO.
    private func information(_ connection: Connection) -> JSON {
        var spec: JSON = ["interactive": false]
        if providesClusterInfo {
            var cluster: JSON = ["server": .string(connection.server)]
            if let authority = connection.authority { cluster["certificate-authority-data"] = .string(base64(authority)) }
            if let name = connection.tlsServerName { cluster["tls-server-name"] = .string(name) }
            if connection.skipsVerification { cluster["insecure-skip-tls-verify"] = true }
            if let proxy = connection.proxy { cluster["proxy-url"] = .string(proxy) }
            cluster["config"] = connection.pluginConfiguration
            spec["cluster"] = cluster
        }
        return ["apiVersion": .string(apiVersion), "kind": "ExecCredential", "spec": spec]
    }

    func read(_ output: [UInt8], _ complaint: [String]) throws -> ExecCredential {
        guard let json = try? JSON(parsing: output) else { throw failure("printed no JSON", complaint) }
        guard json["kind"]?.string == "ExecCredential", json["apiVersion"]?.string == apiVersion else {
            throw failure("printed no ExecCredential of \(apiVersion)", complaint)
        }
        let status = json["status"]
        var credential = ExecCredential()
        credential.token = status?["token"]?.string.flatMap { $0.isEmpty ? nil : $0 }
        credential.certificate = status?["clientCertificateData"]?.string.map { Array($0.utf8) }
        credential.key = status?["clientKeyData"]?.string.map { Array($0.utf8) }
        if let text = status?["expirationTimestamp"]?.string {
            guard let expiry = Timestamp(text) else { throw failure("printed an expirationTimestamp that is no time", complaint) }
            credential.expiry = expiry
        }
        guard (credential.certificate == nil) == (credential.key == nil) else {
            throw failure("printed a certificate or a key without the other", complaint)
        }
        guard credential.token != nil || credential.certificate != nil else {
            throw failure("printed neither a token nor a certificate", complaint)
        }
        return credential
    }

    private func failure(_ what: String, _ details: [String], fix: String? = nil) -> MartletError {
        MartletError(
            .unauthorized, "the credential plug-in \(command) \(what)", details: details,
            fix: fix ?? "run it by hand with the same arguments, or choose another context with --context")
    }
}
