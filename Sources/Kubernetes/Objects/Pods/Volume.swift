package import Core

/// A volume; one of the sources is set. Sources without a type of their own are in `other`, by name.
package struct Volume: JSONReadable, Equatable {
    package var name = ""
    @Boxed package var configMap: ConfigMapVolume?
    @Boxed package var secret: SecretVolume?
    package var persistentVolumeClaim: ClaimVolume?
    @Boxed package var emptyDir: EmptyDirVolume?
    package var hostPath: HostPathVolume?
    @Boxed package var projected: ProjectedVolume?
    @Boxed package var csi: CSIVolume?
    @Boxed package var ephemeral: EphemeralVolume?
    package var downwardAPI: DownwardVolume?
    package var nfs: NFSVolume?
    @Boxed package var other: JSONObject?

    package init() {}

    package mutating func read(from reader: inout JSONReader) throws(JSONError) {
        try reader.members { (r, key) throws(JSONError) in
            switch key {
            case "name": name = try r.text() ?? ""
            case "configMap": _configMap = try r.boxed()
            case "secret": _secret = try r.boxed()
            case "persistentVolumeClaim": persistentVolumeClaim = try r.read()
            case "emptyDir": _emptyDir = try r.boxed()
            case "hostPath": hostPath = try r.read()
            case "projected": _projected = try r.boxed()
            case "csi": _csi = try r.boxed()
            case "ephemeral": _ephemeral = try r.boxed()
            case "downwardAPI": downwardAPI = try r.read()
            case "nfs": nfs = try r.read()
            default:
                let name = try JSONReader.key(key, at: r.offset)
                var rest = other ?? [:]
                rest[name] = try r.value()
                other = rest
            }
        }
    }
}

/// Files from a ConfigMap.
package struct ConfigMapVolume: JSONReadable, Equatable {
    package var name = ""
    package var items: [KeyToPath] = []
    package var optional = false

    package init() {}

    package mutating func read(from reader: inout JSONReader) throws(JSONError) {
        try reader.members { (r, key) throws(JSONError) in
            switch key {
            case "name": name = try r.text() ?? ""
            case "items": items = try r.list()
            case "optional": optional = try r.flag() ?? false
            default: try r.skip()
            }
        }
    }
}

/// Files from a Secret.
package struct SecretVolume: JSONReadable, Equatable {
    package var secretName = ""
    package var items: [KeyToPath] = []
    package var optional = false

    package init() {}

    package mutating func read(from reader: inout JSONReader) throws(JSONError) {
        try reader.members { (r, key) throws(JSONError) in
            switch key {
            case "secretName": secretName = try r.text() ?? ""
            case "items": items = try r.list()
            case "optional": optional = try r.flag() ?? false
            default: try r.skip()
            }
        }
    }
}

/// Which key becomes which file.
package struct KeyToPath: JSONReadable, Equatable {
    package var key = ""
    package var path = ""

    package init() {}

    package mutating func read(from reader: inout JSONReader) throws(JSONError) {
        try reader.members { (r, key) throws(JSONError) in
            switch key {
            case "key": self.key = try r.text() ?? ""
            case "path": path = try r.text() ?? ""
            default: try r.skip()
            }
        }
    }
}

/// A PersistentVolumeClaim of the same namespace.
package struct ClaimVolume: JSONReadable, Equatable {
    package var claimName = ""
    package var readOnly = false

    package init() {}

    package mutating func read(from reader: inout JSONReader) throws(JSONError) {
        try reader.members { (r, key) throws(JSONError) in
            switch key {
            case "claimName": claimName = try r.text() ?? ""
            case "readOnly": readOnly = try r.flag() ?? false
            default: try r.skip()
            }
        }
    }
}

/// Scratch space that lives as long as the pod.
package struct EmptyDirVolume: JSONReadable, Equatable {
    package var medium: String?
    package var sizeLimit: Quantity?

    package init() {}

    package mutating func read(from reader: inout JSONReader) throws(JSONError) {
        try reader.members { (r, key) throws(JSONError) in
            switch key {
            case "medium": medium = try r.text()
            case "sizeLimit": sizeLimit = try r.quantity()
            default: try r.skip()
            }
        }
    }
}

/// A path of the node.
package struct HostPathVolume: JSONReadable, Equatable {
    package var path = ""
    package var type: String?

    package init() {}

    package mutating func read(from reader: inout JSONReader) throws(JSONError) {
        try reader.members { (r, key) throws(JSONError) in
            switch key {
            case "path": path = try r.text() ?? ""
            case "type": type = try r.text()
            default: try r.skip()
            }
        }
    }
}

/// Several sources in one folder.
package struct ProjectedVolume: JSONReadable, Equatable {
    package var sources: [ProjectedSource] = []

    package init() {}

    package mutating func read(from reader: inout JSONReader) throws(JSONError) {
        try reader.members { (r, key) throws(JSONError) in
            switch key {
            case "sources": sources = try r.repeatedList(\.projections)
            default: try r.skip()
            }
        }
    }
}

/// One source of a projected volume.
package struct ProjectedSource: JSONReadable, Equatable {
    package var configMap: ProjectedReference?
    package var secret: ProjectedReference?
    package var serviceAccountToken: TokenProjection?
    package var downwardAPI: DownwardVolume?

    package init() {}

    package mutating func read(from reader: inout JSONReader) throws(JSONError) {
        try reader.members { (r, key) throws(JSONError) in
            switch key {
            case "configMap": configMap = try r.read()
            case "secret": secret = try r.read()
            case "serviceAccountToken": serviceAccountToken = try r.read()
            case "downwardAPI": downwardAPI = try r.read()
            default: try r.skip()
            }
        }
    }
}

/// A ConfigMap or Secret in a projected volume.
package struct ProjectedReference: JSONReadable, Equatable {
    package var name = ""
    package var items: [KeyToPath] = []
    package var optional = false

    package init() {}

    package mutating func read(from reader: inout JSONReader) throws(JSONError) {
        try reader.members { (r, key) throws(JSONError) in
            switch key {
            case "name": name = try r.text() ?? ""
            case "items": items = try r.list()
            case "optional": optional = try r.flag() ?? false
            default: try r.skip()
            }
        }
    }
}

/// A service account token as a file.
package struct TokenProjection: JSONReadable, Equatable {
    package var audience: String?
    package var expirationSeconds: Int?
    package var path = ""

    package init() {}

    package mutating func read(from reader: inout JSONReader) throws(JSONError) {
        try reader.members { (r, key) throws(JSONError) in
            switch key {
            case "audience": audience = try r.text()
            case "expirationSeconds": expirationSeconds = try r.int()
            case "path": path = try r.text() ?? ""
            default: try r.skip()
            }
        }
    }
}

/// Fields of the pod as files.
package struct DownwardVolume: JSONReadable, Equatable {
    package var items: [DownwardFile] = []

    package init() {}

    package mutating func read(from reader: inout JSONReader) throws(JSONError) {
        try reader.members { (r, key) throws(JSONError) in
            switch key {
            case "items": items = try r.list()
            default: try r.skip()
            }
        }
    }
}

/// One file of a downward volume.
package struct DownwardFile: JSONReadable, Equatable {
    package var path = ""
    package var fieldRef: FieldSelector?

    package init() {}

    package mutating func read(from reader: inout JSONReader) throws(JSONError) {
        try reader.members { (r, key) throws(JSONError) in
            switch key {
            case "path": path = try r.text() ?? ""
            case "fieldRef": fieldRef = try r.read()
            default: try r.skip()
            }
        }
    }
}

/// An inline volume of a storage driver, or that of a PersistentVolume.
package struct CSIVolume: JSONReadable, Equatable {
    package var driver = ""
    package var volumeHandle: String?
    package var volumeAttributes: [String: String] = [:]

    package init() {}

    package mutating func read(from reader: inout JSONReader) throws(JSONError) {
        try reader.members { (r, key) throws(JSONError) in
            switch key {
            case "driver": driver = try r.text() ?? ""
            case "volumeHandle": volumeHandle = try r.text()
            case "volumeAttributes": volumeAttributes = try r.map()
            default: try r.skip()
            }
        }
    }
}

/// A claim made for the pod alone, named `<pod>-<volume>`.
package struct EphemeralVolume: JSONReadable, Equatable {
    package var volumeClaimTemplate: ClaimTemplate?

    package init() {}

    package mutating func read(from reader: inout JSONReader) throws(JSONError) {
        try reader.members { (r, key) throws(JSONError) in
            switch key {
            case "volumeClaimTemplate": volumeClaimTemplate = try r.read()
            default: try r.skip()
            }
        }
    }
}

/// The claim that is made.
package struct ClaimTemplate: JSONReadable, Equatable {
    @Shared package var metadata: ObjectMeta
    package var spec = PersistentVolumeClaimSpec()

    package init() {}

    package mutating func read(from reader: inout JSONReader) throws(JSONError) {
        try reader.members { (r, key) throws(JSONError) in
            switch key {
            case "metadata": _metadata = try r.shared()
            case "spec": spec = try r.read() ?? PersistentVolumeClaimSpec()
            default: try r.skip()
            }
        }
    }
}

/// A share of a file server.
package struct NFSVolume: JSONReadable, Equatable {
    package var server = ""
    package var path = ""

    package init() {}

    package mutating func read(from reader: inout JSONReader) throws(JSONError) {
        try reader.members { (r, key) throws(JSONError) in
            switch key {
            case "server": server = try r.text() ?? ""
            case "path": path = try r.text() ?? ""
            default: try r.skip()
            }
        }
    }
}
