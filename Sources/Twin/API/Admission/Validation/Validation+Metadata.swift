import Core
import Kubernetes

/// What holds for the metadata of every object (apimachinery pkg/api/validation/objectmeta.go).
extension Validation {
    mutating func metadata(_ object: JSON, _ type: ResourceType) {
        let metadata = object["metadata"] ?? [:]
        let (name, base) = (metadata[text: "name"], metadata[text: "generateName"])
        let rule = Validation.nameRule(type)
        if !base.isEmpty {
            // A dash at the end is followed by what is made up.
            let start = base.count > 1 && base.hasSuffix("-") ? "\(base.dropLast(2))a" : base
            for mistake in rule(start) { invalid("metadata.generateName", .string(base), mistake) }
        }
        if name.isEmpty {
            if base.isEmpty { required("metadata.name", "name or generateName is required") }
        } else {
            form(name, "metadata.name", rule)
        }
        if type.isNamespaced, let home = metadata["namespace"]?.string { form(home, "metadata.namespace", Names.label) }
        nonNegative(metadata["generation"], "metadata.generation")
        labels(metadata["labels"], "metadata.labels")
        annotations(metadata["annotations"], "metadata.annotations")
        owners(metadata["ownerReferences"])
        finalizers(metadata["finalizers"], type)
    }

    private static func nameRule(_ type: ResourceType) -> (String) -> [String] {
        switch (type.group, type.plural) {
        case ("rbac.authorization.k8s.io", _), ("", "events"), ("policy", "poddisruptionbudgets"): Names.pathSegment
        case ("", "services"): Names.serviceName
        case ("", "namespaces"), ("apps", "statefulsets"): Names.label
        default: Names.subdomain
        }
    }

    private mutating func owners(_ owners: JSON?) {
        let field = "metadata.ownerReferences"
        var controller: String?
        for owner in owners?.array ?? [] {
            let version = owner[text: "apiVersion"]
            if version.split(separator: "/", omittingEmptySubsequences: false).last?.isEmpty ?? true {
                invalid("\(field).apiVersion", .string(version), "version must not be empty")
            }
            for member in ["kind", "name", "uid"] where owner[text: member].isEmpty {
                invalid("\(field).\(member)", "", "\(member) must not be empty")
            }
            if version == "v1", owner[text: "kind"] == "Event" {
                invalid(field, owner, "/v1, Kind=Event is disallowed from being an owner")
            }
            guard owner["controller"]?.bool == true else { continue }
            let this = "\(owner[text: "kind"])/\(owner[text: "name"])"
            if let controller {
                invalid(
                    field, owners,
                    "Only one reference can have Controller set to true. Found \"true\" in references for \(controller) and \(this)")
            } else {
                controller = this
            }
        }
    }

    private mutating func finalizers(_ finalizers: JSON?, _ type: ResourceType) {
        let field = "metadata.finalizers"
        if let old, old[at: "metadata", "deletionTimestamp"] != nil {
            let known = Set((old[at: "metadata", "finalizers"]?.array ?? []).compactMap(\.string))
            let new = Set((finalizers?.array ?? []).compactMap(\.string)).subtracting(known).sorted()
            if !new.isEmpty {
                let list = new.map { "\"\($0)\"" }.joined(separator: ", ")
                forbidden(
                    field, "no new finalizers can be added if the object is being deleted, found new finalizers []string{\(list)}")
            }
        }
        let names = (finalizers?.array ?? []).compactMap(\.string)
        for name in names { form(name, field, Names.qualifiedName) }
        if names.contains("orphan"), names.contains("foregroundDeletion") {
            invalid(field, finalizers, "finalizer orphan and foregroundDeletion cannot be both set")
        }
        // Kinds of other groups than these have no finalizers without a domain either, but are not asked.
        guard type.group.isEmpty || ["apps", "batch", "autoscaling", "policy"].contains(type.group) || type.group.hasSuffix(".k8s.io")
        else {
            return
        }
        for (at, name) in each(finalizers, field) {
            let name = name.string ?? ""
            if !name.contains("/"), !["kubernetes", "orphan", "foregroundDeletion"].contains(name) {
                invalid(at, .string(name), "name is neither a standard finalizer name nor is it fully qualified")
            }
        }
    }
}
