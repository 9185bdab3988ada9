import Core
import Kubernetes

/// What controllers and scheduler ask of a pod all the time, read once per change.
struct PodEntry: Sendable {
    let key: ObjectKey
    let uid: String
    let owner: String?
    let labels: [String: String]
    let node: String
    let phase: String
    let isReady: Bool
    let readySince: Timestamp
    let created: Timestamp
    let isDeleting: Bool
    let restarts: Int
    let requests: ResourceAmounts
    let hostPorts: [HostPort]
    /// What it may keep others away by (required pod anti-affinity).
    let antiAffinity: [AffinityTerm]
    let priority: Int
    /// ``requests``, where a container without any counts with what it is assumed to use.
    let assumed: ResourceAmounts
    /// Whether its owner's other pods ask for the same: those of StatefulSets and DaemonSets do not.
    let hasAlikeSiblings: Bool
    let addresses: [String]

    var isFinished: Bool { phase == "Succeeded" || phase == "Failed" }
    /// Neither finished nor being deleted (controller.IsPodActive).
    var isActive: Bool { !isFinished && !isDeleting }

    init(_ pod: JSON, _ key: ObjectKey) {
        self.key = key
        let metadata = pod["metadata"]
        uid = metadata?["uid"]?.string ?? ""
        owner = pod.controller?["uid"]?.string
        labels = metadata?["labels"]?.stringMap ?? [:]
        isDeleting = metadata?["deletionTimestamp"] != nil
        created = pod.created
        let spec = pod["spec"]
        node = spec?["nodeName"]?.string ?? ""
        let status = pod["status"]
        phase = status?["phase"]?.string ?? "Pending"
        let ready = pod.condition("Ready")
        isReady = ready?["status"]?.string == "True"
        readySince = ready?["lastTransitionTime"]?.string.flatMap { Timestamp($0) } ?? Timestamp(nanoseconds: 0)
        restarts = (status?["containerStatuses"]?.array ?? []).reduce(0) { max($0, $1["restartCount"]?.int ?? 0) }
        requests = ResourceAmounts.requests(of: spec ?? .null)
        var ports: [HostPort] = []
        for container in spec?["containers"]?.array ?? [] {
            for port in container["ports"]?.array ?? [] {
                guard let number = port["hostPort"]?.int, number > 0 else { continue }
                ports.append(HostPort(port: number, speech: port["protocol"]?.string ?? "TCP"))
            }
        }
        hostPorts = ports
        antiAffinity = AffinityTerm.required(pod, "podAntiAffinity", in: key.namespace)
        priority = spec?["priority"]?.int ?? 0
        assumed = ResourceAmounts.assumed(of: spec ?? .null)
        hasAlikeSiblings = pod.controller?["kind"]?.string == "ReplicaSet"
        addresses = status?["podIP"]?.string.map { [$0] } ?? []
    }
}

struct HostPort: Sendable, Hashable {
    let port: Int
    let speech: String
}

/// Amounts of resources as the scheduler adds them up: CPU in thousandths of a core, memory in bytes, and the rest by name.
struct ResourceAmounts: Sendable, Equatable {
    var cpu: Int64 = 0
    var memory: Int64 = 0
    var others: [String: Int64] = [:]

    static func + (a: ResourceAmounts, b: ResourceAmounts) -> ResourceAmounts {
        var sum = a
        sum.add(b, sign: 1)
        return sum
    }

    /// Adds, or takes away where `sign` is -1.
    mutating func add(_ other: ResourceAmounts, sign: Int) {
        cpu = Self.sum(cpu, Int64(sign) * other.cpu)
        memory = Self.sum(memory, Int64(sign) * other.memory)
        for (name, amount) in other.others { others[name] = Self.sum(others[name] ?? 0, Int64(sign) * amount) }
    }

    /// Stays within the range, where nobody has less than nothing.
    private static func sum(_ a: Int64, _ b: Int64) -> Int64 {
        let (sum, isOver) = a.addingReportingOverflow(b)
        return isOver ? Int64.max : Swift.max(0, sum)
    }

    /// A map of quantities; what cannot be read counts as nothing.
    init(_ quantities: JSON?) {
        guard case .object(let members)? = quantities else { return }
        for (name, value) in members {
            switch name {
            case "cpu": cpu = Amount.milli(value)
            case "memory": memory = Amount.whole(value)
            default: others[name] = Amount.whole(value)
            }
        }
    }

    init(cpu: Int64 = 0, memory: Int64 = 0, others: [String: Int64] = [:]) {
        self.cpu = cpu
        self.memory = memory
        self.others = others
    }

    /// What a pod asks for: the sum of its containers, or its largest init container where that is more, and its overhead
    /// (k8s.io/component-helpers/resource, PodRequests; sidecars count as containers).
    static func requests(of spec: JSON) -> ResourceAmounts {
        var sum = ResourceAmounts()
        for container in spec["containers"]?.array ?? [] { sum = sum + ResourceAmounts(container["resources"]?["requests"]) }
        var sidecars = ResourceAmounts()
        var largest = ResourceAmounts()
        for container in spec["initContainers"]?.array ?? [] {
            let amounts = ResourceAmounts(container["resources"]?["requests"])
            if container["restartPolicy"]?.string == "Always" {
                sidecars = sidecars + amounts
                largest = largest.joined(sidecars)
            } else {
                largest = largest.joined(sidecars + amounts)
            }
        }
        return (sum + sidecars).joined(largest) + ResourceAmounts(spec["overhead"])
    }

    /// Processors and memory as the comparison of nodes counts them: a container that requests none counts 100m and 200 MB.
    static func assumed(of spec: JSON) -> ResourceAmounts {
        (spec["containers"]?.array ?? []).reduce(into: ResourceAmounts()) { sum, container in
            let requests = container["resources"]?["requests"]
            sum.add(
                ResourceAmounts(
                    cpu: requests?["cpu"].map { Amount.milli($0) } ?? 100,
                    memory: requests?["memory"].map { Amount.whole($0) } ?? 200 * 1024 * 1024), sign: 1)
        }
    }

    /// The larger of both, resource by resource.
    private func joined(_ other: ResourceAmounts) -> ResourceAmounts {
        ResourceAmounts(
            cpu: max(cpu, other.cpu), memory: max(memory, other.memory), others: others.merging(other.others, uniquingKeysWith: max))
    }
}

/// Quantities as plain integers, rounded up as the API does. Nothing is larger than 2^53, so that what is reckoned with them fits.
enum Amount {
    static func whole(_ value: JSON?) -> Int64 { Amounts.quantity(value).map { bounded($0.value) } ?? 0 }
    static func milli(_ value: JSON?) -> Int64 { Amounts.quantity(value).map { bounded($0.milliValue) } ?? 0 }

    private static func bounded(_ value: Int) -> Int64 { min(max(Int64(value), -(1 << 53)), 1 << 53) }
}
