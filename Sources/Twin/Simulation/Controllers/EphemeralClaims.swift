import Core
import Kubernetes

/// Makes the claims of generic ephemeral volumes, which go with their pod (pkg/controller/volume/ephemeral).
enum EphemeralClaims {
    static func isWanted(by pod: JSON) -> Bool {
        pod["spec"]?["volumes"]?.array?.contains { $0["ephemeral"]?["volumeClaimTemplate"] != nil } ?? false
    }

    static func make(for key: ObjectKey, _ world: inout World) {
        guard let pod = world.store.get(key), !pod.isBeingDeleted else { return }
        for volume in pod["spec"]?["volumes"]?.array ?? [] {
            guard let template = volume["ephemeral"]?["volumeClaimTemplate"] else { continue }
            let name = "\(key.name)-\(volume["name"]?.string ?? "")"
            let place = ObjectKey(type: .persistentVolumeClaims, namespace: key.namespace, name: name)
            guard world.store.get(place) == nil else { continue }
            var claim: JSON = ["apiVersion": "v1", "kind": "PersistentVolumeClaim", "metadata": template["metadata"] ?? [:]]
            claim[at: "metadata", "name"] = .string(name)
            claim[at: "metadata", "namespace"] = .string(key.namespace)
            claim[at: "metadata", "ownerReferences"] = [pod.controllerReference()]
            claim["spec"] = template["spec"]
            do { _ = try world.create(claim, type: .persistentVolumeClaims) } catch {
                // What refuses it, a quota perhaps, may change.
                world.enqueue(.volumeBinding, key, after: VolumeBinding.retry)
            }
        }
    }
}
