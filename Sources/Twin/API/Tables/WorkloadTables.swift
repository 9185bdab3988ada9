import Core
import Kubernetes

enum WorkloadTables {
    private static func int(_ object: JSON, _ path: String...) -> Int { object[path: path[...]]?.int ?? 0 }

    static let deployments = Table(
        columns: [
            Table.nameColumn, .init("Ready"), .init("Up-to-date"), .init("Available"), Table.ageColumn, .init("Containers", wide: true),
            .init("Images", wide: true), .init("Selector", wide: true),
        ]
    ) { o, now in
        let (names, images) = Table.containers(o[at: "spec", "template"])
        return [
            Table.name(o), .string("\(int(o, "status", "readyReplicas"))/\(int(o, "spec", "replicas"))"),
            JSON(int(o, "status", "updatedReplicas")), JSON(int(o, "status", "availableReplicas")), Table.age(o, now), names, images,
            Table.selector(o[at: "spec", "selector"]),
        ]
    }

    static let replicaSets = Table(
        columns: [
            Table.nameColumn, .init("Desired", type: "integer"), .init("Current", type: "integer"), .init("Ready", type: "integer"),
            Table.ageColumn, .init("Containers", wide: true), .init("Images", wide: true), .init("Selector", wide: true),
        ]
    ) { o, now in
        let (names, images) = Table.containers(o[at: "spec", "template"])
        return [
            Table.name(o), JSON(int(o, "spec", "replicas")), JSON(int(o, "status", "replicas")), JSON(int(o, "status", "readyReplicas")),
            Table.age(o, now), names, images, Table.selector(o[at: "spec", "selector"]),
        ]
    }

    static let statefulSets = Table(
        columns: [Table.nameColumn, .init("Ready"), Table.ageColumn, .init("Containers", wide: true), .init("Images", wide: true)]
    ) { o, now in
        let (names, images) = Table.containers(o[at: "spec", "template"])
        return [
            Table.name(o), .string("\(int(o, "status", "readyReplicas"))/\(int(o, "spec", "replicas"))"), Table.age(o, now), names, images,
        ]
    }

    static let daemonSets = Table(
        columns: [
            Table.nameColumn, .init("Desired", type: "integer"), .init("Current", type: "integer"), .init("Ready", type: "integer"),
            .init("Up-to-date", type: "integer"), .init("Available", type: "integer"), .init("Node Selector"), Table.ageColumn,
            .init("Containers", wide: true), .init("Images", wide: true), .init("Selector", wide: true),
        ]
    ) { o, now in
        let (names, images) = Table.containers(o[at: "spec", "template"])
        return [
            Table.name(o), JSON(int(o, "status", "desiredNumberScheduled")), JSON(int(o, "status", "currentNumberScheduled")),
            JSON(int(o, "status", "numberReady")), JSON(int(o, "status", "updatedNumberScheduled")),
            JSON(int(o, "status", "numberAvailable")),
            Table.labels(o[at: "spec", "template", "spec", "nodeSelector"]), Table.age(o, now), names, images,
            Table.selector(o[at: "spec", "selector"]),
        ]
    }

    static let jobs = Table(
        columns: [
            Table.nameColumn, .init("Status"), .init("Completions"), .init("Duration"), Table.ageColumn, .init("Containers", wide: true),
            .init("Images", wide: true), .init("Selector", wide: true),
        ]
    ) { o, now in
        let (names, images) = Table.containers(o[at: "spec", "template"])
        let conditions = (o[at: "status", "conditions"]?.array ?? []).filter { $0["status"] == "True" }.compactMap { $0["type"]?.string }
        let state =
            o[at: "metadata", "deletionTimestamp"] != nil
            ? "Terminating" : ["Complete", "Failed", "Suspended", "FailureTarget"].first(where: conditions.contains) ?? "Running"
        let start = o[at: "status", "startTime"]?.string.flatMap { Timestamp($0) }
        let end = o[at: "status", "completionTime"]?.string.flatMap { Timestamp($0) } ?? now
        let wanted = o[at: "spec", "completions"]?.int.map(String.init) ?? "1 of \(int(o, "spec", "parallelism"))"
        return [
            Table.name(o), .string(state), .string("\(int(o, "status", "succeeded"))/\(wanted)"),
            .string(start.map { Table.humanDuration(end - $0) } ?? ""), Table.age(o, now), names, images,
            Table.selector(o[at: "spec", "selector"]),
        ]
    }

    static let cronJobs = Table(
        columns: [
            Table.nameColumn, .init("Schedule"), .init("Timezone"), .init("Suspend", type: "boolean"), .init("Active", type: "integer"),
            .init("Last Schedule"), Table.ageColumn, .init("Containers", wide: true), .init("Images", wide: true),
            .init("Selector", wide: true),
        ]
    ) { o, now in
        let (names, images) = Table.containers(o[at: "spec", "jobTemplate", "spec", "template"])
        let last = o[at: "status", "lastScheduleTime"]?.string
        return [
            Table.name(o), o[at: "spec", "schedule"] ?? "", .string(Table.text(o[at: "spec", "timeZone"])),
            .string(o[at: "spec", "suspend"]?.bool == true ? "True" : "False"), JSON(o[at: "status", "active"]?.array?.count ?? 0),
            .string(last.map { Table.age(of: $0, now) } ?? "<none>"), Table.age(o, now), names, images, "<none>",
        ]
    }

    static let replicationControllers = Table(
        columns: [
            Table.nameColumn, .init("Desired", type: "integer"), .init("Current", type: "integer"), .init("Ready", type: "integer"),
            Table.ageColumn, .init("Containers", wide: true), .init("Images", wide: true), .init("Selector", wide: true),
        ]
    ) { o, now in
        let (names, images) = Table.containers(o[at: "spec", "template"])
        return [
            Table.name(o), JSON(int(o, "spec", "replicas")), JSON(int(o, "status", "replicas")), JSON(int(o, "status", "readyReplicas")),
            Table.age(o, now), names, images, Table.labels(o[at: "spec", "selector"]),
        ]
    }

    static let podTemplates = Table(columns: [Table.nameColumn, .init("Containers"), .init("Images"), .init("Pod Labels")]) { o, _ in
        let (names, images) = Table.containers(o["template"])
        return [Table.name(o), names, images, Table.labels(o[at: "template", "metadata", "labels"])]
    }

    static let revisions = Table(
        columns: [Table.nameColumn, .init("Controller"), .init("Revision"), Table.ageColumn]
    ) { o, now in
        let owner = (o[at: "metadata", "ownerReferences"]?.array ?? []).first { $0["controller"]?.bool == true }
        let text = owner.map { owner in
            let group = (owner["apiVersion"]?.string ?? "").split(separator: "/").dropLast().joined()
            let kind = (owner["kind"]?.string ?? "").lowercased()
            return "\(group.isEmpty ? kind : "\(kind).\(group)")/\(owner["name"]?.string ?? "")"
        }
        return [Table.name(o), .string(text ?? "<none>"), JSON(int(o, "revision")), Table.age(o, now)]
    }

    static let budgets = Table(
        columns: [
            Table.nameColumn, .init("Min Available"), .init("Max Unavailable"), .init("Allowed Disruptions", type: "integer"),
            Table.ageColumn,
        ]
    ) { o, now in
        func bound(_ value: JSON?) -> JSON { value.map { .string($0.string ?? $0.text()) } ?? "N/A" }
        return [
            Table.name(o), bound(o[at: "spec", "minAvailable"]), bound(o[at: "spec", "maxUnavailable"]),
            JSON(int(o, "status", "disruptionsAllowed")), Table.age(o, now),
        ]
    }
}
