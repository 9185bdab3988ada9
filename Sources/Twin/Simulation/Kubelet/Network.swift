import Core
import Kubernetes

/// The cluster's network as programs see it: names, Services, and who listens.
enum Network {
    /// Address of the cluster's name server, as the captured cluster has it.
    static let nameServer = "10.96.0.10:53"

    /// Why `address` cannot be reached from a pod of `namespace`; nil: it can. What lies outside the cluster is taken to answer.
    static func unreachable(_ address: String, from namespace: String, _ world: World) -> String? {
        guard let peer = PeerAddress(address) else { return "invalid address" }
        if peer.host == "localhost" || peer.host.hasPrefix("127.") { return nil }
        if isNumeric(peer.host) {
            guard let service = world.store.list(.services, namespace: nil).first(where: { $0["spec"]?["clusterIP"]?.string == peer.host })
            else {
                return nil
            }
            return refusal(of: service, port: peer.port, world)
        }
        let labels = peer.host.split(separator: ".").map(String.init)
        let unknown = "dial tcp: lookup \(peer.host) on \(nameServer): no such host"
        let home: String
        switch labels.count {
        case 1: home = namespace
        case 2 where world.store.get(ObjectKey(type: .namespaces, namespace: "", name: labels[1])) != nil: home = labels[1]
        case 3... where labels[2] == "svc": home = labels[1]
        default: return labels.last == "invalid" ? unknown : nil
        }
        guard let service = world.store.get(ObjectKey(type: .services, namespace: home, name: labels[0])) else { return unknown }
        return refusal(of: service, port: peer.port, world)
    }

    private static func isNumeric(_ host: String) -> Bool { host.utf8.allSatisfy { (0x30...0x39).contains($0) || $0 == 0x2E } }

    private static func refusal(of service: JSON, port: Int, _ world: World) -> String? {
        let spec = service["spec"]
        if spec?["type"]?.string == "ExternalName" { return nil }
        let ip = spec?["clusterIP"]?.string ?? "None"
        let target = "\(ip == "None" ? service.metadataName : ip):\(port)"
        let refused = "dial tcp \(target): connect: connection refused"
        let ports = spec?["ports"]?.array ?? []
        let isHeadless = ip == "None"
        let entry = ports.first { $0["port"]?.int == port }
        if entry == nil, !isHeadless { return "dial tcp \(target): i/o timeout" }
        guard let selector = spec?["selector"]?.stringMap, !selector.isEmpty else {
            let endpoints = world.store.get(ObjectKey(type: .endpoints, namespace: service.metadataNamespace, name: service.metadataName))
            let hasAddress = endpoints?["subsets"]?.array?.contains { $0["addresses"]?.array?.isEmpty == false } ?? false
            return hasAddress ? nil : refused
        }
        let selection = Selection(labels: selector)
        for pod in world.index.pods(inNamespace: service.metadataNamespace)
        where pod.isReady && pod.isActive && selection.matches(pod.labels) {
            guard let worker = world.pods[pod.uid] else { return nil }
            let wanted = entry.map { targetPort($0, in: worker) } ?? port
            if let wanted, worker.containers.contains(where: { $0.listens(on: wanted, at: world.now) }) { return nil }
        }
        return refused
    }

    /// The number of a Service port's target in a pod.
    static func targetPort(_ port: JSON, in pod: PodWorker) -> Int? {
        if let number = port["targetPort"]?.int { return number }
        guard let name = port["targetPort"]?.string else { return port["port"]?.int }
        for container in pod.containers { if let number = container.port(named: name) { return number } }
        return nil
    }
}

extension ContainerWorker {
    func port(named name: String) -> Int? {
        spec["ports"]?.array?.first { $0["name"]?.string == name }?["containerPort"]?.int
    }

    /// The ports that the program listens on once it has started: its own, or its first container port.
    var listeningPorts: [Int] {
        if let ports = behaviour.listen?.ports, !ports.isEmpty { return ports }
        return (spec["ports"]?.array?.first?["containerPort"]?.int).map { [$0] } ?? []
    }

    /// How long after its start the program listens.
    var listenDelay: Duration { behaviour.listen?.after ?? behaviour.start }

    func listens(on port: Int, at now: Timestamp) -> Bool {
        guard let since = runningSince, now - since >= listenDelay else { return false }
        // It has ended, and the kubelet has not noticed yet.
        if let end = plannedEnd, now >= end.time { return false }
        return listeningPorts.contains(port)
    }
}
