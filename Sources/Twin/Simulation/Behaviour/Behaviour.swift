import Core

/// What the program in one container does: how long it needs to start, what it needs, when it ends, what it uses and serves
/// (INTERFACES section 8). The default is a program that serves its container's ports and stays idle.
package struct Behaviour: Sendable, Equatable {
    /// How long the program works before it listens and counts as started.
    package var start: Duration = .milliseconds(100)
    package var exit: Exit?
    package var memory = Memory()
    /// CPU in cores, while running.
    package var cpu = 0.002
    package var listen: Listen?
    package var responses: [Response] = []
    /// What whoever connects is told instead of being served, in the words of the client's library; nil: everybody is served.
    package var refuses: String?
    /// What commands run inside the container answer (exec probes); nil: they succeed.
    package var execution: Execution?
    package var needsEnv: [NeededVariable] = []
    package var needsFile: [NeededFile] = []
    package var needsPeer: [NeededPeer] = []
    /// What its service account must be allowed to do.
    package var needsAccess: [NeededAccess] = []
    /// What it writes to its own file system, or to an emptyDir mounted over `path`.
    package var storage: Storage?
    /// Messages that wait in the queue that it works off: so many at first, growing each second; nil: it has none.
    package var backlog: Memory?
    /// Paths that the program writes to when it starts.
    package var writes: [String] = []
    /// Share of requests that fail with status 500, 0…1.
    package var errorRate = 0.0
    /// Median time to answer.
    package var latency: Duration = .milliseconds(20)
    /// Requests per second that reach the program while it serves and no load is put on its Service.
    package var requests = 5.0
    /// CPU time that one request costs.
    package var work: Duration = .zero
    /// Requests that one process works on at a time, and how many more may wait before it refuses them.
    package var workers = 64
    package var queue = 100
    /// What one request asks of others.
    package var calls: [Call] = []
    package var log: [LogLine] = []
    /// How long the program takes to end after SIGTERM; nil: it ignores it.
    package var stop: Duration? = .milliseconds(200)
    /// The executables of the image; nil: any command exists.
    package var commands: [String]?
    /// An executable that cannot be run at all, whatever the command says.
    package var startError: StartError?
    /// The user that the image runs as: a number, or a name.
    package var user: String?

    /// What it does differently, by its environment and files.
    package var variants: [Variant] = []

    package init() {}

    package struct Exit: Sendable, Equatable {
        package var code: Int
        /// Counted from the start of the process.
        package var after: Duration
        /// Written to the log just before it ends.
        package var log: [String]
    }

    /// Memory over the life of one process: `initial` at its start, growing by `growth` a second up to `workingSet`.
    package struct Memory: Sendable, Equatable {
        package var initial: Double = 8 * 1_048_576
        /// Bytes per second.
        package var growth = 0.0
        /// Bytes at which growth ends; nil: never.
        package var workingSet: Double?
        package init() {}
    }

    package struct Listen: Sendable, Equatable {
        package enum Speech: String, Sendable, CaseIterable { case http, https, tcp, grpc }
        package var ports: [Int]
        /// Counted from the start of the process; nil: ``Behaviour/start``.
        package var after: Duration?
        package var speech: Speech = .http
    }

    /// What an HTTP path answers instead of 200, from `after` on.
    package struct Response: Sendable, Equatable {
        package var path: String
        package var status: Int
        package var after: Duration
        /// Written to the log each time.
        package var log: String?
    }

    package struct Execution: Sendable, Equatable {
        package var code: Int
        package var output: String
        package var after: Duration
    }

    package struct NeededVariable: Sendable, Equatable {
        package var name: String
        package var log: String?
        package var code: Int
    }

    package struct NeededFile: Sendable, Equatable {
        package enum Format: String, Sendable, CaseIterable { case yaml, json }
        package var path: String
        package var contains: String?
        package var valid: Format?
        package var log: String?
        package var code: Int
    }

    /// A `host:port` that must answer when the program starts; the host may come from a variable that holds an address or a URL.
    package struct NeededPeer: Sendable, Equatable {
        package var address: String?
        package var env: String?
        /// How long it tries before it ends.
        package var after: Duration
        package var log: String?
        package var code: Int
    }

    /// A call that each request makes: to `host:port` or a URL, which may come from a variable.
    package struct Call: Sendable, Equatable {
        package var address: String?
        package var env: String?
        /// Calls per request; 0.2 is one in five requests.
        package var count = 1.0
        package var timeout: Duration = .seconds(1)
        package var retries = 0
        /// Connections of one process to the peer; nil: as many as it needs.
        package var pool: Int?
        /// The request succeeds without it.
        package var isOptional = false
    }

    /// A request to the API server that must be allowed when the program starts.
    package struct NeededAccess: Sendable, Equatable {
        package var verb: String
        package var group: String
        package var resource: String
        /// How long it tries before it ends.
        package var after: Duration
        package var log: String?
        package var code: Int
    }

    package struct Storage: Sendable, Equatable {
        package var path: String?
        package var amount: Memory
    }

    package struct LogLine: Sendable, Equatable {
        package var text: String
        package var after: Duration
        package var every: Duration?
        package var isStructured: Bool { text.hasPrefix("{") }
    }

    package enum StartError: String, Sendable, CaseIterable {
        case notFound = "not-found"
        case permissionDenied = "permission-denied"
        case format = "exec-format"
    }
}

extension Behaviour.Memory {
    /// Bytes in use after a process has run for `age`.
    package func bytes(after age: Duration) -> Double {
        let grown = initial + growth * max(0, age.secondCount)
        guard let workingSet else { return grown }
        // Without a stated growth the working set is reached within a second.
        if growth == 0 { return age.secondCount < 1 ? initial + (workingSet - initial) * max(0, age.secondCount) : workingSet }
        return min(grown, max(initial, workingSet))
    }

    /// When memory first exceeds `limit` bytes; nil: never.
    package func exceeds(_ limit: Double) -> Duration? {
        if initial > limit { return .zero }
        if let workingSet, workingSet <= limit { return nil }
        if growth > 0 { return .seconds((limit - initial) / growth) + .milliseconds(1) }
        guard let workingSet, workingSet > limit else { return nil }
        return .seconds((limit - initial) / (workingSet - initial)) + .milliseconds(1)
    }
}
