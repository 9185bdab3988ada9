/// Where an object stands among others of its type: by namespace, then name, then uid where a name was used again.
package struct ObjectPlace: Hashable, Comparable, Sendable {
    package let namespace: String
    package let name: String
    package let uid: String

    package init(namespace: String, name: String, uid: String = "") {
        self.namespace = namespace
        self.name = name
        self.uid = uid
    }

    package static func < (a: ObjectPlace, b: ObjectPlace) -> Bool {
        if a.namespace != b.namespace { return a.namespace < b.namespace }
        return a.name == b.name ? a.uid < b.uid : a.name < b.name
    }
}

extension ObjectMeta {
    package var place: ObjectPlace { ObjectPlace(namespace: namespace, name: name, uid: uid) }
}
