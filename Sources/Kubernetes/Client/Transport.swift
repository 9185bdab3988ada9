/// Carries calls to one API server and brings its answers. The production one speaks HTTP; tests and the twin bring their own.
package protocol Transport: Sendable {
    /// Returns when the answer's head is there; the body is read from the answer. Throws when there is no answer at all.
    func send(_ call: HTTPCall) async throws -> HTTPAnswer
}

/// One request to the API server.
package struct HTTPCall: Sendable {
    package var method: String
    /// Path with encoded query, without scheme and host.
    package var path: String
    package var headers: [(name: String, value: String)]
    package var body: [UInt8]?
    /// Watches and followed logs: no overall deadline.
    package var isLongRunning: Bool

    package init(
        method: String = "GET", path: String, headers: [(name: String, value: String)] = [], body: [UInt8]? = nil,
        isLongRunning: Bool = false
    ) {
        self.method = method
        self.path = path
        self.headers = headers
        self.body = body
        self.isLongRunning = isLongRunning
    }

    /// Whether it may be sent again without knowing what became of it: a read, or a write that is only tried.
    package var changesNothing: Bool {
        method == "GET" || path.split(separator: "?").dropFirst().contains { $0.split(separator: "&").contains("dryRun=All") }
    }
}

/// The answer to a call. Whoever takes it reads the body to its end, or drops it, which closes the stream.
package struct HTTPAnswer: Sendable {
    package var status: Int
    package var headers: [(name: String, value: String)]
    package var body: HTTPBody

    package init(status: Int, headers: [(name: String, value: String)] = [], body: HTTPBody = HTTPBody([])) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    /// The first header of that name, in any letter case.
    package func header(_ name: String) -> String? { headers.first { $0.name.lowercased() == name.lowercased() }?.value }
}
