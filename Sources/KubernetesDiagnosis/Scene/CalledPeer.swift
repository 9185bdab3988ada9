import Core
import Kubernetes

/// Another program that a container is told to call, by the value of an environment variable.
struct CalledPeer: Sendable {
    let variable: String
    let value: String
    let peer: Peer
    /// The Service of that name; nil where there is none, or it lies outside of the cluster.
    let service: Service?

    /// Whether it is a database, by its scheme, its port or those of its Service.
    var isDatabase: Bool {
        Databases.schemes.contains { value.hasPrefix($0) } || peer.port.map(Databases.ports.contains) ?? false
            || service.map(Databases.isDatabase) ?? false
    }

    /// Whether it is on a port: by its address, by the ports of its Service, or by its scheme.
    func isUsually(on port: Int) -> Bool {
        if let own = peer.port, own == port { return true }
        if let service, service.spec.ports.contains(where: { $0.port == port || $0.targetPort == .int(port) }) { return true }
        return Databases.schemes(on: port).contains { value.hasPrefix($0) }
    }
}

extension [CalledPeer] {
    /// Those of the kind that a line speaks of by its words; none where it speaks of no kind.
    func meant(by clue: LogClue) -> [CalledPeer] {
        DatabaseText.usualPort(LogLine(clue.text)).map { port in filter { $0.isUsually(on: port) } } ?? []
    }
}

/// How databases are told from other programs.
enum Databases {
    static let ports: Set<Int> = [5432, 3306, 33_060, 27_017, 6379, 1521, 1433, 9042, 26_257, 5984, 11_211]
    static let schemes = [
        "postgres://", "postgresql://", "mysql://", "mariadb://", "mongodb://", "mongodb+srv://", "redis://", "rediss://", "sqlserver://",
        "jdbc:", "cockroachdb://", "cassandra://",
    ]

    /// How addresses of those begin that listen on a port.
    static func schemes(on port: Int) -> [String] {
        switch port {
        case 5432: ["postgres", "jdbc:postgres"]
        case 3306: ["mysql", "mariadb", "jdbc:mysql", "jdbc:mariadb"]
        case 27_017: ["mongodb"]
        case 6379: ["redis"]
        case 5672: ["amqp"]
        case 1433: ["sqlserver", "jdbc:sqlserver"]
        case 4222: ["nats"]
        default: []
        }
    }

    /// Whether a Service leads to one, by its ports.
    static func isDatabase(_ service: Service) -> Bool {
        service.spec.ports.contains { port in
            if case .int(let target) = port.targetPort, ports.contains(target) { return true }
            return ports.contains(port.port)
        }
    }
}

extension Scene {
    /// Whom a container of a namespace is told to call: variables with a value of their own, and those that come from ConfigMaps.
    func calledPeers(of container: Container, in namespace: String) -> [CalledPeer] {
        var values: [(name: String, value: String)] = []
        for source in container.envFrom {
            guard let reference = source.configMapRef, let map = configMap(namespace, reference.name) else { continue }
            values += map.data.keys.sorted().map { ((source.prefix ?? "") + $0, map.data[$0] ?? "") }
        }
        for variable in container.env {
            if let value = variable.value {
                values.append((variable.name, value))
            } else if let key = variable.valueFrom?.configMapKeyRef, let value = configMap(namespace, key.name)?.data[key.key] {
                values.append((variable.name, value))
            }
        }
        return values.flatMap { name, value -> [CalledPeer] in
            guard value.utf8.count <= 1000 else { return [] }
            let settings = ConnectionString.peers(value)
            let named = settings.isEmpty ? Peer.all(in: value) + HostVariable.peers(name, value, beside: values) : settings
            return named.map { peer in
                CalledPeer(
                    variable: name, value: value, peer: peer, service: ServiceIndex.services([peer], namespace: namespace, self).first)
            }
        }
    }

    /// The workloads behind a Service, the first as the one to blame; nil where it selects none that is known.
    func workload(behind service: Service) -> EntityPath? { workloads(behind: service).first.map { workloads[$0].path } }

    /// The Services that peers of a line are; of an address that no Service and no pod has, as one of a pod that is gone, those that the container is
    /// told to call on the same port.
    func services(meantBy peers: [Peer], _ container: Container, in namespace: String) -> [Service] {
        let named = ServiceIndex.services(peers, namespace: namespace, self)
        guard named.isEmpty, !peers.isEmpty, peers.allSatisfy({ $0.isAddress && $0.port != nil }) else { return named }
        let ports = Set(peers.compactMap(\.port))
        let called = calledPeers(of: container, in: namespace).map(\.peer).filter { $0.port.map(ports.contains) ?? false }
        return ServiceIndex.services(called, namespace: namespace, self)
    }

    /// The Services that a container is told to call and behind which nobody is ready.
    func silentServices(calledBy container: Container, in namespace: String) -> [Service] {
        ServiceIndex.services(calledPeers(of: container, in: namespace).map(\.peer), namespace: namespace, self)
            .filter { ServiceIndex.readyEndpoints(of: $0, self) == 0 }
    }

    /// What somebody waits for who waits for Services: them, and what is behind them.
    func dependencies(on services: [Service]) -> [EntityPath] {
        services.flatMap { service in
            [path("Service", service.metadata.namespace, service.metadata.name)] + (workload(behind: service).map { [$0] } ?? [])
        }
    }

    /// The Services that a workload is told to call, by their paths in order.
    func calledServices(of workload: Workload) -> [EntityPath] {
        let called = (workload.template?.spec.containers ?? []).flatMap { calledPeers(of: $0, in: workload.namespace) }
        return Set(called.compactMap(\.service).map { path("Service", $0.metadata.namespace, $0.metadata.name) }).sorted()
    }
}

/// A host and a port that stand in variables of their own: `REDIS_HOST` and `REDIS_PORT`.
enum HostVariable {
    private static let endings = ["HOSTNAME", "HOST", "SERVER", "ADDRESS", "ADDR", "ENDPOINT"]

    /// Whom a variable names by a bare host; the port is that of the variable of the same beginning.
    static func peers(_ name: String, _ value: String, beside others: [(name: String, value: String)]) -> [Peer] {
        let upper = name.uppercased()
        guard let ending = endings.first(where: upper.hasSuffix), Peer.isHost(value.lowercased()) else { return [] }
        let port = String(upper.dropLast(ending.count)) + "PORT"
        let number = others.first { $0.name.uppercased() == port }.flatMap { Int($0.value) }
        return [Peer(host: value.lowercased(), port: number)]
    }
}
