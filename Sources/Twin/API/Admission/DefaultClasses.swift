import Core
import Kubernetes

/// The classes that objects get which name none (admission plug-ins DefaultStorageClass, DefaultIngressClass and Priority).
enum DefaultClasses {
    static func withStorageClass(_ claim: JSON, _ store: ObjectStore) -> JSON {
        guard claim[at: "spec", "storageClassName"] == nil,
            let name = newest(.storageClasses, marked: "storageclass.kubernetes.io/is-default-class", store)
        else { return claim }
        var claim = claim
        claim[at: "spec", "storageClassName"] = name
        return claim
    }

    static func withIngressClass(_ ingress: JSON, _ store: ObjectStore) -> JSON {
        guard ingress[at: "spec", "ingressClassName"] == nil,
            ingress[at: "metadata", "annotations", "kubernetes.io/ingress.class"] == nil,
            let name = newest(.ingressClasses, marked: "ingressclass.kubernetes.io/is-default-class", store)
        else { return ingress }
        var ingress = ingress
        ingress[at: "spec", "ingressClassName"] = name
        return ingress
    }

    /// The name of the default class: of several the newest, of equally old ones the first by name.
    private static func newest(_ type: ResourceType, marked annotation: String, _ store: ObjectStore) -> JSON? {
        func made(_ object: JSON) -> String { object[at: "metadata", "creationTimestamp"]?.string ?? "" }
        return store.list(type, namespace: nil).filter { $0[at: "metadata", "annotations", annotation] == "true" }
            .min { (made($1), $0.metadataName) < (made($0), $1.metadataName) }?[at: "metadata", "name"]
    }

    /// Refuses a second default among the priority classes.
    static func checkPriority(_ object: JSON, _ key: ObjectKey, _ store: ObjectStore) throws(APIFailure) {
        guard object["globalDefault"]?.bool == true,
            let other = store.list(.priorityClasses, namespace: nil).first(where: { $0["globalDefault"]?.bool == true }),
            other.metadataName != key.name
        else { return }
        throw APIFailure.forbidden(
            key, "PriorityClass \(other.metadataName) is already marked as default. Only one default can exist")
    }
}
