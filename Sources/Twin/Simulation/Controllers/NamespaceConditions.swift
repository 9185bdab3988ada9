import Core
import Kubernetes

/// What the status of a namespace that is being deleted says about what is left in it.
struct NamespaceConditions {
    private var counts: [String: Int] = [:]
    private var finalizers: [String: Int] = [:]

    /// An object that is still there.
    mutating func add(_ object: JSON, _ type: ResourceType) {
        counts["\(type.plural).\(type.group)", default: 0] += 1
        for finalizer in object["metadata"]?["finalizers"]?.array ?? [] { finalizers[finalizer.string ?? "", default: 0] += 1 }
    }

    private func list(_ counts: [String: Int], _ text: Template) -> String {
        counts.sorted { $0.key < $1.key }.map { text($0.key, String($0.value)) }.joined(separator: ", ")
    }

    /// The conditions, with the times of those that stay as they were.
    func conditions(_ old: [JSON], now: Timestamp) -> [JSON] {
        let content =
            counts.isEmpty
            ? ("False", "ContentRemoved", ControllerTexts.contentRemoved())
            : ("True", "SomeResourcesRemain", ControllerTexts.contentRemains(list(counts, ControllerTexts.remainingCount)))
        let held =
            finalizers.isEmpty
            ? ("False", "ContentHasNoFinalizers", ControllerTexts.noFinalizers())
            : ("True", "SomeFinalizersRemain", ControllerTexts.finalizersRemain(list(finalizers, ControllerTexts.finalizerCount)))
        let all = [
            ("NamespaceDeletionDiscoveryFailure", ("False", "ResourcesDiscovered", ControllerTexts.resourcesDiscovered())),
            ("NamespaceDeletionGroupVersionParsingFailure", ("False", "ParsedGroupVersions", ControllerTexts.versionsParsed())),
            ("NamespaceDeletionContentFailure", ("False", "ContentDeleted", ControllerTexts.contentDeleted())),
            ("NamespaceContentRemaining", content), ("NamespaceFinalizersRemaining", held),
        ]
        return all.map { type, state in
            let before = old.first { $0["type"]?.string == type }
            let (status, reason, message) = state
            return [
                "type": .string(type), "status": .string(status),
                "lastTransitionTime": before?["status"]?.string == status ? before?["lastTransitionTime"] ?? now.json : now.json,
                "reason": .string(reason), "message": .string(message),
            ]
        }
    }
}
