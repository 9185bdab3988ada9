import Core
import Kubernetes

/// A node as the scheduler sees it.
struct NodeEntry: Sendable {
    let name: String
    let labels: [String: String]
    let taints: [Taint]
    let isUnschedulable: Bool
    let allocatable: ResourceAmounts
    let pods: Int
    let address: String
    let network: String
    var requested = ResourceAmounts()
    /// What is taken when every container without requests is taken to use something: for comparing nodes only.
    var assumed = ResourceAmounts()
    var podCount = 0
    var ports: [HostPort: Int] = [:]

    init(_ node: JSON) {
        name = node.metadataName
        labels = node.labels
        taints = (node["spec"]?["taints"]?.array ?? []).map(Taint.init)
        isUnschedulable = node["spec"]?["unschedulable"]?.bool == true
        let amounts = node["status"]?["allocatable"] ?? node["status"]?["capacity"]
        var allocatable = ResourceAmounts(amounts)
        pods = Int(allocatable.others.removeValue(forKey: "pods") ?? 110)
        self.allocatable = allocatable
        address = node["status"]?["addresses"]?.array?.first { $0["type"]?.string == "InternalIP" }?["address"]?.string ?? "127.0.0.1"
        let cidr = node["spec"]?["podCIDR"]?.string ?? "10.244.0.0/24"
        network = cidr.split(separator: "/")[0].split(separator: ".").prefix(3).joined(separator: ".")
    }

    var hasEvictingTaint: Bool { taints.contains { $0.effect == "NoExecute" } }

    /// A pod takes its place, or gives it back.
    mutating func count(_ pod: PodEntry, sign: Int) {
        requested.add(pod.requests, sign: sign)
        assumed.add(pod.assumed, sign: sign)
        podCount += sign
        for port in pod.hostPorts { ports[port, default: 0] += sign }
    }
}

/// The nodes with what is taken on them, kept by the changes of the store; and what only kubelets know.
struct NodeTable: Sendable {
    /// In the order of names.
    private(set) var all: [NodeEntry] = []
    private(set) var names: [String] = []
    private var places: [String: Int] = [:]
    private var images: [String: Set<String>] = [:]
    private var lastAddress: [String: Int] = [:]
    private var stopped: Set<String> = []
    /// Counts up whenever something may fit that did not, or the other way round.
    private(set) var version = 0

    subscript(name: String) -> NodeEntry? { places[name].map { all[$0] } }

    /// Takes a node in; true when pods that fitted nowhere may fit now.
    mutating func set(_ node: JSON) -> Bool {
        var entry = NodeEntry(node)
        let old = self[entry.name]
        version += 1
        if let old, let place = places[entry.name] {
            (entry.requested, entry.assumed, entry.podCount, entry.ports) = (old.requested, old.assumed, old.podCount, old.ports)
            all[place] = entry
        } else {
            let place = names.firstIndex { $0 > entry.name } ?? names.count
            names.insert(entry.name, at: place)
            all.insert(entry, at: place)
            for i in place..<names.count { places[names[i]] = i }
        }
        if images[entry.name] == nil {
            let known = (node["status"]?["images"]?.array ?? []).flatMap { $0["names"]?.array?.compactMap(\.string) ?? [] }
            images[entry.name] = Set(known.compactMap { try? ImageReference($0).canonical })
        }
        return old.map {
            $0.labels != entry.labels || $0.taints != entry.taints || $0.isUnschedulable != entry.isUnschedulable
                || $0.allocatable != entry.allocatable
        } ?? true
    }

    mutating func remove(_ name: String) {
        guard let place = places.removeValue(forKey: name) else { return }
        version += 1
        names.remove(at: place)
        all.remove(at: place)
        for i in place..<names.count { places[names[i]] = i }
    }

    /// A pod takes its place, or gives it back.
    mutating func count(_ pod: PodEntry, sign: Int) {
        guard let place = places[pod.node] else { return }
        version += 1
        all[place].count(pod, sign: sign)
    }

    func address(of node: String) -> String { self[node]?.address ?? "" }

    mutating func nextPodAddress(on node: String) -> String {
        let network = self[node]?.network ?? "10.244.0"
        let next = (lastAddress[node] ?? 1) + 1
        lastAddress[node] = next
        guard next > 254 else { return "\(network).\(next)" }
        // More than a /24 holds in one run: go on in a range that no node has.
        return "10.\(128 + next / 65536 % 64).\(next / 256 % 256).\(next % 256)"
    }

    func holds(_ image: String, on node: String) -> Bool { images[node]?.contains(image) ?? false }
    mutating func add(_ image: String, to node: String) { images[node, default: []].insert(image) }

    // MARK: Kubelets that do not run

    func runsKubelet(_ node: String) -> Bool { places[node] != nil && !stopped.contains(node) }
    mutating func setKubelet(_ node: String, isRunning: Bool) { if isRunning { stopped.remove(node) } else { stopped.insert(node) } }
}
