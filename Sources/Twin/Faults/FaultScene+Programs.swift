import Core
import Kubernetes

/// What a fault has to know of the programs of a workload.
extension FaultScene {
    /// A variable of a workload's first container that holds the address of somebody.
    struct PeerVariable: Sendable {
        let name: String
        let value: String
        let peer: PeerAddress
    }

    /// What the first program of a workload does, as it is described.
    func program(of key: ObjectKey) throws(MartletError) -> Behaviour {
        guard let template = store.get(key)?["spec"]?["template"], let container = template["spec"]?["containers"]?.array?.first else {
            throw Self.missing(key)
        }
        return PodWorker.behaviour(
            of: container, template["metadata"]?["annotations"]?.stringMap ?? [:], simulation.world.options.catalogue, isInit: false)
    }

    /// The first of these variables that is fit.
    func variable(of key: ObjectKey, _ isFit: (PeerVariable) -> Bool) throws(MartletError) -> PeerVariable {
        let found = variables(of: key).first(where: isFit)
        guard let found else {
            throw MartletError(
                .invalid, "no variable of \(key.type.kind)/\(key.name) holds an address for this fault",
                fix: "name a workload that is told by a variable whom to call")
        }
        return found
    }

    func variables(of key: ObjectKey) -> [PeerVariable] {
        let container = store.get(key)?["spec"]?["template"]?["spec"]?["containers"]?.array?.first
        return (container?["env"]?.array ?? []).compactMap { variable in
            guard let name = variable["name"]?.string, let value = variable["value"]?.string, let peer = PeerAddress(value) else {
                return nil
            }
            return PeerVariable(name: name, value: value, peer: peer)
        }
    }

    /// The Service that an address names.
    func service(_ peer: PeerAddress, from namespace: String) -> JSON? {
        let labels = peer.host.split(separator: ".").map(String.init)
        guard let name = labels.first, labels.count < 3 || labels[2] == "svc" else { return nil }
        return store.get(ObjectKey(type: .services, namespace: labels.count > 1 ? labels[1] : namespace, name: name))
    }

    /// Gives a variable of the first container another value.
    mutating func setVariable(_ name: String, to value: String, of key: ObjectKey) throws(MartletError) {
        try changeContainer(of: key) { (container) throws(MartletError) in
            var variables = container["env"]?.array ?? []
            let entry: JSON = ["name": .string(name), "value": .string(value)]
            if let i = variables.firstIndex(where: { $0["name"]?.string == name }) { variables[i] = entry } else { variables.append(entry) }
            container["env"] = .array(variables)
        }
    }

    /// Makes sure that the program does something with an address: one that calls it goes on as it is, any other tries it when it starts.
    mutating func need(_ variable: PeerVariable, of key: ObjectKey) throws(MartletError) {
        let program = try program(of: key)
        let name = variable.name
        if program.calls.contains(where: { $0.env == name }) || program.needsPeer.contains(where: { $0.env == name }) { return }
        flaw(key) {
            $0.needsPeer.append(Behaviour.NeededPeer(address: nil, env: name, after: .seconds(3), log: nil, code: 1))
        }
    }
}
