import Core
import Kubernetes
import Synchronization

/// An API server that keeps its promises and nothing more: it is strict about what it is asked, and drops, cuts, refuses, stalls and
/// forgets by a seeded generator.
final class FaultyServer: Transport {
    struct Stored: Sendable {
        var uid: String
        var version: Int
        var value: Int
    }

    private struct Stream {
        let type: String
        let continuation: AsyncStream<[UInt8]>.Continuation
        var stalled: Bool
    }

    private struct State {
        var generator: SeededGenerator
        var version = 100
        var nextUID = 0
        var objects: [String: [String: Stored]] = ["pods": [:], "deployments": [:]]
        var history: [(version: Int, type: String, line: [UInt8])] = []
        var compacted = 100
        var pages: [String: (version: Int, rest: ArraySlice<(String, Stored)>)] = [:]
        var streams: [Int: Stream] = [:]
        var next = 0
        var calls = 0
        var faults: [String: Int] = [:]
        var complaints: [String] = []
    }

    private let state: Mutex<State>
    /// How likely a call or an event meets a fault.
    let misfortune: Double

    init(seed: UInt64, misfortune: Double) {
        state = Mutex(State(generator: SeededGenerator(seed: seed)))
        self.misfortune = misfortune
    }

    var complaints: [String] { state.withLock { $0.complaints } }
    var faults: [String: Int] { state.withLock { $0.faults } }

    func objects(_ type: String) -> [String: Stored] { state.withLock { $0.objects[type] ?? [:] } }

    /// Makes one random change.
    func change() {
        state.withLock { state in
            let type = state.generator.next() % 2 == 0 ? "pods" : "deployments"
            let name = "o\(state.generator.next() % 60)"
            state.version += Int(state.generator.next() % 3) + 1
            var event = "MODIFIED"
            var stored: Stored
            if let old = state.objects[type]?[name] {
                stored = Stored(uid: old.uid, version: state.version, value: Int(state.generator.next() % 1000))
                if state.generator.next() % 4 == 0 {
                    event = "DELETED"
                    state.objects[type]?[name] = nil
                } else {
                    state.objects[type]?[name] = stored
                }
            } else {
                event = "ADDED"
                state.nextUID += 1
                stored = Stored(uid: "u\(state.nextUID)", version: state.version, value: Int(state.generator.next() % 1000))
                state.objects[type]?[name] = stored
            }
            let line = Array("{\"type\":\"\(event)\",\"object\":\(FaultyServer.text(type, name, stored))}\n".utf8)
            state.history.append((state.version, type, line))
            for (id, stream) in state.streams.sorted(by: { $0.key < $1.key }) where stream.type == type { deliver(line, to: id, &state) }
            if state.generator.unit() < misfortune / 20 {
                // Old versions are forgotten: watches from there and pages of them are expired.
                state.compacted = state.version
                state.history = []
                state.pages = [:]
            }
        }
    }

    private func deliver(_ line: [UInt8], to id: Int, _ state: inout State) {
        guard let stream = state.streams[id], !stream.stalled else { return }
        let luck = state.generator.unit()
        if luck >= misfortune {
            stream.continuation.yield(line)
            return
        }
        switch state.generator.next() % 6 {
        case 0:
            state.faults["cut line", default: 0] += 1
            stream.continuation.yield(Array(line.prefix(line.count / 2)))
            end(id, &state)
        case 1:
            state.faults["dropped stream", default: 0] += 1
            end(id, &state)
        case 2:
            state.faults["stalled stream", default: 0] += 1
            state.streams[id]?.stalled = true
        case 3:
            state.faults["replayed event", default: 0] += 1
            for _ in 0..<2 { stream.continuation.yield(line) }
        case 4:
            state.faults["error event", default: 0] += 1
            stream.continuation.yield(FaultyServer.status(410, "Expired", event: true))
            end(id, &state)
        default:
            state.faults["split line", default: 0] += 1
            stream.continuation.yield(Array(line.prefix(7)))
            stream.continuation.yield(Array(line.dropFirst(7)))
        }
    }

    private func end(_ id: Int, _ state: inout State) { state.streams.removeValue(forKey: id)?.continuation.finish() }

    func send(_ call: HTTPCall) async throws -> HTTPAnswer {
        await Task.yield()
        return try state.withLock { state throws in try answer(call, &state) }
    }

    private func answer(_ call: HTTPCall, _ state: inout State) throws -> HTTPAnswer {
        state.calls += 1
        let parts = call.path.split(separator: "?", maxSplits: 1)
        var query: [String: String] = [:]
        for pair in (parts.count == 2 ? parts[1] : "").split(separator: "&") {
            let sides = pair.split(separator: "=", maxSplits: 1)
            if query.updateValue(sides.count == 2 ? String(sides[1]) : "", forKey: String(sides[0])) != nil {
                state.complaints.append("twice: \(pair)")
            }
        }
        if call.method != "GET" { state.complaints.append("\(call.method) \(call.path)") }
        let type: String
        switch parts[0] {
        case "/api/v1/pods": type = "pods"
        case "/apis/apps/v1/deployments": type = "deployments"
        case "/api/v1/secrets":
            return FaultyServer.refusal(403, "Forbidden", "secrets is forbidden: User \"m\" cannot list resource \"secrets\"")
        default:
            state.complaints.append("unknown path \(call.path)")
            return FaultyServer.refusal(404, "NotFound", "the server could not find the requested resource")
        }
        if state.generator.unit() < misfortune { if let fault = try fault(&state) { return fault } }
        return query["watch"] == "true" ? watch(type, query, call, &state) : list(type, query, call, &state)
    }

    private func fault(_ state: inout State) throws -> HTTPAnswer? {
        switch state.generator.next() % 5 {
        case 0:
            state.faults["no answer", default: 0] += 1
            throw TransportError(.closed, "connection reset")
        case 1:
            state.faults["429", default: 0] += 1
            var answer = FaultyServer.refusal(429, "TooManyRequests", "slow down")
            answer.headers.append(("Retry-After", "1"))
            return answer
        case 2:
            state.faults["500", default: 0] += 1
            return FaultyServer.refusal(500, "InternalError", "etcdserver: request timed out")
        case 3:
            state.faults["503 as text", default: 0] += 1
            return HTTPAnswer(status: 503, body: HTTPBody(Array("service unavailable\n".utf8)))
        default:
            state.faults["unreachable", default: 0] += 1
            throw TransportError(.unreachable, "connection refused")
        }
    }

    private func list(_ type: String, _ query: [String: String], _ call: HTTPCall, _ state: inout State) -> HTTPAnswer {
        if call.isLongRunning { state.complaints.append("a list is not long running") }
        guard let limit = query["limit"].flatMap(Int.init), limit > 0 else {
            state.complaints.append("a list without a limit")
            return FaultyServer.refusal(400, "BadRequest", "limit")
        }
        var version = state.version
        var rest = (state.objects[type] ?? [:]).sorted { $0.key < $1.key }.map { ($0.key, $0.value) }[...]
        if let token = query["continue"] {
            guard let page = state.pages[token] else {
                state.faults["410 on a page", default: 0] += 1
                return FaultyServer.refusal(410, "Expired", "The provided continue parameter is too old")
            }
            (version, rest) = page
        }
        let items = rest.prefix(limit).map { FaultyServer.text(type, $0.0, $0.1) }.joined(separator: ",")
        let left = rest.dropFirst(limit)
        var meta = "\"resourceVersion\":\"\(version)\""
        if !left.isEmpty {
            state.next += 1
            state.pages["t\(state.next)"] = (version, left)
            meta += ",\"continue\":\"t\(state.next)\""
        }
        var body = Array("{\"kind\":\"List\",\"items\":[\(items)],\"metadata\":{\(meta)}}".utf8)
        if state.generator.unit() < misfortune {
            state.faults["cut list", default: 0] += 1
            body.removeLast(Int(state.generator.next() % UInt64(body.count)) + 1)
        }
        return HTTPAnswer(status: 200, body: HTTPBody(body))
    }

    private func watch(_ type: String, _ query: [String: String], _ call: HTTPCall, _ state: inout State) -> HTTPAnswer {
        if !call.isLongRunning { state.complaints.append("a watch is long running") }
        if query["timeoutSeconds"] == nil || query["allowWatchBookmarks"] != "true" { state.complaints.append("watch: \(query)") }
        guard let from = query["resourceVersion"].flatMap(Int.init), from <= state.version else {
            state.complaints.append("a watch from nowhere: \(query)")
            return FaultyServer.refusal(400, "BadRequest", "resourceVersion")
        }
        if from < state.compacted {
            state.faults["410 on a watch", default: 0] += 1
            return HTTPAnswer(status: 200, body: HTTPBody(FaultyServer.status(410, "Expired", event: true)))
        }
        let (pieces, continuation) = AsyncStream.makeStream(of: [UInt8].self)
        state.next += 1
        let id = state.next
        state.streams[id] = Stream(type: type, continuation: continuation, stalled: false)
        for event in state.history where event.version > from && event.type == type { deliver(event.line, to: id, &state) }
        if state.generator.unit() < 0.3, state.streams[id]?.stalled == false {
            let kind = type == "pods" ? "Pod" : "Deployment"
            continuation.yield(
                Array(
                    "{\"type\":\"BOOKMARK\",\"object\":{\"kind\":\"\(kind)\",\"metadata\":{\"resourceVersion\":\"\(state.version)\"}}}\n"
                        .utf8))
        }
        return HTTPAnswer(status: 200, body: HTTPBody(pieces))
    }

    static func text(_ type: String, _ name: String, _ stored: Stored) -> String {
        let metadata =
            "\"metadata\":{\"name\":\"\(name)\",\"namespace\":\"n\",\"uid\":\"\(stored.uid)\",\"resourceVersion\":\"\(stored.version)\"}"
        return type == "pods"
            ? "{\(metadata),\"spec\":{\"nodeName\":\"v\(stored.value)\"},\"status\":{\"phase\":\"Running\"}}"
            : "{\(metadata),\"spec\":{\"replicas\":\(stored.value)}}"
    }

    static func refusal(_ code: Int, _ reason: String, _ message: String) -> HTTPAnswer {
        let body: JSON = [
            "kind": "Status", "status": "Failure", "message": .string(message), "reason": .string(reason), "code": JSON(code),
        ]
        return HTTPAnswer(status: code, body: HTTPBody(body.serialized()))
    }

    private static func status(_ code: Int, _ reason: String, event: Bool) -> [UInt8] {
        Array(
            "{\"type\":\"ERROR\",\"object\":{\"kind\":\"Status\",\"code\":\(code),\"reason\":\"\(reason)\",\"message\":\"too old\"}}\n".utf8
        )
    }
}
