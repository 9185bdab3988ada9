import Core
import Kubernetes

/// Who may do what, and what stands before a write.
enum AccessTables {
    static let bindings = Table(
        columns: [
            Table.nameColumn, .init("Role"), Table.ageColumn, .init("Users", wide: true), .init("Groups", wide: true),
            .init("ServiceAccounts", wide: true),
        ]
    ) { o, now in
        func subjects(_ kind: JSON) -> JSON {
            .string(
                (o["subjects"]?.array ?? []).filter { $0["kind"] == kind }
                    .map { (kind == "ServiceAccount" ? "\($0["namespace"]?.string ?? "")/" : "") + ($0["name"]?.string ?? "") }
                    .joined(separator: ", "))
        }
        return [
            Table.name(o), .string("\(Table.text(o[at: "roleRef", "kind"]))/\(Table.text(o[at: "roleRef", "name"]))"), Table.age(o, now),
            subjects("User"), subjects("Group"), subjects("ServiceAccount"),
        ]
    }

    static let webhooks = Table(columns: [Table.nameColumn, .init("Webhooks", type: "integer"), Table.ageColumn]) { o, now in
        [Table.name(o), JSON(o["webhooks"]?.array?.count ?? 0), Table.age(o, now)]
    }

    static let policies = Table(
        columns: [Table.nameColumn, .init("Validations", type: "integer"), .init("ParamKind"), Table.ageColumn]
    ) { o, now in
        let parameters = o[at: "spec", "paramKind"].map { "\(Table.text($0["apiVersion"]))/\(Table.text($0["kind"]))" }
        return [
            Table.name(o), JSON(o[at: "spec", "validations"]?.array?.count ?? 0), .string(parameters ?? "<unset>"), Table.age(o, now),
        ]
    }

    static let policyBindings = Table(
        columns: [Table.nameColumn, .init("PolicyName"), .init("ParamRef"), Table.ageColumn]
    ) { o, now in
        let parameters = o[at: "spec", "paramRef"].map { reference in
            let namespace = reference["namespace"]?.string ?? ""
            return namespace.isEmpty ? "*/\(reference["name"]?.string ?? "*")" : "\(namespace)/\(reference["name"]?.string ?? "*")"
        }
        return [Table.name(o), o[at: "spec", "policyName"] ?? "", .string(parameters ?? "<unset>"), Table.age(o, now)]
    }

    static let services = Table(columns: [Table.nameColumn, .init("Service"), .init("Available"), Table.ageColumn]) { o, now in
        let service = o[at: "spec", "service"].map { "\(Table.text($0["namespace"]))/\(Table.text($0["name"]))" }
        let available = (o[at: "status", "conditions"]?.array ?? []).first { $0["type"] == "Available" }
        let status = Table.text(available?["status"])
        let text = available == nil ? "Unknown" : status == "True" ? status : "\(status) (\(Table.text(available?["reason"])))"
        return [Table.name(o), .string(service ?? "Local"), .string(text), Table.age(o, now)]
    }
}
