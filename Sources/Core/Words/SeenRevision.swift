/// One revision of a workload, as it was last seen to do: what is remembered of it beyond the life of its pods.
package struct SeenRevision: Sendable, Hashable, Identifiable {
    package enum State: String, Sendable, Hashable, CaseIterable {
        /// All its pods were there and ready, and stayed so.
        case healthy
        /// It was the wanted one and a diagnosis blamed it.
        case failing
    }

    /// The uid of what holds it (a ReplicaSet): numbers move when a revision becomes the wanted one again.
    package let id: String
    package let workload: EntityPath
    /// As people count it, at that time.
    package let number: Int
    package var state: State
    /// When it was seen so first, of the cluster's time.
    package var since: Timestamp
    /// What ran in it while it was healthy.
    package var programs: [SeenProgram]

    package init(id: String, workload: EntityPath, number: Int, state: State, since: Timestamp, programs: [SeenProgram] = []) {
        self.id = id
        self.workload = workload
        self.number = number
        self.state = state
        self.since = since
        self.programs = programs
    }

    package var json: JSON {
        [
            "id": .string(id), "workload": .string(workload.description), "number": JSON(number), "state": .string(state.rawValue),
            "since": .string(since.description), "programs": .array(programs.map(\.json)),
        ]
    }

    package init?(json: JSON) {
        guard let id = json["id"]?.string, let workload = json["workload"]?.string.flatMap({ EntityPath($0) }),
            let state = json["state"]?.string.flatMap(State.init), let since = json["since"]?.string.flatMap({ Timestamp($0) })
        else { return nil }
        self.init(
            id: id, workload: workload, number: json["number"]?.int ?? 0, state: state, since: since,
            programs: (json["programs"]?.array ?? []).compactMap(SeenProgram.init(json:)))
    }
}

/// The program of one container that was seen running.
package struct SeenProgram: Sendable, Hashable {
    package let container: String
    /// Hashes that name it, from the most to the least particular.
    package let identity: [String]
    /// Seconds from its start until it was ready.
    package let startup: Double
    /// The largest working set that was measured, in bytes; nil where none was.
    package var workingSet: Double?
    /// The memory limit with which it was seen to work, in bytes; nil where it had none, or that was not recorded.
    package let memoryLimit: Double?

    package init(
        container: String, identity: [String], startup: Double, workingSet: Double? = nil, memoryLimit: Double? = nil
    ) {
        self.container = container
        self.identity = identity
        self.startup = startup
        self.workingSet = workingSet
        self.memoryLimit = memoryLimit
    }

    package var json: JSON {
        var json: JSON = ["container": .string(container), "identity": JSON(identity), "startup": .number(startup)]
        json["workingSet"] = workingSet.map { .number($0) }
        json["memoryLimit"] = memoryLimit.map { .number($0) }
        return json
    }

    package init?(json: JSON) {
        guard let container = json["container"]?.string, let identity = json["identity"]?.array?.compactMap(\.string) else { return nil }
        self.init(
            container: container, identity: identity, startup: json["startup"]?.double ?? 1, workingSet: json["workingSet"]?.double,
            memoryLimit: json["memoryLimit"]?.double)
    }
}
