import Core
import Kubernetes

/// A node as the scheduler sees it.
struct NodeEntry: Sendable {
    let name: String
    let labels: [String: String]
    let taints: [JSON]
    let isUnschedulable: Bool
    let allocatable: ResourceAmounts
    let pods: Int
    let address: String
    let network: String
    var requested = ResourceAmounts()
    var podCount = 0
    var ports: [HostPort: Int] = [:]

    init(_ node: JSON) {
        name = node.metadataName
        labels = node.labels
        taints = node["spec"]?["taints"]?.array ?? []
        isUnschedulable = node["spec"]?["unschedulable"]?.bool == true
        let amounts = node["status"]?["allocatable"] ?? node["status"]?["capacity"]
        var allocatable = ResourceAmounts(amounts)
        pods = Int(allocatable.others.removeValue(forKey: "pods") ?? 110)
        self.allocatable = allocatable
        address = node["status"]?["addresses"]?.array?.first { $0["type"]?.string == "InternalIP" }?["address"]?.string ?? "127.0.0.1"
        let cidr = node["spec"]?["podCIDR"]?.string ?? "10.244.0.0/24"
        network = cidr.split(separator: "/")[0].split(separator: ".").prefix(3).joined(separator: ".")
    }
}

/// The nodes with what is taken on them, kept by the changes of the store; and what only kubelets know.
struct NodeTable: Sendable {
    private(set) var nodes: [String: NodeEntry] = [:]
    private(set) var names: [String] = []
    private var images: [String: Set<String>] = [:]
    private var lastAddress: [String: Int] = [:]
    private var stopped: Set<String> = []

    var all: [NodeEntry] { names.compactMap { nodes[$0] } }

    /// Takes a node in; true when pods that fitted nowhere may fit now.
    mutating func set(_ node: JSON) -> Bool {
        var entry = NodeEntry(node)
        let old = nodes[entry.name]
        if let old {
            (entry.requested, entry.podCount, entry.ports) = (old.requested, old.podCount, old.ports)
        } else {
            names.insert(entry.name, at: names.firstIndex { $0 > entry.name } ?? names.count)
        }
        nodes[entry.name] = entry
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
        nodes[name] = nil
        names.removeAll { $0 == name }
    }

    /// A pod takes its place, or gives it back.
    mutating func count(_ pod: PodEntry, sign: Int) {
        guard !pod.node.isEmpty, var node = nodes.removeValue(forKey: pod.node) else { return }
        node.requested = sign > 0 ? node.requested + pod.requests : node.requested - pod.requests
        node.podCount += sign
        for port in pod.hostPorts { node.ports[port, default: 0] += sign }
        nodes[pod.node] = node
    }

    func address(of node: String) -> String { nodes[node]?.address ?? "" }

    mutating func nextPodAddress(on node: String) -> String {
        let network = nodes[node]?.network ?? "10.244.0"
        let next = (lastAddress[node] ?? 1) + 1
        lastAddress[node] = next
        guard next > 254 else { return "\(network).\(next)" }
        // More than a /24 holds in one run: go on in a range that no node has.
        return "10.\(128 + next / 65536 % 64).\(next / 256 % 256).\(next % 256)"
    }

    func holds(_ image: String, on node: String) -> Bool { images[node]?.contains(image) ?? false }
    mutating func add(_ image: String, to node: String) { images[node, default: []].insert(image) }

    // MARK: Kubelets that do not run

    func runsKubelet(_ node: String) -> Bool { nodes[node] != nil && !stopped.contains(node) }
    mutating func setKubelet(_ node: String, isRunning: Bool) { if isRunning { stopped.remove(node) } else { stopped.insert(node) } }
}
