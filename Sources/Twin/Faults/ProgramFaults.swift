import Core

/// What can go wrong inside the programs that run. It is in the state of the present pods: a restart of the container does not cure it,
/// a new pod is sound.
enum ProgramFaults {
    static let all: [Fault] = [
        fault("app-crash", "the program panics again and again, until its pods are replaced") {
            $0.exit = Behaviour.Exit(
                code: 2, after: .seconds(6),
                log: [
                    "panic: runtime error: index out of range [3] with length 3", "goroutine 1 [running]:",
                    "main.(*Worker).next(0xc000120000)",
                ])
        },
        fault("liveness-probe-failing", "the program answers its health checks with 500 some time after each start") {
            $0.responses = [Behaviour.Response(path: "*", status: 500, after: .seconds(20), log: "health: worker pool is deadlocked")]
        },
        fault("completes-in-deployment", "the program ends well again and again, as if its work were done") {
            $0.exit = Behaviour.Exit(code: 0, after: .seconds(6), log: ["all done"])
        },
        WorkloadFaults.workload("thundering-restart", "every one of its processes is killed at the same moment") {
            (key, scene) throws(MartletError) in try scene.killAll(of: key)
        },
    ]

    private static func fault(_ slug: String, _ about: String, _ change: @escaping @Sendable (inout Behaviour) -> Void) -> Fault {
        Fault(slug, about, on: WorkloadFaults.form) { (target, scene) throws(MartletError) in
            try scene.spoil(try WorkloadFaults.key(target), change)
        }
    }
}
