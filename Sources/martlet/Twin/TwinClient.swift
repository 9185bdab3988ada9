import ArgumentParser
import Core
import Foundation
import Kubernetes

/// Speaks to the twin of a kubeconfig under `/martlet/twin/v1`.
struct TwinClient: ParsableArguments {
    @OptionGroup var cluster: ClusterOptions

    /// Sends one call; a refusal is thrown in the twin's words. A cluster that is no twin is said to be none.
    func call(_ method: String, _ path: String, _ body: JSON? = nil) async throws -> JSON {
        let connection = try cluster.connection()
        let transport = try HTTPTransport(connection)
        let answer = try await transport.send(
            HTTPCall(
                method: method, path: "/martlet/twin/v1/" + path, headers: [("Content-Type", "application/json")],
                body: body.map { Array($0.text().utf8) }))
        let json = (try? JSON(parsing: try await answer.body.collect(upTo: 16 << 20))) ?? .null
        guard answer.header("Martlet-Twin-Speed") != nil else {
            throw MartletError(
                .refused, "\(connection.server) is not a twin: faults are injected in simulated clusters only",
                fix: "start one with martlet twin, and use its kubeconfig")
        }
        guard answer.status < 400 else {
            throw MartletError(answer.status == 404 ? .notFound : .invalid, json["message"]?.string ?? "the twin answered \(answer.status)")
        }
        return json
    }
}
