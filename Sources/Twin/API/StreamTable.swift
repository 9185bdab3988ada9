import Core
import Kubernetes

/// The open watches and followed logs of a cluster, and what each has been sent.
struct StreamTable {
    private struct Watch {
        let request: WatchRequest
        let sender: FrameStream.Sender
        var hasSent: Bool
    }

    private struct Follow {
        let request: LogRequest
        let sender: FrameStream.Sender
        /// Lines that were there when the last frame was sent, by the time of the newest and how many of that time.
        var sent: (time: Timestamp, count: Int)?
        var isFirst = true
    }

    private var watches: [Int: Watch] = [:]
    private var follows: [Int: Follow] = [:]
    private var next = 0
    /// Changes up to this version have been sent to every watch.
    private var published: Int64 = 0

    /// A reader that is this many frames behind is cut off, as the real server does; it comes back with the version it has.
    private static let backlog = 50_000

    mutating func open(
        _ request: WatchRequest, store: ObjectStore, now: Timestamp, onEnd: @escaping @Sendable (Int) -> Void
    ) -> FrameStream {
        next += 1
        let id = next
        let (stream, sender) = FrameStream.make(limit: StreamTable.backlog) { onEnd(id) }
        if let failure = request.failure {
            _ = sender.send(request.errorFrame(failure))
            sender.finish()
            return stream
        }
        if watches.isEmpty { published = store.resourceVersion }
        var watch = Watch(request: request, sender: sender, hasSent: false)
        for object in request.initial {
            StreamTable.send(request.frame("ADDED", object, now: now, first: !watch.hasSent), to: &watch)
        }
        if request.marksInitialEnd { _ = sender.send(request.bookmark(version: request.version, initialEnd: true)) }
        for change in store.changes(after: request.version) ?? [] where change.version <= published {
            if let event = request.event(change) {
                StreamTable.send(request.frame(event.type, event.object, now: now, first: !watch.hasSent), to: &watch)
            }
        }
        watches[id] = watch
        return stream
    }

    mutating func open(_ request: LogRequest, onEnd: @escaping @Sendable (Int) -> Void) -> FrameStream {
        next += 1
        let id = next
        let (stream, sender) = FrameStream.make(limit: StreamTable.backlog) { onEnd(id) }
        follows[id] = Follow(request: request, sender: sender)
        return stream
    }

    mutating func close(_ id: Int) {
        watches[id] = nil
        follows[id] = nil
    }

    mutating func closeAll() {
        for watch in watches.values { watch.sender.finish() }
        for follow in follows.values { follow.sender.finish() }
        watches = [:]
        follows = [:]
    }

    /// Sends what has happened since the last time.
    mutating func publish(_ state: ClusterState, now: Timestamp) {
        let version = state.store.resourceVersion
        if version != published, !watches.isEmpty {
            if let changes = state.store.changes(after: published) {
                var frames = SharedFrames()
                for id in watches.keys.sorted() { deliver(changes, &frames, to: id, now: now) }
            } else {
                for watch in watches.values {
                    _ = watch.sender.send(
                        watch.request.errorFrame(
                            APIFailure(410, "Expired", "too old resource version: \(published) (\(state.store.compactedVersion))")))
                    watch.sender.finish()
                }
                watches = [:]
            }
        }
        published = version
        for id in watches.keys.sorted() {
            guard let watch = watches[id], let deadline = watch.request.deadline, deadline <= now else { continue }
            if watch.request.bookmarks { _ = watch.sender.send(watch.request.bookmark(version: version, initialEnd: false)) }
            watch.sender.finish()
            watches[id] = nil
        }
        for id in follows.keys.sorted() { follow(id, state) }
    }

    private mutating func deliver(_ changes: [StoreChange], _ frames: inout SharedFrames, to id: Int, now: Timestamp) {
        guard var watch = watches[id] else { return }
        // A watch from a version in the future waits for it.
        for change in changes where change.version > watch.request.version {
            guard let event = watch.request.event(change) else { continue }
            if !StreamTable.send(frames.frame(event, of: change, for: watch.request, now: now, first: !watch.hasSent), to: &watch) {
                watch.sender.finish()
                watches[id] = nil
                return
            }
        }
        watches[id] = watch
    }

    @discardableResult
    private static func send(_ frame: [UInt8], to watch: inout Watch) -> Bool {
        watch.hasSent = true
        return watch.sender.send(frame)
    }

    private mutating func follow(_ id: Int, _ state: ClusterState) {
        guard var follow = follows[id] else { return }
        let request = follow.request
        let pod = state.store.get(ObjectKey(type: .pods, namespace: request.namespace, name: request.pod))
        let answer = state.simulation.containerLog(
            namespace: request.namespace, pod: request.pod, container: request.container, previous: false, store: state.store)
        if case .lines(let all) = answer {
            var lines = all
            if let sent = follow.sent {
                var skipped = 0
                lines = lines.filter { line in
                    if line.time < sent.time { return false }
                    if line.time == sent.time, skipped < sent.count { skipped += 1; return false }
                    return true
                }
            } else {
                if let since = request.since { lines.removeAll { $0.time < since } }
                if follow.isFirst, let tail = request.tail { lines = Array(lines.suffix(max(0, tail))) }
            }
            follow.isFirst = false
            if let last = all.last { follow.sent = (last.time, all.filter { $0.time == last.time }.count) }
            if !lines.isEmpty { _ = follow.sender.send(request.frame(lines)) }
        }
        follows[id] = follow
        // The log of a container that has ended, or of a pod that is gone, does not grow.
        let status = (pod?[at: "status", "containerStatuses"]?.array ?? []).first { $0["name"]?.string == request.container }
        if pod == nil || status?[at: "state", "terminated"] != nil {
            follow.sender.finish()
            follows[id] = nil
        }
    }
}
