import Core
import Kubernetes

/// The ControllerRevisions of a StatefulSet or DaemonSet: each template that it had, numbered, so that pods can be told apart and an
/// update can be taken back (history of pkg/controller).
struct ControllerRevisions {
    struct Revision {
        let key: ObjectKey
        var object: JSON
        var number: Int { object["revision"]?.int ?? 0 }
        var name: String { key.name }
        var template: JSON { object["data"]?["spec"]?["template"] ?? [:] }
    }

    private(set) var all: [Revision]
    /// The one of the template as it is now.
    private(set) var current: Revision

    /// Finds the revision of the template; makes it where there is none, and gives it the highest number.
    /// - Throws: what the API server says to the new object.
    init(of owner: JSON, hashLabel: String, _ world: inout World) throws(APIFailure) {
        var data = owner["spec"]?["template"] ?? [:]
        data["$patch"] = "replace"
        all = world.index.dependants(of: owner.uid, type: .controllerRevisions).compactMap { key in
            world.store.get(key).map { Revision(key: key, object: $0) }
        }.sorted { $0.number < $1.number }
        let wanted: JSON = ["spec": ["template": data]]
        let next = (all.last?.number ?? 0) + 1
        if let at = all.firstIndex(where: { $0.object["data"] == wanted }) {
            if all[at].number < next - 1 {
                all[at].object["revision"] = JSON(next)
                world.write(all[at].object, all[at].key)
            }
            current = all[at]
            return
        }
        let hash = PodTemplateHash.of(owner["spec"]?["template"] ?? [:], collisions: 0)
        var labels = owner["spec"]?["template"]?["metadata"]?["labels"]?.object ?? [:]
        labels[hashLabel] = .string(hash)
        let name = "\(owner.metadataName)-\(hash)"
        let made = try world.create(
            [
                "apiVersion": "apps/v1", "kind": "ControllerRevision",
                "metadata": [
                    "name": .string(name), "namespace": .string(owner.metadataNamespace), "labels": .object(labels),
                    "ownerReferences": [owner.controllerReference()],
                ],
                "data": wanted, "revision": JSON(next),
            ], type: .controllerRevisions)
        current = Revision(
            key: ObjectKey(type: .controllerRevisions, namespace: owner.metadataNamespace, name: name), object: made)
        all.append(current)
    }

    func named(_ name: String) -> Revision? { all.first { $0.name == name } }

    /// Removes the oldest beyond the limit; those that pods still have stay.
    func prune(limit: Int, inUse: Set<String>, _ world: inout World) {
        let old = all.filter { $0.name != current.name && !inUse.contains($0.name) }
        for revision in old.prefix(max(0, old.count - limit)) { world.delete(revision.key) }
    }
}
