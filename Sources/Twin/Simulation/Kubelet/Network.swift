import Core
import Kubernetes

/// The cluster's network as programs see it: names, Services, and who listens.
enum Network {
    /// Address of the cluster's name server, as the captured cluster has it.
    static let nameServer = "10.96.0.10:53"

    /// Where an address leads.
    enum Destination {
        case outside
        case service(JSON, port: Int)
        /// Nowhere, and why, in the words of the network library.
        case nowhere(String)
    }

    /// Where `address` leads from a pod.
    static func destination(of address: String, from pod: PodWorker, _ world: World) -> Destination {
        guard let peer = PeerAddress(address) else { return .nowhere("invalid address") }
        if peer.host == "localhost" || peer.host.hasPrefix("127.") { return .outside }
        if isNumeric(peer.host) {
            let service = world.store.list(.services, namespace: nil).first { $0["spec"]?["clusterIP"]?.string == peer.host }
            return service.map { lead(to: $0, port: peer.port, from: pod, world) } ?? .outside
        }
        if let failure = lookUpFailure(peer.host, pod, world) { return .nowhere(failure) }
        if world.load.outside[peer.host] == .silent {
            return .nowhere(KubeletTexts.timedOut("\(outsideAddress(of: peer.host)):\(peer.port)"))
        }
        let labels = peer.host.split(separator: ".").map(String.init)
        let unknown = "dial tcp: lookup \(peer.host) on \(nameServer): no such host"
        let home: String
        switch labels.count {
        case 1: home = pod.key.namespace
        case 2 where world.store.get(ObjectKey(type: .namespaces, namespace: "", name: labels[1])) != nil: home = labels[1]
        case 3... where labels[2] == "svc": home = labels[1]
        default: return labels.last == "invalid" ? .nowhere(unknown) : .outside
        }
        guard let service = world.store.get(ObjectKey(type: .services, namespace: home, name: labels[0])) else { return .nowhere(unknown) }
        return lead(to: service, port: peer.port, from: pod, world)
    }

    /// The way to a Service, whose address means nothing where no kube-proxy runs.
    private static func lead(to service: JSON, port: Int, from pod: PodWorker, _ world: World) -> Destination {
        let ip = service["spec"]?["clusterIP"]?.string ?? "None"
        guard ip != "None", world.hasTrouble(.proxyDown, pod.node) else { return .service(service, port: port) }
        return .nowhere(KubeletTexts.timedOut("\(ip):\(port)"))
    }

    /// An address of those that documents may use (RFC 5737), always the same for a name.
    private static func outsideAddress(of host: String) -> String { "203.0.113.\(1 + host.utf8.reduce(0) { ($0 * 31 + Int($1)) % 254 })" }

    /// Why `address` cannot be reached from a pod; nil: it can. What lies outside the cluster is taken to answer.
    static func unreachable(_ address: String, from pod: PodWorker, _ world: World) -> String? {
        switch destination(of: address, from: pod, world) {
        case .outside: nil
        case .nowhere(let why): why
        case .service(let service, let port): refusal(of: service, port: port, to: pod, world)
        }
    }

    /// Why no name resolves: the pod has a name server of its own, which nobody serves, or the cluster's does not answer. One that is not
    /// among the objects always answers.
    private static func lookUpFailure(_ host: String, _ pod: PodWorker, _ world: World) -> String? {
        if let own = ownNameServer(of: pod, world) {
            return KubeletTexts.nameServerSilent(host, own, pod.ip ?? "", own)
        }
        if world.hasTrouble(.proxyDown, pod.node), !pod.usesHostNetwork, pod.spec["dnsPolicy"]?.string != "None" {
            // The name server is behind a Service, too.
            let server = String(nameServer.prefix { $0 != ":" })
            return KubeletTexts.nameServerSilent(host, server, pod.ip ?? "", server)
        }
        let key = ObjectKey(type: .services, namespace: "kube-system", name: "kube-dns")
        guard let service = world.store.get(key), let selector = service["spec"]?["selector"]?.stringMap, !selector.isEmpty else {
            return nil
        }
        let selection = Selection(labels: selector)
        let isServed = world.index.pods(inNamespace: "kube-system").contains { $0.isReady && $0.isActive && selection.matches($0.labels) }
        let server = service["spec"]?["clusterIP"]?.string.map { $0 + ":53" } ?? nameServer
        return isServed ? nil : "dial tcp: lookup \(host) on \(server): read udp: connection refused"
    }

    /// The name server of a pod that does without the cluster's; nil where it has that, or one that may be anywhere.
    private static func ownNameServer(of pod: PodWorker, _ world: World) -> String? {
        guard pod.spec["dnsPolicy"]?.string == "None", let own = pod.spec["dnsConfig"]?["nameservers"]?.array?.first?.string else {
            return nil
        }
        let addresses = world.store.list(.services, namespace: "kube-system").compactMap { $0["spec"]?["clusterIP"]?.string }
        let isPrivate = own.hasPrefix("10.") || own.hasPrefix("192.168.")
        return isPrivate && !addresses.contains(own) && nameServer != "\(own):53" ? own : nil
    }

    /// The API server's refusal of what a pod's service account asks for; nil: it may.
    static func refusal(of access: Behaviour.NeededAccess, to pod: PodWorker, _ world: World) -> String? {
        let name = "system:serviceaccount:\(pod.key.namespace):\(pod.spec["serviceAccountName"]?.string ?? "default")"
        let groups = ["system:serviceaccounts", "system:serviceaccounts:\(pod.key.namespace)", "system:authenticated"]
        let request = AccessRequest(verb: access.verb, group: access.group, resource: access.resource, namespace: pod.key.namespace)
        if Authorizer(store: world.store).allows(UserInfo(name: name, groups: groups), request) { return nil }
        return "\(access.resource) is forbidden: User \"\(name)\" cannot \(access.verb) resource \"\(access.resource)\" in API group "
            + "\"\(access.group)\" in the namespace \"\(pod.key.namespace)\""
    }

    private static func isNumeric(_ host: String) -> Bool { host.utf8.allSatisfy { (0x30...0x39).contains($0) || $0 == 0x2E } }

    /// Why a Service does not answer a pod on a port; nil: it does.
    static func refusal(of service: JSON, port: Int, to pod: PodWorker, _ world: World) -> String? {
        let spec = service["spec"]
        if spec?["type"]?.string == "ExternalName" { return nil }
        let ip = spec?["clusterIP"]?.string ?? "None"
        let target = "\(ip == "None" ? service.metadataName : ip):\(port)"
        let refused = "dial tcp \(target): connect: connection refused"
        if ip != "None", entry(of: service, port: port) == nil { return KubeletTexts.timedOut(target) }
        guard spec?["selector"]?.stringMap.isEmpty == false else {
            let endpoints = world.store.get(ObjectKey(type: .endpoints, namespace: service.metadataNamespace, name: service.metadataName))
            let hasAddress = endpoints?["subsets"]?.array?.contains { $0["addresses"]?.array?.isEmpty == false } ?? false
            return hasAddress ? nil : refused
        }
        let found = listeners(of: service, port: port, world)
        if found.isEmpty { return refused }
        let open = NetworkPolicies.admitted(found, from: world.index.pods[pod.key], to: service, port: port, world)
        if open.isEmpty { return KubeletTexts.timedOut(target) }
        let refusals = found.map { world.pods[$0.pod.uid]?.containers[$0.container].behaviour.refuses }
        return refusals.contains(nil) ? nil : refusals.first ?? nil
    }

    /// The containers behind a port of a Service with a selector that are ready and listen, in the order of their pods' names; of pods
    /// that no kubelet here knows, the first container.
    static func listeners(of service: JSON, port: Int, _ world: World) -> [(pod: PodEntry, container: Int)] {
        guard let selector = service["spec"]?["selector"]?.stringMap, !selector.isEmpty else { return [] }
        let entry = entry(of: service, port: port)
        let selection = Selection(labels: selector)
        return world.index.pods(inNamespace: service.metadataNamespace).compactMap { pod in
            guard pod.isReady, pod.isActive, selection.matches(pod.labels) else { return nil }
            guard let worker = world.pods[pod.uid] else { return (pod, 0) }
            guard let wanted = entry.map({ targetPort($0, in: worker) }) ?? port else { return nil }
            return worker.containers.firstIndex { $0.listens(on: wanted, at: world.now) }.map { (pod, $0) }
        }
    }

    /// The port of a pod behind a port of its Service.
    static func podPort(of service: JSON, port: Int, in pod: PodEntry, _ world: World) -> Int {
        guard let worker = world.pods[pod.uid], let entry = entry(of: service, port: port) else { return port }
        return targetPort(entry, in: worker) ?? port
    }

    private static func entry(of service: JSON, port: Int) -> JSON? {
        service["spec"]?["ports"]?.array?.first { $0["port"]?.int == port }
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
