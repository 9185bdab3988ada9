package import Core
import Foundation
package import Kubernetes

/// Store, simulation and virtual time of one cluster, and the only way to change them.
package actor SimulatedCluster {
    /// The cluster's own time.
    package nonisolated let clock: VirtualClock
    package nonisolated let options: TwinOptions
    /// Every write so far that was let through to the store or refused there, oldest first.
    package private(set) var requestLog: [LoggedRequest] = []
    /// Virtual seconds a second, told in the header `Martlet-Twin-Speed`.
    package private(set) var speed: Double = 1
    private let api = TwinAPI()
    private var state: ClusterState
    private var streams = StreamTable()
    /// Faults that are in effect, oldest first.
    package private(set) var faults: [InjectedFault] = []
    private var faultCount = 0
    /// The scenario that is played.
    var play: ScenarioPlay?

    /// A fresh cluster: its namespaces, roles and nodes, and nothing else.
    package init(_ options: TwinOptions, simulation: any ClusterSimulation = NoSimulation()) {
        self.options = options
        clock = VirtualClock(options.start)
        var store = ObjectStore(seed: options.seed, historyLimit: options.historyLimit)
        Bootstrap.populate(&store, options: options)
        state = ClusterState(
            store: store, simulation: simulation, tokens: options.tokens, version: options.version,
            issuer: ServiceAccountIssuer(seed: options.seed))
        state.run(until: options.start)
    }

    /// A cluster that holds copies of objects, under a `kube-system` uid of its own. What the objects name outside the cluster is never
    /// called. Objects that cannot be stored (two of one name) are left out and returned by ``rejected``.
    package init(loading objects: [JSON], options: TwinOptions, simulation: any ClusterSimulation = NoSimulation()) {
        self.options = options
        clock = VirtualClock(options.start)
        var store = ObjectStore(seed: options.seed, historyLimit: options.historyLimit)
        rejected = Loading.load(objects, into: &store, now: options.start)
        Bootstrap.complete(&store, now: options.start)
        store.compact()
        state = ClusterState(
            store: store, simulation: simulation, tokens: options.tokens, version: options.version,
            issuer: ServiceAccountIssuer(seed: options.seed))
        state.run(until: options.start)
    }

    /// Objects that ``init(loading:options:simulation:)`` could not take, as `namespace/Kind/name: why`.
    package private(set) var rejected: [String] = []

    /// The uid of namespace `kube-system`: which cluster this is.
    package var uid: String {
        state.store.get(ObjectKey(type: .namespaces, namespace: "", name: "kube-system"))?[at: "metadata", "uid"]?.string ?? ""
    }

    /// A copy of the store as it is now.
    package var store: ObjectStore { state.store }

    package func set(speed: Double) { self.speed = speed }

    // MARK: Time

    /// Runs all that is due until `time`, in order, and leaves the clock there.
    package func advance(to time: Timestamp) {
        while step(until: time) {}
        clock.advance(to: time)
        publish()
    }

    /// Runs what is due until an object has changed that is of none of these types, and not beyond `time`. Gives the types that have changed.
    package func advance(to time: Timestamp, orChangeBeside quiet: Set<ResourceType>) -> Set<ResourceType> {
        var seen = state.store.resourceVersion
        var changed: Set<ResourceType> = []
        while step(until: time) {
            for change in state.store.changes(after: seen) ?? [] { changed.insert(change.key.type) }
            seen = state.store.resourceVersion
            changed.subtract(quiet)
            if !changed.isEmpty { return changed }
        }
        clock.advance(to: time)
        publish()
        return []
    }

    /// The newest version of each type that has changed since a version, as far as changes are kept.
    package func newestVersions(since version: Int64) -> [ResourceType: Int64] {
        var newest: [ResourceType: Int64] = [:]
        for change in state.store.changes(after: max(version, state.store.compactedVersion)) ?? [] {
            newest[change.key.type] = change.version
        }
        return newest
    }

    /// Runs all that is due next, if that is not after `time`; false when there is nothing to be run.
    private func step(until time: Timestamp) -> Bool {
        guard let wake = [state.simulation.nextWake, faults.compactMap(\.until).min(), play?.next].compactMap(\.self).min(), wake <= time
        else { return false }
        clock.advance(to: wake)
        for fault in faults where fault.until.map({ $0 <= clock.now() }) ?? false {
            _ = revert(fault.id)
            playEnd(of: fault)
        }
        playDue()
        state.run(until: clock.now())
        publish()
        // A simulation that wants to wake at a time that is over would hold the clock for ever.
        if let next = state.simulation.nextWake, next <= wake, next < clock.now() { return false }
        return true
    }

    package func advance(by duration: Duration) { advance(to: clock.now() + duration) }

    // MARK: Requests

    /// Answers one request at the present virtual time, and lets the cluster react to it.
    package func handle(_ request: TwinRequest) -> TwinAnswer {
        let now = clock.now()
        if request.path.hasPrefix("/martlet/twin/v1") { return finish(own(request)) }
        let before = state.store.resourceVersion
        switch api.handle(request, state: &state, now: now) {
        case .answer(let answer):
            note(request, answer, now)
            if state.store.resourceVersion != before { settle() }
            return finish(answer)
        case .watch(let watch):
            return head(
                200, type: watch.form.watchContentType,
                stream: streams.open(watch, store: state.store, now: now) { [weak self] id in
                    Task { await self?.close(id) }
                })
        case .follow(let log):
            let stream = streams.open(log) { [weak self] id in Task { await self?.close(id) } }
            publish()
            return head(200, type: "text/plain", stream: stream)
        }
    }

    /// Answers a request that no client made, but the scenario: it is not among ``requestLog``.
    func answer(_ request: TwinRequest) -> APIAnswer {
        guard case .answer(let answer) = api.handle(request, state: &state, now: clock.now()) else { return TwinAPI.notFound }
        settle()
        return answer
    }

    /// Ends every open watch and followed log, for a shutdown.
    package func closeStreams() { streams.closeAll() }

    /// Forgets the history of changes, as etcd's compaction does.
    package func compact() { state.store.compact() }

    /// Changes the objects directly, as a scenario does, and lets the cluster react.
    package func edit<T: Sendable>(_ change: @Sendable (inout ObjectStore, Timestamp) throws -> T) rethrows -> T {
        defer { settle() }
        return try change(&state.store, clock.now())
    }

    /// Changes objects and simulation at once, as a fault does, and lets the cluster react.
    func onScene<T>(_ change: (inout FaultScene) throws(MartletError) -> T) throws(MartletError) -> T {
        guard let simulation = state.simulation as? Simulation else {
            throw MartletError(.unavailable, "this twin has no simulation, so that nothing can be broken in it")
        }
        // Both move in and out, so that neither is copied.
        var scene = FaultScene(store: state.store, simulation: simulation, now: clock.now())
        state.store = ObjectStore()
        state.simulation = NoSimulation()
        defer {
            state.store = scene.store
            state.simulation = scene.simulation
            settle()
        }
        return try change(&scene)
    }

    func keep(_ fault: (Int) -> InjectedFault) -> InjectedFault {
        faultCount += 1
        let fault = fault(faultCount)
        faults.append(fault)
        return fault
    }

    func forget(_ id: Int) -> InjectedFault? {
        faults.firstIndex { $0.id == id }.map { faults.remove(at: $0) }
    }

    private func settle() {
        state.run(until: clock.now())
        publish()
    }

    private func publish() { streams.publish(state, now: clock.now()) }

    private func close(_ id: Int) { streams.close(id) }

    // MARK: Answers

    private func finish(_ answer: APIAnswer) -> TwinAnswer {
        var headers = commonHeaders(answer.contentType)
        for text in answer.warnings { headers.append(("Warning", "299 - \(JSON.string(text).text())")) }
        headers += answer.headers
        return TwinAnswer(status: answer.status, headers: headers, body: answer.list.map { .list($0) } ?? .full(answer.body))
    }

    private func head(_ status: Int, type: String, stream: FrameStream) -> TwinAnswer {
        TwinAnswer(status: status, headers: commonHeaders(type), body: .stream(stream))
    }

    private func commonHeaders(_ type: String) -> [(name: String, value: String)] {
        [
            ("Cache-Control", "no-cache, private"), ("Content-Type", type), ("Date", HTTPDate.text(clock.now())),
            ("Martlet-Twin-Speed", JSON.ecmaScriptNumber(speed)),
        ]
    }

    private func note(_ request: TwinRequest, _ answer: APIAnswer, _ now: Timestamp) {
        guard request.method != "GET", request.method != "HEAD", !request.path.contains("review") else { return }
        requestLog.append(LoggedRequest(request, status: answer.status, body: answer.body, time: now))
    }

    // MARK: The twin's own paths

    private func own(_ request: TwinRequest) -> APIAnswer {
        guard let user = TwinAPI.known(request, tokens: state.tokens), user.groups.contains("system:masters") else {
            return .failure(APIFailure(401, "Unauthorized", "Unauthorized"))
        }
        func number(_ key: String) -> Double? { (try? JSON(parsing: request.body))?[key]?.double }
        switch (request.method, request.path) {
        case ("GET", "/martlet/twin/v1/state"): return .json(200, summary)
        case ("POST", "/martlet/twin/v1/advance"):
            guard let seconds = number("by"), seconds >= 0, seconds <= 366 * 86_400 else {
                return .failure(APIFailure.badRequest("\"by\" must be a number of seconds, at most a year"))
            }
            advance(by: .seconds(seconds))
            return .json(200, summary)
        case ("GET", "/martlet/twin/v1/speed"): return .json(200, ["speed": .number(speed)])
        case ("POST", "/martlet/twin/v1/speed"):
            guard let wanted = number("speed"), wanted >= 0, wanted <= 1_000_000 else {
                return .failure(APIFailure.badRequest("\"speed\" must be a number from 0 to 1000000"))
            }
            speed = wanted
            return .json(200, ["speed": .number(wanted)])
        case (_, let path) where path.hasPrefix(Self.faultPath): return answerFaults(request)
        case ("GET", "/martlet/twin/v1/metrics"): return .text(200, metrics)
        case ("GET", "/martlet/twin/v1/requests"): return .json(200, ["requests": .array(requestLog.map(\.json))])
        default: return TwinAPI.notFound
        }
    }

    /// All that a Prometheus of this cluster would scrape: programs, nodes, and the state of the objects.
    private var metrics: String {
        var page = ExpositionText()
        KubeStateMetrics.write(state.store, to: &page)
        return (state.simulation.metricsPage(of: nil, store: state.store) ?? "") + page.text
    }

    private var summary: JSON {
        [
            "time": .string(clock.now().rfc3339(decimals: 3)), "speed": .number(speed), "uid": .string(uid),
            "resourceVersion": .string(String(state.store.resourceVersion)), "seed": .string(String(options.seed)),
            "objects": .object(
                JSONObject(state.store.types.map { ($0.description, JSON(state.store.count($0))) }.filter { $0.1 != 0 })),
            "writes": JSON(requestLog.count),
        ]
    }
}
