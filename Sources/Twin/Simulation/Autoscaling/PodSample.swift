package import Core

/// A pod as the autoscaler sees it.
package struct PodSample: Sendable, Equatable {
    package var name: String
    package var phase: String
    package var isDeleting: Bool
    package var started: Timestamp?
    /// The condition Ready: whether it is False, True or something else, and since when.
    package var ready: Readiness?
    /// What each container requests, init containers that stay (sidecars) included.
    package var requests: [ContainerRequest]

    package struct Readiness: Sendable, Equatable {
        package var status: String
        package var since: Timestamp

        package init(status: String, since: Timestamp) {
            self.status = status
            self.since = since
        }
    }

    package struct ContainerRequest: Sendable, Equatable {
        package var container: String
        /// Thousandths by resource.
        package var milli: [String: Int]

        package init(container: String, milli: [String: Int]) {
            self.container = container
            self.milli = milli
        }
    }

    package init(
        name: String, phase: String = "Running", isDeleting: Bool = false, started: Timestamp? = nil, ready: Readiness? = nil,
        requests: [ContainerRequest] = []
    ) {
        self.name = name
        self.phase = phase
        self.isDeleting = isDeleting
        self.started = started
        self.ready = ready
        self.requests = requests
    }

    var isRunningAndReady: Bool { phase == "Running" && ready?.status == "True" }
}

/// One pod's value of one metric, in thousandths.
package struct MetricSample: Sendable, Equatable {
    package var milli: Int
    package var time: Timestamp
    /// How far back the value reaches.
    package var window: Duration

    package init(milli: Int, time: Timestamp, window: Duration) {
        self.milli = milli
        self.time = time
        self.window = window
    }
}

/// The pods of a target, sorted by what their samples are worth (the groups of the HPA documentation, "Algorithm details": pods
/// that go away or failed are set aside, pods not yet ready and pods without metrics are guessed conservatively).
package struct PodGroups: Sendable, Equatable {
    /// Pods that count with their sample.
    package private(set) var counted = 0
    package private(set) var unready: Set<String> = []
    package private(set) var missing: Set<String> = []
    package private(set) var ignored: Set<String> = []

    /// How long after its start a pod's CPU use is that of its start-up, and how long it may take to become ready at first.
    package struct StartUp: Sendable {
        package var cpuInitialization: Duration
        package var initialReadiness: Duration

        package init(cpuInitialization: Duration = .seconds(300), initialReadiness: Duration = .seconds(30)) {
            self.cpuInitialization = cpuInitialization
            self.initialReadiness = initialReadiness
        }
    }

    /// `isCPU`: only the use of processors is distorted by starting.
    package init(_ pods: [PodSample], samples: [String: MetricSample], isCPU: Bool, startUp: StartUp, now: Timestamp) {
        for pod in pods {
            if pod.isDeleting || pod.phase == "Failed" {
                ignored.insert(pod.name)
            } else if pod.phase == "Pending" {
                unready.insert(pod.name)
            } else if let sample = samples[pod.name] {
                if isCPU, Self.isStarting(pod, sample, startUp, now) { unready.insert(pod.name) } else { counted += 1 }
            } else {
                missing.insert(pod.name)
            }
        }
    }

    private static func isStarting(_ pod: PodSample, _ sample: MetricSample, _ startUp: StartUp, _ now: Timestamp) -> Bool {
        guard let ready = pod.ready, let started = pod.started else { return true }
        let isNotReady = ready.status == "False"
        if started + startUp.cpuInitialization > now {
            // The sample must lie wholly after the pod became ready.
            return isNotReady || sample.time < ready.since + sample.window
        }
        // Later only a pod that has never been ready is left out.
        return isNotReady && started + startUp.initialReadiness > ready.since
    }
}
