import Core
import Kubernetes

/// Objects of metrics.k8s.io/v1beta1, as metrics-server gives them: use over the last 15 seconds.
enum ResourceMetrics {
    /// How far back a sample reaches; a container that has run for less has none yet.
    static let window = Duration.seconds(15)
    private static let errorBound = 0.03

    static func pod(_ worker: PodWorker, labels: [String: String], now: Timestamp) -> JSON? {
        let running = worker.containers.filter {
            if case .running(let since) = $0.state { now - since >= window } else { false }
        }
        guard !running.isEmpty else { return nil }
        var metadata: JSON = [
            "name": .string(worker.key.name), "namespace": .string(worker.key.namespace), "creationTimestamp": now.json,
        ]
        if !labels.isEmpty { metadata["labels"] = JSON(labels) }
        return [
            "kind": "PodMetrics", "apiVersion": "metrics.k8s.io/v1beta1", "metadata": metadata, "timestamp": now.json, "window": "15s",
            "containers": .array(
                running.map { container in
                    [
                        "name": .string(container.name),
                        "usage": usage(
                            cpu: container.cpuInUse * error(worker.uid, container.name, now), memory: container.memory(at: now)),
                    ]
                }),
        ]
    }

    /// How far a measure of processor time lies from the truth. The kubelet looks at moments of its own, so that each window is a little
    /// shorter or longer than it is taken to be: the captured one of a program at 40 m is 34.7 m here and 36.2 m there.
    private static func error(_ uid: String, _ container: String, _ now: Timestamp) -> Double {
        let period = now.nanoseconds / (window.components.seconds * 1_000_000_000)
        var generator = SeededGenerator(seed: StableHash.of("\(uid)/\(container)") &+ UInt64(bitPattern: period))
        return 1 + errorBound * (2 * generator.unit() - 1)
    }

    static func node(_ name: String, _ workers: [PodWorker], now: Timestamp) -> JSON {
        var cpu = 0.05
        var memory = 512.0 * 1_048_576
        for worker in workers {
            for container in worker.containers where container.isRunning {
                cpu += container.cpuInUse
                memory += container.memory(at: now)
            }
        }
        return [
            "kind": "NodeMetrics", "apiVersion": "metrics.k8s.io/v1beta1",
            "metadata": ["name": .string(name), "creationTimestamp": now.json], "timestamp": now.json, "window": "15s",
            "usage": usage(cpu: cpu, memory: memory),
        ]
    }

    private static func usage(cpu: Double, memory: Double) -> JSON {
        ["cpu": .string("\(Int(cpu * 1e9))n"), "memory": .string("\(Int(memory / 1024))Ki")]
    }
}
