package import Core

/// What an autoscaler found right over the last minutes, before stabilisation: later decisions take the safest of it.
package struct Recommendations: Sendable, Equatable {
    package struct Entry: Sendable, Equatable {
        package var replicas: Int
        package var time: Timestamp

        package init(replicas: Int, time: Timestamp) {
            self.replicas = replicas
            self.time = time
        }
    }

    package var entries: [Entry]

    package init(_ entries: [Entry] = []) { self.entries = entries }

    /// The highest of `desired` and all of the window; notes `desired`. For autoscalers without a behaviour.
    package mutating func highest(_ desired: Int, window: Duration, now: Timestamp) -> Int {
        let start = now - window
        let result = entries.reduce(desired) { $1.time >= start ? max($0, $1.replicas) : $0 }
        note(desired, over: { $0.time < start }, now)
        return result
    }

    /// `current`, moved no further than all recommendations of both windows agree on; notes `desired`.
    package mutating func stabilized(_ desired: Int, current: Int, up: Duration, down: Duration, now: Timestamp) -> Int {
        let least = entries.reduce(desired) { $1.time > now - up ? min($0, $1.replicas) : $0 }
        let most = entries.reduce(desired) { $1.time > now - down ? max($0, $1.replicas) : $0 }
        note(desired, over: { $0.time < now - up && $0.time < now - down }, now)
        return min(max(current, least), most)
    }

    private mutating func note(_ desired: Int, over isOver: (Entry) -> Bool, _ now: Timestamp) {
        let entry = Entry(replicas: desired, time: now)
        if let old = entries.lastIndex(where: isOver) { entries[old] = entry } else { entries.append(entry) }
    }
}
