import Core
import Kubernetes

enum NetworkTables {
    static let services = Table(
        columns: [
            Table.nameColumn, .init("Type"), .init("Cluster-IP"), .init("External-IP"), .init("Port(s)"), Table.ageColumn,
            .init("Selector", wide: true),
        ]
    ) { o, now in
        let kind = o[at: "spec", "type"]?.string ?? "ClusterIP"
        let ports = (o[at: "spec", "ports"]?.array ?? []).map { port in
            let node = port["nodePort"]?.int.map { ":\($0)" } ?? ""
            return "\(port["port"]?.int ?? 0)\(node)/\(port["protocol"]?.string ?? "TCP")"
        }
        let outside = (o[at: "status", "loadBalancer", "ingress"]?.array ?? []).compactMap { $0["ip"]?.string ?? $0["hostname"]?.string }
        let own = (o[at: "spec", "externalIPs"]?.array ?? []).compactMap(\.string)
        let external =
            switch kind {
            case "LoadBalancer": outside.isEmpty && own.isEmpty ? "<pending>" : (outside + own).joined(separator: ",")
            case "ExternalName": Table.text(o[at: "spec", "externalName"])
            default: own.isEmpty ? "<none>" : own.joined(separator: ",")
            }
        return [
            Table.name(o), .string(kind), .string(Table.text(o[at: "spec", "clusterIP"])), .string(external), Table.joined(ports),
            Table.age(o, now), Table.labels(o[at: "spec", "selector"]),
        ]
    }

    static let endpoints = Table(columns: [Table.nameColumn, .init("Endpoints"), Table.ageColumn]) { o, now in
        let all = (o["subsets"]?.array ?? []).flatMap { subset in
            (subset["ports"]?.array ?? []).flatMap { port in
                (subset["addresses"]?.array ?? []).map { "\($0["ip"]?.string ?? ""):\(port["port"]?.int ?? 0)" }
            }
        }
        return [Table.name(o), brief(all), Table.age(o, now)]
    }

    static let endpointSlices = Table(
        columns: [Table.nameColumn, .init("AddressType"), .init("Ports"), .init("Endpoints"), Table.ageColumn]
    ) { o, now in
        let ports = (o["ports"]?.array ?? []).compactMap { $0["port"]?.int.map(String.init) }
        let addresses = (o["endpoints"]?.array ?? []).flatMap { $0["addresses"]?.array ?? [] }.compactMap(\.string)
        return [
            Table.name(o), o["addressType"] ?? "", ports.isEmpty ? "<unset>" : Table.joined(ports),
            addresses.isEmpty ? "<unset>" : brief(addresses),
            Table.age(o, now),
        ]
    }

    private static func brief(_ all: [String]) -> JSON {
        all.count > 3 ? .string(all.prefix(3).joined(separator: ",") + " + \(all.count - 3) more...") : Table.joined(all)
    }

    static let ingresses = Table(
        columns: [Table.nameColumn, .init("Class"), .init("Hosts"), .init("Address"), .init("Ports"), Table.ageColumn]
    ) { o, now in
        let hosts = (o[at: "spec", "rules"]?.array ?? []).compactMap { $0["host"]?.string }.filter { !$0.isEmpty }
        let addresses = (o[at: "status", "loadBalancer", "ingress"]?.array ?? []).compactMap { $0["ip"]?.string ?? $0["hostname"]?.string }
        return [
            Table.name(o), .string(Table.text(o[at: "spec", "ingressClassName"])),
            hosts.isEmpty ? "*" : brief(hosts),
            .string(addresses.joined(separator: ",")), .string(o[at: "spec", "tls"] == nil ? "80" : "80, 443"), Table.age(o, now),
        ]
    }

    static let ingressClasses = Table(
        columns: [Table.nameColumn, .init("Controller"), .init("Parameters"), Table.ageColumn]
    ) { o, now in
        let parameters = o[at: "spec", "parameters"].map { parameters in
            let kind = Table.text(parameters["kind"])
            return "\(parameters["apiGroup"]?.string.map { "\(kind).\($0)" } ?? kind)/\(Table.text(parameters["name"]))"
        }
        return [Table.name(o), o[at: "spec", "controller"] ?? "", .string(parameters ?? "<none>"), Table.age(o, now)]
    }

    static let policies = Table(columns: [Table.nameColumn, .init("Pod-Selector"), Table.ageColumn]) { o, now in
        [Table.name(o), Table.selector(o[at: "spec", "podSelector"]), Table.age(o, now)]
    }
}
