import Core
import Foundation

/// One step of the load: requests as a fluid that flows along the graph. Rates go from callers to the called, with the retries that
/// earlier failures bring; answers come back with their times and failures. A pure function of the state before.
///
/// Waiting is that of an M/M/m queue in Sakasegawa's approximation (Queueing Systems 2, 1977), beside what has piled up; throttling is
/// the chance that the Poisson arrivals of one period of the CPU quota (100 ms) need more than the quota.
struct LoadFlow {
    let graph: LoadGraph
    /// Length of the step.
    let seconds: Double
    private(set) var loads: [ContainerLoad]
    /// Calls that failed in this step, by backend and call.
    private(set) var failedCalls: [(backend: Int, call: Int, share: Double, timedOut: Bool)] = []

    init(_ graph: LoadGraph, _ loads: [ContainerLoad], seconds: Double) {
        self.graph = graph
        self.loads = loads
        self.seconds = seconds
    }

    /// - Parameter outside: requests per second from outside the cluster, by group.
    mutating func run(outside: [Double]) {
        var rates = outside
        let cores = availableCores()
        var work: [Work?] = Array(repeating: nil, count: graph.backends.count)
        for b in graph.order {
            var arrivals = 0.0
            for group in graph.entrances[b] { arrivals += rates[group] / Double(graph.groups[group].backends.count) }
            let done = serve(b, arrivals: arrivals, cores: cores[b])
            work[b] = done
            for (call, outcome) in zip(graph.backends[b].calls, done.outcomes) {
                if let group = call.group { rates[group] += done.served * call.settings.count * outcome.attempts }
            }
        }
        for b in graph.order.reversed() { if let done = work[b] { answer(b, done) } }
    }

    // MARK: What calls are like, as far as their callers have seen

    /// One call of a request, its retries included.
    private struct Outcome {
        /// Attempts that it takes on average, and the seconds until it is over.
        var attempts: Double
        var time: Double
        /// The share that fails in the end, and of these the share that took too long.
        var failure: Double
        var late: Double
    }

    /// What calls outside the cluster take.
    private static let outsideTime = ResponseTime(median: 0.02)

    private func outcome(_ call: LoadGraph.Call) -> Outcome {
        let timeout = max(0.001, call.settings.timeout.secondCount)
        var refused = call.refusal == nil ? 0.0 : 1
        var time = ResponseTime(median: LoadFlow.outsideTime.median + call.delay.secondCount)
        if let group = call.group {
            let peers = graph.groups[group].backends
            var median = 0.0, failed = 0.0
            for peer in peers {
                median += loads[peer].responseTime.median
                failed += loads[peer].failureShare
            }
            time = ResponseTime(median: median / Double(max(1, peers.count)))
            refused = peers.isEmpty ? 1 : failed / Double(peers.count)
        }
        let late = call.refusal == nil ? 1 - time.share(within: timeout) : 0
        let failure = refused + (1 - refused) * late
        let tries = Double(call.settings.retries + 1)
        let attempts = failure > 0.999_999 ? tries : (1 - pow(failure, tries)) / (1 - failure)
        let once = call.refusal == nil ? min(time.median, timeout) : 0.001
        return Outcome(
            attempts: attempts, time: attempts * once, failure: pow(failure, tries),
            late: failure > 0 ? (1 - refused) * late / failure : 0)
    }

    // MARK: Serving

    private struct Work {
        var arrivals: Double
        var served: Double
        var refused: Double
        var cores: Double
        var capacity: Double
        var outcomes: [Outcome]
        /// Seconds that a request takes once it is being worked on, and how many servers there are.
        var residence: Double
        var servers: Double
    }

    private mutating func serve(_ b: Int, arrivals: Double, cores: Double) -> Work {
        let backend = graph.backends[b]
        let behaviour = backend.behaviour
        let outcomes = backend.calls.map(outcome)
        let cost = behaviour.work.secondCount
        // A request runs on one core at most, and slower where there is less than one.
        let computing = cost / min(1, max(cores, 0.01))
        let calling = zip(backend.calls, outcomes).reduce(0) { $0 + $1.0.settings.count * $1.1.time }
        let residence = max(
            0.000_5, behaviour.latency.secondCount + backend.disturbance.latency.secondCount + computing + calling)
        var capacity = Double(behaviour.workers) / residence
        var servers = Double(behaviour.workers)
        if cost > 0 {
            let byCPU = max(0.01, (cores - behaviour.cpu) / cost)
            if byCPU < capacity { (capacity, servers) = (byCPU, max(1, cores)) }
        }
        for (call, outcome) in zip(backend.calls, outcomes) {
            guard let pool = call.settings.pool, outcome.time > 0, call.settings.count > 0 else { continue }
            let byPool = Double(pool) / (call.settings.count * outcome.time)
            if byPool < capacity { (capacity, servers) = (byPool, Double(pool)) }
        }
        let offered = arrivals + loads[b].waiting / seconds
        let served = min(offered, capacity)
        let left = (offered - served) * seconds
        let waiting = min(left, Double(behaviour.queue))
        loads[b].arrivals = arrivals
        loads[b].waiting = waiting
        return Work(
            arrivals: arrivals, served: served, refused: (left - waiting) / seconds, cores: cores, capacity: capacity, outcomes: outcomes,
            residence: residence, servers: servers)
    }

    // MARK: Answering

    private mutating func answer(_ b: Int, _ work: Work) {
        let backend = graph.backends[b]
        let utilisation = min(work.arrivals / work.capacity, 0.99)
        let queueing = pow(utilisation, (2 * (work.servers + 1)).squareRoot() - 1) / (1 - utilisation) / work.capacity
        let wait = min(queueing + loads[b].waiting / work.capacity, Double(backend.behaviour.queue) / work.capacity)
        let time = ResponseTime(median: work.residence + max(0, wait))
        let own = 1 - (1 - backend.behaviour.errorRate) * (1 - backend.disturbance.errorShare)
        var surviving = 1.0, failedLate = 0.0, failedElse = 0.0
        for (index, (call, outcome)) in zip(backend.calls, work.outcomes).enumerated() where outcome.failure > 0 {
            let failure = 1 - pow(1 - outcome.failure, call.settings.count)
            if failure > 0.001, work.served > 0 { failedCalls.append((b, index, failure, outcome.late > 0.5)) }
            if call.settings.isOptional { continue }
            failedLate += surviving * failure * outcome.late
            failedElse += surviving * failure * (1 - outcome.late)
            surviving *= 1 - failure
        }
        let served = work.served * seconds * (1 - own)
        loads[b].answered.add(
            [
                served * surviving, work.served * seconds * own, served * failedElse, 0, served * failedLate,
            ], in: time)
        loads[b].answered.add([0, 0, 0, work.refused * seconds, 0], in: ResponseTime(median: 0.001))
        loads[b].responseTime = time
        let total = work.served + work.refused
        loads[b].failureShare = total > 0 ? 1 - work.served * (1 - own) * surviving / total : own
        loads[b].inFlight = work.served * work.residence + loads[b].waiting
        use(b, work)
    }

    /// CPU used and throttled.
    private mutating func use(_ b: Int, _ work: Work) {
        let backend = graph.backends[b]
        let cost = backend.behaviour.work.secondCount
        // What is burnt beside the requests counts as the pod's own.
        let idle = backend.behaviour.cpu + backend.disturbance.stolenCPU
        loads[b].wantedCPU = idle + (work.arrivals + loads[b].waiting / seconds) * cost
        let bound = work.cores + backend.disturbance.stolenCPU
        loads[b].cpu = min(idle + work.served * cost, max(min(bound, backend.limit ?? bound), backend.behaviour.cpu))
        loads[b].cpuSeconds += loads[b].cpu * seconds
        guard let limit = backend.limit else { return }
        let periods = seconds * 10
        loads[b].periods += periods
        let mean = loads[b].wantedCPU * 0.1
        let deviation = max(1e-6, (work.arrivals * 0.1 * cost * cost).squareRoot())
        let share = 0.5 * erfc((limit * 0.1 - mean) / deviation / 2.0.squareRoot())
        loads[b].throttledPeriods += periods * share
        loads[b].throttledSeconds += periods * share * 0.05 + max(0, loads[b].wantedCPU - limit) * seconds
    }

    /// Cores that each backend may use: up to its limit, and its weighted share where a node's pods want more than it has.
    private func availableCores() -> [Double] {
        var result = graph.backends.map { max(0.01, ($0.limit ?? .infinity) - $0.disturbance.stolenCPU) }
        let byNode = Dictionary(grouping: graph.backends.indices) { graph.backends[$0].node }
        for (node, members) in byNode {
            var left = graph.cores[node] ?? 1
            var open = members
            // Whoever wants less than its share leaves the rest to the others.
            while !open.isEmpty {
                let weights = open.reduce(0) { $0 + graph.backends[$1].weight }
                let content = open.filter { wanted($0, result) <= left * graph.backends[$0].weight / weights }
                if content.isEmpty {
                    for b in open { result[b] = min(result[b], left * graph.backends[b].weight / weights) }
                    break
                }
                for b in content { left = max(0, left - wanted(b, result)) }
                open.removeAll { content.contains($0) }
            }
            // Those that are content may take what nobody wants.
            if open.isEmpty { for b in members { result[b] = min(result[b], wanted(b, result) + left) } }
        }
        return result
    }

    private func wanted(_ b: Int, _ limits: [Double]) -> Double { min(max(loads[b].wantedCPU, graph.backends[b].behaviour.cpu), limits[b]) }
}
