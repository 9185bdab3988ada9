package import Core
import Kubernetes

/// One line of a container's log and when it was written.
package struct LoggedLine: Sendable, Equatable {
    package var time: Timestamp
    package var text: String
}

/// What a request for a log yields: lines, or a refusal in the API server's words.
package enum LogAnswer: Sendable, Equatable {
    case lines([LoggedLine])
    case refused(status: Int, message: String)
}

extension ContainerWorker {
    private static let limit = 5000

    /// The log of the run before moves back; a new one begins.
    mutating func rotateLog(now: Timestamp) {
        if logStart != nil {
            previousLog = log
            previousLogStart = logStart
            previousLogEnd = last?.finished ?? now
        }
        log = []
        logStart = now
    }

    mutating func begin(_ run: ContainerRun, now: Timestamp) {
        logStart = now
        log = run.lines.map { LoggedLine(time: now + $0.after, text: $0.text) }
        plannedEnd = run.end.map { PlannedEnd(code: $0.code, reason: $0.reason, time: now + $0.after) }
        traffic = Traffic(from: now + listenDelay)
        load = nil
        isStopping = false
        hasBackedOff = false
        (masked, hookFailure, startFailure, spoiledAt) = (nil, nil, nil, nil)
    }

    mutating func end(now: Timestamp) {
        log.removeAll { $0.time > now }
        isReady = false
        hasStarted = false
        isStopping = false
        awaitsTurn = false
        masked = nil
        plannedEnd = nil
        epoch += 1
    }

    /// The end of the log, where the container asks for it as the message of a failure (80 lines and 2 KiB at most).
    var lastWords: String? {
        guard spec["terminationMessagePolicy"]?.string == "FallbackToLogsOnError" else { return nil }
        let text = log.suffix(80).map { $0.text + "\n" }.joined()
        return text.isEmpty ? nil : String(decoding: text.utf8.suffix(2048), as: UTF8.self)
    }

    /// Writes a line; the oldest make room.
    mutating func append(_ line: LoggedLine) {
        if log.count >= Self.limit { log.removeFirst(log.count - Self.limit + 1) }
        log.append(line)
    }

    /// Writes what an HTTP path logs when it is asked.
    mutating func noteAnswers(of probe: JSON, now: Timestamp) {
        guard let path = probe["httpGet"]?["path"]?.string, let since = runningSince, log.count < Self.limit else { return }
        let begun = behaviour.responses.filter { now - since >= $0.after && ($0.path == path || $0.path == "*") }
        if let line = begun.max(by: { $0.after < $1.after })?.log { log.append(LoggedLine(time: now, text: line)) }
    }

    /// All lines of one run up to `now`, the repeating ones included, oldest first.
    func lines(previous: Bool, now: Timestamp) -> [LoggedLine] {
        guard let start = previous ? previousLogStart : logStart else { return [] }
        let end = min(now, (previous ? previousLogEnd : termination?.finished ?? (isRunning ? nil : last?.finished)) ?? now)
        var result = (previous ? previousLog : log).filter { $0.time <= end }
        for line in behaviour.log {
            guard let every = line.every else { continue }
            let first = start + line.after
            guard first <= end else { continue }
            let count = (end - first).nanosecondCount / max(1, every.nanosecondCount)
            for k in max(0, count - Int64(Self.limit))...count {
                result.append(LoggedLine(time: first + .nanoseconds(k * every.nanosecondCount), text: line.text))
            }
        }
        result.sort { $0.time < $1.time }
        for i in result.indices where result[i].text.contains("{{time}}") {
            result[i].text.replace("{{time}}", with: result[i].time.rfc3339(decimals: 3))
        }
        // What only a fault made it say, it did not say before.
        result.removeAll { $0.text.contains("{{backlog}}") && $0.time < changedSince ?? $0.time }
        for i in result.indices where result[i].text.contains("{{backlog}}") {
            result[i].text.replace("{{backlog}}", with: String(Int(backlog(at: result[i].time) ?? 0)))
        }
        return result
    }
}

extension World {
    func log(namespace: String, pod: String, container: String, previous: Bool, tail: Int?, since: Timestamp?) -> LogAnswer {
        let key = ObjectKey(type: .pods, namespace: namespace, name: pod)
        guard let uid = workers[key], let worker = pods[uid] else { return .lines([]) }
        guard let found = worker.containers.first(where: { $0.name == container }) else {
            return .refused(status: 400, message: "container \(container) is not valid for pod \(pod)")
        }
        if previous, found.previousLogStart == nil, found.termination == nil || found.runs < 2 {
            guard found.last != nil, !found.isRunning, found.logStart != nil else {
                return .refused(status: 400, message: "previous terminated container \"\(container)\" in pod \"\(pod)\" not found")
            }
        }
        if found.runs == 0, case .waiting(let reason, _) = found.state {
            let why =
                switch reason {
                case "ImagePullBackOff": "trying and failing to pull image"
                case "ErrImagePull": "image can't be pulled"
                default: reason
                }
            return .refused(status: 400, message: "container \"\(container)\" in pod \"\(pod)\" is waiting to start: \(why)")
        }
        // While a container waits, the last run is both the current one and the previous one.
        let isLastRun = previous && !found.isRunning && found.termination == nil
        var lines = found.lines(previous: previous && !isLastRun, now: now)
        if let since { lines.removeAll { $0.time < since } }
        if let tail, tail >= 0, lines.count > tail { lines.removeFirst(lines.count - tail) }
        return .lines(lines)
    }
}
