import Core
import Kubernetes

/// Start-up, liveness and readiness probes (kubelet/prober). A probe that passes and cannot change by itself is not run again
/// until it could: the next one is planned for the first tick at which its answer may differ.
enum Probes {
    static func begin(_ worker: inout PodWorker, _ i: Int, _ world: inout World) {
        worker.containers[i].probes = [:]
        worker.containers[i].hasStarted = false
        worker.containers[i].isReady = false
        if worker.containers[i].hasProbe(.startup) {
            planFirst(worker, i, .startup, &world)
        } else {
            started(&worker, i, &world)
        }
    }

    /// Takes up the probes of a container that was found running.
    static func resume(_ worker: inout PodWorker, _ i: Int, _ world: inout World) {
        if worker.containers[i].hasStarted {
            for kind in [ProbeKind.liveness, .readiness] where worker.containers[i].hasProbe(kind) {
                worker.containers[i].probes[kind] = ProbeRecord(isPassing: kind == .liveness || worker.containers[i].isReady)
                planFirst(worker, i, kind, &world)
            }
        } else {
            begin(&worker, i, &world)
        }
    }

    /// The container has started: the other probes begin, and without a readiness probe it is ready.
    private static func started(_ worker: inout PodWorker, _ i: Int, _ world: inout World) {
        worker.containers[i].hasStarted = true
        if worker.containers[i].hasProbe(.liveness) { planFirst(worker, i, .liveness, &world) }
        if worker.containers[i].hasProbe(.readiness) {
            planFirst(worker, i, .readiness, &world)
        } else {
            worker.containers[i].isReady = true
        }
    }

    private static func planFirst(_ worker: PodWorker, _ i: Int, _ kind: ProbeKind, _ world: inout World) {
        let delay = Duration.seconds(worker.containers[i].spec[kind.field]?["initialDelaySeconds"]?.int ?? 0)
        let age = world.now - (worker.containers[i].runningSince ?? world.now)
        Kubelet.plan(.probe(container: i, kind), max(delay - age, .zero) + world.jitter(0.1, 0.9), worker, &world)
    }

    static func run(_ worker: inout PodWorker, _ i: Int, _ kind: ProbeKind, _ world: inout World) {
        guard worker.containers[i].isRunning, !worker.containers[i].isStopping, let probe = worker.containers[i].spec[kind.field] else {
            return
        }
        let period = Duration.seconds(max(1, probe["periodSeconds"]?.int ?? 10))
        let answer = ProbeCheck.answer(probe, worker.containers[i], ip: worker.ip ?? "", world)
        if case .errs(let error) = answer {
            Kubelet.record(worker, i, "Warning", "Unhealthy", KubeletTexts.probeErrored(kind.rawValue, error), &world)
            return Kubelet.plan(.probe(container: i, kind), period, worker, &world)
        }
        var failure: String?
        if case .fails(let output) = answer { failure = output }
        var record = worker.containers[i].probes[kind] ?? ProbeRecord()
        record.successes = failure == nil ? record.successes + 1 : 0
        record.failures = failure == nil ? 0 : record.failures + 1
        let before = record.isPassing
        if record.successes >= max(1, probe["successThreshold"]?.int ?? 1) { record.isPassing = true }
        if record.failures >= max(1, probe["failureThreshold"]?.int ?? 3) { record.isPassing = false }
        worker.containers[i].probes[kind] = record
        if let failure {
            Kubelet.record(worker, i, "Warning", "Unhealthy", KubeletTexts.probeFailed(kind.rawValue, failure), &world)
            worker.containers[i].noteAnswers(of: probe, now: world.now)
        }
        if record.isPassing != before { act(&worker, i, kind, isPassing: record.isPassing ?? false, &world) }
        guard worker.containers[i].isRunning, !worker.containers[i].isStopping else { return }
        if kind == .startup, record.isPassing == true { return }
        if failure == nil, record.isPassing == true {
            guard let next = nextTick(worker.containers[i], period, world.now) else { return }
            return Kubelet.plan(.probe(container: i, kind), next, worker, &world)
        }
        Kubelet.plan(.probe(container: i, kind), period, worker, &world)
    }

    /// How long until the first tick at which the answer may differ.
    private static func nextTick(_ container: ContainerWorker, _ period: Duration, _ now: Timestamp) -> Duration? {
        guard let since = container.runningSince, let change = ProbeCheck.nextChange(container, after: now - since) else { return nil }
        let wait = since + change - now
        let periods = Int64((wait.secondCount / period.secondCount).rounded(.up))
        return period * Int(max(1, periods))
    }

    private static func act(_ worker: inout PodWorker, _ i: Int, _ kind: ProbeKind, isPassing: Bool, _ world: inout World) {
        switch kind {
        case .startup where isPassing:
            started(&worker, i, &world)
            PodStatus.write(worker, &world)
            if worker.containers[i].isSidecar { Lifecycle.startNext(&worker, &world) }
        case .readiness:
            worker.containers[i].isReady = isPassing
            PodStatus.write(worker, &world)
        case .liveness where !isPassing, .startup where !isPassing:
            Kubelet.record(
                worker, i, "Normal", "Killing", KubeletTexts.probeKilling(worker.containers[i].name, kind.rawValue.lowercased()), &world)
            let own = worker.containers[i].spec[kind.field]?["terminationGracePeriodSeconds"]?.int
            Lifecycle.stop(&worker, i, within: own.map { .seconds($0) } ?? worker.grace, &world)
        default: break
        }
    }
}
