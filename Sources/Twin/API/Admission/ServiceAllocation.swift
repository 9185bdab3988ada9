import Core
import Kubernetes

/// The addresses and node ports of services (registry/core/service/storage alloc.go).
enum ServiceAllocation {
    private static let nodePorts = 30000...32767

    /// The service with an address, and with node ports where its type has them. `old` is what it was before an update.
    static func allocate(_ service: JSON, old: JSON?, _ store: ObjectStore) throws(APIFailure) -> JSON {
        var service = service
        let others = store.list(.services, namespace: nil).filter { $0[at: "metadata", "uid"] != old?[at: "metadata", "uid"] || old == nil }
        if let old { keep(old, in: &service) }
        // One that has an address keeps it; that it may not be changed is said elsewhere.
        if old?[at: "spec", "clusterIP"]?.string?.isEmpty ?? true { try address(&service, others) }
        try ports(&service, others)
        return service
    }

    /// What an update leaves open stays; what its new type does not have goes.
    private static func keep(_ old: JSON, in service: inout JSON) {
        let type = service[at: "spec", "type"]
        let was = old[at: "spec", "type"]
        if type != "ExternalName" {
            if service[at: "spec", "clusterIP"]?.string?.isEmpty ?? true { service[at: "spec", "clusterIP"] = old[at: "spec", "clusterIP"] }
            let isSame = service[at: "spec", "clusterIP"] == old[at: "spec", "clusterIP"]
            let given = service[at: "spec", "clusterIPs"]?.array ?? []
            if isSame, given.isEmpty {
                service[at: "spec", "clusterIPs"] = old[at: "spec", "clusterIPs"]
            } else if !isSame, given.isEmpty || .array(given) == old[at: "spec", "clusterIPs"], let first = service[at: "spec", "clusterIP"]
            {
                // Who knows the one address only has changed the first of the list.
                service[at: "spec", "clusterIPs"] = .array([first] + given.dropFirst())
            }
        } else if was != "ExternalName" {
            for field in ["clusterIP", "clusterIPs", "ipFamilies", "ipFamilyPolicy", "internalTrafficPolicy"]
            where service[at: "spec", field] == old[at: "spec", field] {
                service[at: "spec", field] = nil
            }
        }
        let had = old[at: "spec", "ports"]?.array ?? []
        func isPublished(_ type: JSON?) -> Bool { type == "NodePort" || type == "LoadBalancer" }
        let list = service[at: "spec", "ports"]?.array ?? []
        if isPublished(type) {
            service[at: "spec", "ports"] = .array(
                list.map { port in
                    guard port["nodePort"] == nil else { return port }
                    var port = port
                    port["nodePort"] = had.first { $0["port"] == port["port"] && $0["protocol"] == port["protocol"] }?["nodePort"]
                    return port
                })
        } else if isPublished(was) {
            let taken = Set(had.compactMap { $0["nodePort"]?.int })
            service[at: "spec", "ports"] = .array(
                list.map { port in
                    var port = port
                    if let number = port["nodePort"]?.int, taken.contains(number) { port["nodePort"] = nil }
                    return port
                })
            if service[at: "spec", "externalTrafficPolicy"] == old[at: "spec", "externalTrafficPolicy"] {
                service[at: "spec", "externalTrafficPolicy"] = nil
            }
        }
        if was == "LoadBalancer", type != "LoadBalancer" { service[at: "spec", "allocateLoadBalancerNodePorts"] = nil }
    }

    /// The next free address of 10.96.0.0/16, as a service gets one.
    private static func address(_ service: inout JSON, _ others: [JSON]) throws(APIFailure) {
        guard service[at: "spec", "type"] != "ExternalName" else { return }
        let taken = Set(others.compactMap { $0[at: "spec", "clusterIP"]?.string })
        if let given = service[at: "spec", "clusterIP"]?.string, !given.isEmpty {
            if service[at: "spec", "clusterIPs"] == nil { service[at: "spec", "clusterIPs"] = [.string(given)] }
            if given == "None" { return }
            guard given.hasPrefix("10.96.") else {
                throw refused(
                    service, "spec.clusterIPs", [.string(given)],
                    "failed to allocate IP \(given): the provided IP (\(given)) is not in the valid range. The range of valid IPs is 10.96.0.0/16"
                )
            }
            if taken.contains(given) {
                throw refused(
                    service, "spec.clusterIPs", [.string(given)], "failed to allocate IP \(given): provided IP is already allocated")
            }
            return
        }
        let name = "\(service[at: "metadata", "namespace"]?.string ?? "")/\(service[at: "metadata", "name"]?.string ?? "")"
        var number = 256 + StableHash.of(name) % 60000
        func address() -> String { "10.96.\(number / 256).\(number % 256)" }
        while taken.contains(address()) || number % 256 == 0 { number = number % 60000 + 257 }
        service[at: "spec", "clusterIP"] = .string(address())
        service[at: "spec", "clusterIPs"] = [.string(address())]
    }

    private static func ports(_ service: inout JSON, _ others: [JSON]) throws(APIFailure) {
        let type = service[at: "spec", "type"]
        guard type == "NodePort" || type == "LoadBalancer" && service[at: "spec", "allocateLoadBalancerNodePorts"]?.bool != false,
            var list = service[at: "spec", "ports"]?.array
        else { return }
        var taken = Set(others.flatMap { ($0[at: "spec", "ports"]?.array ?? []).compactMap { $0["nodePort"]?.int } })
        for (i, port) in list.enumerated() {
            if let wanted = port["nodePort"]?.int, wanted != 0 {
                let why =
                    !nodePorts.contains(wanted)
                    ? "provided port is not in the valid range. The range of valid ports is \(nodePorts.lowerBound)-\(nodePorts.upperBound)"
                    : taken.contains(wanted) ? "provided port is already allocated" : nil
                if let why { throw refused(service, "spec.ports[\(i)].nodePort", JSON(wanted), why) }
                continue
            }
            let name = "\(service[at: "metadata", "namespace"]?.string ?? "")/\(service[at: "metadata", "name"]?.string ?? "")"
            let start = Int(StableHash.of("\(name):\(port["port"]?.int ?? 0)/\(port["protocol"]?.string ?? "")") % UInt64(nodePorts.count))
            guard
                let free = (0..<nodePorts.count).lazy.map({ nodePorts.lowerBound + (start + $0) % nodePorts.count }).first(where: {
                    !taken.contains($0)
                })
            else { continue }
            taken.insert(free)
            list[i]["nodePort"] = JSON(free)
        }
        service[at: "spec", "ports"] = .array(list)
    }

    private static func refused(_ service: JSON, _ field: String, _ value: JSON, _ why: String) -> APIFailure {
        var validation = Validation()
        validation.invalid(field, value, why)
        return APIFailure.invalid(.services, name: service[at: "metadata", "name"]?.string ?? "", causes: validation.causes)
    }
}
