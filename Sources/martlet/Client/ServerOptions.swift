import ArgumentParser
import Core
import Foundation

/// Where the running server is, for every command that is its client.
struct ServerOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Address of the running server ($MARTLET_SERVER, else http://127.0.0.1:8420).", valueName: "url"))
    var server: String?

    @Option(help: ArgumentHelp("PEM file of the authority that signed the server's certificate ($MARTLET_CA).", valueName: "file"))
    var certificateAuthority: String?

    static let defaultAddress = "http://127.0.0.1:8420"

    /// Runs `body` with a client of the server that options, environment and home folder name.
    func withServer<Result>(_ body: (ServerClient) async throws -> Result) async throws -> Result {
        let address = server ?? Invocation.environment("MARTLET_SERVER") ?? ServerOptions.defaultAddress
        let client = try ServerClient(
            address: address, token: ServerOptions.token(),
            certificateAuthority: certificateAuthority ?? Invocation.environment("MARTLET_CA"))
        do {
            let result = try await body(client)
            await client.shutdown()
            return result
        } catch {
            await client.shutdown()
            throw error
        }
    }

    /// `$MARTLET_TOKEN`, else the file `token` of the home folder; nil when there is neither.
    private static func token() -> String? {
        if let token = Invocation.environment("MARTLET_TOKEN") { return token }
        guard let bytes = FileManager.default.contents(atPath: Invocation.home + "/token") else { return nil }
        let token = String(decoding: bytes, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
        return token.isEmpty ? nil : token
    }
}
