import Core
import Kubernetes

/// What is wrong with whom a workload calls: a wrong address in a variable, or somebody outside of the cluster. A Deployment recreates its
/// pods, so that no older revision goes on serving.
enum AddressFaults {
    static let all: [Fault] = [
        redirect("dns-name-not-found", "a variable names a Service that does not exist", isFit: { _ in true }) { variable, service in
            variable.value.replacing(
                variable.peer.host, with: variable.peer.host.replacing(service, with: service + "s", maxReplacements: 1), maxReplacements: 1
            )
        },
        redirect(
            "service-env-address-mismatch", "a variable names a port that its Service does not serve", isFit: { !isDatabase($0) }, wrongPort
        ),
        redirect("db-wrong-port", "a variable names a port that its database does not serve", isFit: isDatabase, wrongPort),
        outside(
            "dependency-unreachable", "what it calls outside of the cluster does not answer; without a dependency it gets one", .silent),
        outside(
            "dependency-latency", "what it calls outside of the cluster answers 2 s later; without a dependency it gets one",
            .slow(.seconds(2))),
    ]

    private typealias Variable = FaultScene.PeerVariable

    /// Databases by the ports that they have, or by the scheme of their URL.
    private static func isDatabase(_ variable: Variable) -> Bool {
        [5432, 3306, 27_017, 6379, 1521, 1433].contains(variable.peer.port)
            || ["postgres", "mysql", "mongodb", "redis"].contains { variable.value.hasPrefix($0) }
    }

    private static let wrongPort: @Sendable (FaultScene.PeerVariable, String) -> String = { variable, _ in
        let (host, port) = (variable.peer.host, variable.peer.port)
        let wrong = "\(host):\(port + 1)"
        return variable.value.contains("\(host):\(port)")
            ? variable.value.replacing("\(host):\(port)", with: wrong, maxReplacements: 1)
            : variable.value.replacing(host, with: wrong, maxReplacements: 1)
    }

    /// Gives a variable that holds the address of a Service another value.
    private static func redirect(
        _ slug: String, _ about: String, isFit: @escaping @Sendable (FaultScene.PeerVariable) -> Bool,
        _ wrong: @escaping @Sendable (FaultScene.PeerVariable, _ service: String) -> String
    ) -> Fault {
        WorkloadFaults.workload(slug, about) { (key, scene) throws(MartletError) in
            let variable = try scene.variable(of: key) { scene.service($0.peer, from: key.namespace) != nil && isFit($0) }
            let service = scene.service(variable.peer, from: key.namespace)?.metadataName ?? ""
            try scene.recreate(key)
            try scene.setVariable(variable.name, to: wrong(variable, service), of: key)
            try scene.need(variable, of: key)
        }
    }

    // MARK: Outside of the cluster

    private static func outside(_ slug: String, _ about: String, _ trouble: OutsideTrouble) -> Fault {
        WorkloadFaults.workload(slug, about) { (key, scene) throws(MartletError) in
            if let known = try outsideHost(of: key, scene) {
                scene.trouble(trouble, host: known)
                // Programs that look for it when they start do so now.
                return try scene.replacePods(of: key)
            }
            let url = "https://api.provider.example.com"
            try scene.setVariable("PROVIDER_URL", to: url, of: key)
            scene.trouble(trouble, host: "api.provider.example.com")
            let timeout = Duration.seconds(trouble == .silent ? 1 : 5)
            scene.flaw(key) { $0.calls.append(Behaviour.Call(address: nil, env: "PROVIDER_URL", timeout: timeout)) }
            if trouble == .silent, let peer = PeerAddress(url) {
                try scene.recreate(key)
                scene.flaw(key) {
                    $0.needsPeer.append(
                        Behaviour.NeededPeer(address: "\(peer.host):\(peer.port)", env: nil, after: .seconds(3), log: nil, code: 1))
                }
            }
        }
    }

    /// The first host outside of the cluster that a program calls, or that its variables name.
    private static func outsideHost(of key: ObjectKey, _ scene: FaultScene) throws(MartletError) -> String? {
        let program = try scene.program(of: key)
        let variables = scene.variables(of: key)
        let named = program.calls.compactMap { call in call.address ?? variables.first { $0.name == call.env }?.value }
        let needed = program.needsPeer.compactMap { peer in peer.address ?? variables.first { $0.name == peer.env }?.value }
        return (named + needed).compactMap { PeerAddress($0) }.first { peer in
            let labels = peer.host.split(separator: ".")
            return labels.count > 1 && labels.last.map { Int($0) == nil } == true && !(labels.count > 2 && labels[2] == "svc")
                && scene.service(peer, from: key.namespace) == nil
        }?.host
    }
}
