import Core
import Kubernetes

/// When what a status shows is trouble, and when it may still pass by itself.
extension Scene {
    /// In what form a container is in trouble now; nil when it is fine, or may still become so by itself.
    func form(_ situation: ContainerSituation, pod: Pod, isJob: Bool) -> ContainerTrouble.Form? {
        guard let status = situation.status else { return nil }
        if let waiting = status.state.waiting {
            switch waiting.reason ?? "" {
            case "CrashLoopBackOff": return .ending
            // Every kubelet has reasons for taking its time; those of a failure are told by their names.
            case let reason where !ContainerTrouble.isFailure(reason): return nil
            case let reason where isHiccup(reason, waiting.message ?? "", pod): return nil
            default: return .waiting(reason: waiting.reason ?? "", message: waiting.message ?? "")
            }
        }
        if let end = status.state.terminated {
            if situation.isInit, end.exitCode == 0 { return nil }
            // A Job's pod may fail and be followed by another; the Job says when that is over.
            if isJob && (pod.spec.restartPolicy == "Never" || end.exitCode == 0) { return end.exitCode == 0 ? nil : .ending }
            return end.exitCode == 0
                ? (status.restartCount >= 1 && !situation.isInit ? .ending : nil) : (isSingleEnd(status, end, pod) ? nil : .ending)
        }
        guard let running = status.state.running else { return nil }
        if let last = status.lastState.terminated, status.restartCount >= 2 || (status.restartCount >= 1 && !status.ready),
            !hasRecovered(since: running.startedAt, last, isRare: isRare(status, last, pod))
        {
            return .ending
        }
        if situation.isInit {
            // A sidecar runs as long as its pod; what prepares the pod comes to an end.
            let isSidecar = situation.spec.restartPolicy == "Always"
            return !isSidecar && now - (running.startedAt ?? now) > .seconds(60) ? .notReady : nil
        }
        return !status.ready ? .notReady : nil
    }

    /// Whether an autoscaler has just said that it adds a node for a pod (Cluster Autoscaler, Karpenter): that takes minutes.
    func isPromisedNode(_ p: Int) -> Bool {
        events(aboutPod: p).contains { event in
            guard event.reason == "TriggeredScaleUp" || event.reason == "Nominated", let seen = event.lastSeen else { return false }
            return now - seen <= .seconds(600)
        }
    }

    /// Whether a pod that is ready at the moment restarts again and again: its kubelet still tells of it, or it has done so all its life.
    func isRestartingOn(_ p: Int) -> Bool {
        let pod = snapshot.pods[p]
        let isTold = events(aboutPod: p).contains { event in
            guard event.reason == "BackOff" || event.reason == "Killing" && event.message.contains("will be restarted"),
                event.count >= PodHealth.often, let seen = event.lastSeen
            else { return false }
            return now - seen <= .seconds(900)
        }
        guard !isTold, let created = pod.metadata.creationTimestamp else { return isTold }
        // Less than an hour apart on the whole, and the last one not longer ago than that would have it.
        return pod.status.containerStatuses.contains { status in
            guard status.restartCount >= PodHealth.often, let end = status.lastState.terminated?.finishedAt else { return false }
            let between = (now - created) / status.restartCount
            return between < .seconds(3600) && now - end < between * 2
        }
    }

    /// What a kubelet tries again at once, and mostly gets: a registry that did not answer, an object that has not come yet. Of a pod that is a
    /// minute old.
    private func isHiccup(_ reason: String, _ message: String, _ pod: Pod) -> Bool {
        guard let created = pod.metadata.creationTimestamp, now - created < .seconds(60) else { return false }
        switch reason {
        case "ErrImagePull": return [.unreachable, .rateLimited].contains(PullFailure(reason: reason, message: message))
        case "CreateContainerConfigError": return LogLine(message).has("failed to sync")
        default: return false
        }
    }

    /// A container that worked for long and ended: it is being restarted, and mostly that helps.
    private func isSingleEnd(_ status: ContainerStatus, _ end: ContainerTerminated, _ pod: Pod) -> Bool {
        guard let finished = end.finishedAt else { return false }
        return isRare(status, end, pod) && now - finished < .seconds(60)
    }

    /// The first end after a minute and more, or one after ten minutes where they come seldom: a kubelet then forgets its back-off as well
    /// (`MaxContainerBackOff` doubled), and takes the end for none of a series.
    private func isRare(_ status: ContainerStatus, _ end: ContainerTerminated, _ pod: Pod) -> Bool {
        // What could not be started at all began in 1970.
        guard let started = end.startedAt, started > .distantPast, let finished = end.finishedAt else { return false }
        let isFirst = status.restartCount == (status.state.terminated == nil ? 1 : 0)
        guard finished - started > .seconds(isFirst ? 60 : 600) else { return false }
        guard status.restartCount > 2, let created = pod.metadata.creationTimestamp else { return true }
        return (now - created) / status.restartCount > .seconds(3600)
    }

    /// A run that has lasted twice as long as the one before, and half a minute at least, is no part of a crash loop.
    private func hasRecovered(since start: Timestamp?, _ last: ContainerTerminated, isRare: Bool) -> Bool {
        guard let start else { return true }
        let life = last.startedAt.flatMap { s in last.finishedAt.map { $0 - s } } ?? .zero
        return isRare || now - start > max(life * 2, .seconds(30))
    }
}
