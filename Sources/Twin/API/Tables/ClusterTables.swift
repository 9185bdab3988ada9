import Core
import Kubernetes

enum ClusterTables {
    static let named = Table(columns: [Table.nameColumn, Table.ageColumn]) { o, now in [Table.name(o), Table.age(o, now)] }

    /// Of kinds for which the real server has no printer (registry/rest NewDefaultTableConvertor).
    static let dated = Table(columns: [Table.nameColumn, .init("Created At", type: "date")]) { o, _ in
        [Table.name(o), o[at: "metadata", "creationTimestamp"] ?? ""]
    }

    static let nodes = Table(
        columns: [
            Table.nameColumn, .init("Status"), .init("Roles"), Table.ageColumn, .init("Version"), .init("Internal-IP", wide: true),
            .init("External-IP", wide: true), .init("OS-Image", wide: true), .init("Kernel-Version", wide: true),
            .init("Container-Runtime", wide: true),
        ]
    ) { o, now in
        let ready = (o[at: "status", "conditions"]?.array ?? []).first { $0["type"] == "Ready" }
        var status = ready.map { $0["status"] == "True" ? "Ready" : "NotReady" } ?? "Unknown"
        if o[at: "spec", "unschedulable"]?.bool == true { status += ",SchedulingDisabled" }
        let roles = (o[at: "metadata", "labels"]?.stringMap ?? [:]).keys.filter { $0.hasPrefix("node-role.kubernetes.io/") }
            .map { String($0.dropFirst("node-role.kubernetes.io/".count)) }.sorted()
        func address(_ type: JSON) -> JSON {
            .string(Table.text((o[at: "status", "addresses"]?.array ?? []).first { $0["type"] == type }?["address"]))
        }
        let info = o[at: "status", "nodeInfo"]
        let kernel = Table.text(info?["kernelVersion"])
        return [
            Table.name(o), .string(status), Table.joined(roles), Table.age(o, now), info?["kubeletVersion"] ?? "", address("InternalIP"),
            address("ExternalIP"), .string(Table.text(info?["osImage"])),
            .string(info?["architecture"]?.string.map { "\(kernel) (\($0))" } ?? kernel),
            .string(Table.text(info?["containerRuntimeVersion"])),
        ]
    }

    static let namespaces = Table(columns: [Table.nameColumn, .init("Status"), Table.ageColumn]) { o, now in
        [Table.name(o), o[at: "status", "phase"] ?? "", Table.age(o, now)]
    }

    static let configMaps = Table(columns: [Table.nameColumn, .init("Data"), Table.ageColumn]) { o, now in
        [Table.name(o), JSON((o["data"]?.object?.count ?? 0) + (o["binaryData"]?.object?.count ?? 0)), Table.age(o, now)]
    }

    static let secrets = Table(columns: [Table.nameColumn, .init("Type"), .init("Data"), Table.ageColumn]) { o, now in
        [Table.name(o), o["type"] ?? "", JSON(o["data"]?.object?.count ?? 0), Table.age(o, now)]
    }

    static let quotas = Table(columns: [Table.nameColumn, .init("Request"), .init("Limit"), Table.ageColumn]) { o, now in
        let hard = o[at: "status", "hard"]?.object ?? o[at: "spec", "hard"]?.object ?? [:]
        func list(_ test: (String) -> Bool) -> JSON {
            .string(
                hard.keys.filter(test).sorted().map { "\($0): \(Table.text(o[at: "status", "used", $0] ?? "0"))/\(Table.text(hard[$0]))" }
                    .joined(separator: ", "))
        }
        return [Table.name(o), list { !$0.hasPrefix("limits") }, list { $0.hasPrefix("limits") }, Table.age(o, now)]
    }

    static let leases = Table(columns: [Table.nameColumn, .init("Holder"), Table.ageColumn]) { o, now in
        [Table.name(o), o[at: "spec", "holderIdentity"] ?? "", Table.age(o, now)]
    }

    static let priorityClasses = Table(
        columns: [
            Table.nameColumn, .init("Value", type: "integer"), .init("Global-Default", type: "boolean"), Table.ageColumn,
            .init("PreemptionPolicy"),
        ]
    ) { o, now in
        [Table.name(o), o["value"] ?? 0, o["globalDefault"] ?? false, Table.age(o, now), o["preemptionPolicy"] ?? ""]
    }

    static let runtimeClasses = Table(columns: [Table.nameColumn, .init("Handler"), Table.ageColumn]) { o, now in
        [Table.name(o), o["handler"] ?? "", Table.age(o, now)]
    }
}
