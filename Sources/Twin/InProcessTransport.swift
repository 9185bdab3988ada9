package import Kubernetes

/// Carries a client's calls to a cluster in the same process: no socket, no other clock than the cluster's.
package struct InProcessTransport: Transport {
    private let cluster: SimulatedCluster
    private let user: UserInfo

    /// Every call is `user`'s, unless it brings a bearer token.
    package init(_ cluster: SimulatedCluster, user: UserInfo = .administrator) {
        self.cluster = cluster
        self.user = user
    }

    package func send(_ call: HTTPCall) async throws -> HTTPAnswer {
        var headers: [String: String] = [:]
        for (name, value) in call.headers {
            let key = name.lowercased()
            headers[key] = headers[key].map { "\($0),\(value)" } ?? value
        }
        let answer = await cluster.handle(
            TwinRequest(call.method, target: call.path, headers: headers, body: call.body ?? [], certificateUser: user))
        switch answer.body {
        case .full(let bytes): return HTTPAnswer(status: answer.status, headers: answer.headers, body: HTTPBody(bytes))
        case .list(let list): return HTTPAnswer(status: answer.status, headers: answer.headers, body: HTTPBody(list.bytes))
        case .stream(let frames): return HTTPAnswer(status: answer.status, headers: answer.headers, body: HTTPBody(frames))
        }
    }
}
