import Core
import Kubernetes

/// Volumes of a pod and what they are made from (ValidateVolumes, validateVolumeSource).
extension Validation {
    /// The good volumes by name: a mount of any other is one of a volume that is not there.
    mutating func volumes(_ spec: JSON, _ field: String) -> [String: JSON] {
        var sources: [String: JSON] = [:]
        for (at, volume) in each(spec["volumes"], field) {
            let before = causes.count
            let name = volume[text: "name"]
            volumeSource(volume, at, Validation.podSources)
            requiredForm(name, "\(at).name", Names.label)
            if sources[name] != nil { duplicate("\(at).name", .string(name)) }
            if causes.count == before { sources[name] = volume }
        }
        return sources
    }

    private static let podSources = [
        "emptyDir", "hostPath", "gitRepo", "gcePersistentDisk", "awsElasticBlockStore", "secret", "nfs", "iscsi", "glusterfs", "flocker",
        "persistentVolumeClaim", "rbd", "cinder", "cephfs", "quobyte", "downwardAPI", "fc", "flexVolume", "configMap", "azureFile",
        "vsphereVolume", "photonPersistentDisk", "portworxVolume", "azureDisk", "storageos", "projected", "scaleIO", "csi", "ephemeral",
        "image",
    ]
    /// The sources of a persistent volume, in the order in which they are looked at.
    static let persistentSources = [
        "hostPath", "gcePersistentDisk", "awsElasticBlockStore", "glusterfs", "flocker", "nfs", "rbd", "quobyte", "cephfs", "iscsi",
        "cinder", "fc", "flexVolume", "azureFile", "vsphereVolume", "photonPersistentDisk", "portworxVolume", "azureDisk", "scaleIO",
        "local", "storageos", "csi",
    ]

    /// Members that a source cannot be without.
    private static let neededMembers = [
        "gitRepo": ["repository"], "nfs": ["server", "path"], "iscsi": ["targetPortal", "iqn"], "glusterfs": ["endpoints", "path"],
        "persistentVolumeClaim": ["claimName"], "cinder": ["volumeID"], "flexVolume": ["driver"], "azureFile": ["secretName", "shareName"],
        "vsphereVolume": ["volumePath"], "photonPersistentDisk": ["pdID"], "portworxVolume": ["volumeID"],
        "azureDisk": ["diskName", "diskURI"], "awsElasticBlockStore": ["volumeID"], "gcePersistentDisk": ["pdName"],
        "secret": ["secretName"], "configMap": ["name"], "hostPath": ["path"], "local": ["path"],
    ]

    mutating func volumeSource(_ owner: JSON, _ field: String, _ kinds: [String]) {
        let present = kinds.filter { owner[$0] != nil }
        if present.isEmpty { return required(field, "must specify a volume type") }
        for (i, kind) in present.enumerated() {
            guard i == 0 else {
                forbidden("\(field).\(kind == "downwardAPI" ? "downwarAPI" : kind)", "may not specify more than 1 volume type")
                continue
            }
            source(owner[kind] ?? [:], kind, "\(field).\(kind)")
        }
    }

    private mutating func source(_ source: JSON, _ kind: String, _ at: String) {
        for member in Validation.neededMembers[kind] ?? [] where source[text: member].isEmpty { required("\(at).\(member)") }
        switch kind {
        case "emptyDir":
            if let size = Amounts.quantity(source["sizeLimit"]), size < .zero {
                forbidden("\(at).sizeLimit", "SizeLimit field must be a valid resource quantity")
            }
        case "hostPath", "local":
            noBacksteps(source[text: "path"], "\(at).path")
            choice(
                source["type"], "\(at).type",
                ["", "BlockDevice", "CharDevice", "Directory", "DirectoryOrCreate", "File", "FileOrCreate", "Socket"])
        case "nfs":
            if !source[text: "path"].isEmpty, !source[text: "path"].hasPrefix("/") {
                invalid("\(at).path", source["path"], "must be an absolute path")
            }
        case "secret", "configMap":
            mode(source["defaultMode"], "\(at).defaultMode")
            keys(source["items"], "\(at).items")
        case "downwardAPI":
            mode(source["defaultMode"], "\(at).defaultMode")
            // The real server names the list and not its element.
            for file in source["items"]?.array ?? [] { podFile(file, at) }
        case "projected":
            mode(source["defaultMode"], "\(at).defaultMode")
            projection(source, at)
        case "csi":
            if source[text: "driver"].isEmpty { required("\(at).driver") }
            form(source[text: "driver"].lowercased(), "\(at).driver", Names.subdomain)
        case "ephemeral":
            guard let template = source["volumeClaimTemplate"] else { return required("\(at).volumeClaimTemplate") }
            claim(template["spec"] ?? [:], "\(at).volumeClaimTemplate.spec")
        default: break
        }
    }

    private mutating func projection(_ source: JSON, _ field: String) {
        var paths: Set<String> = []
        for (at, part) in each(source["sources"], "\(field).sources") {
            let kinds = ["secret", "configMap", "downwardAPI", "serviceAccountToken", "clusterTrustBundle"].filter { part[$0] != nil }
            for kind in kinds {
                let (one, at) = (part[kind] ?? [:], "\(at).\(kind)")
                if kind == "secret" || kind == "configMap" {
                    if one[text: "name"].isEmpty { required("\(at).name") }
                    keys(one["items"], "\(at)")
                }
                for file in kind == "downwardAPI" ? one["items"]?.array ?? [] : [] { podFile(file, at) }
                if kind == "serviceAccountToken" {
                    let seconds = one["expirationSeconds"] ?? 0
                    if seconds.int ?? 0 < 600 {
                        invalid("\(at).expirationSeconds", seconds, "may not specify a duration less than 10 minutes")
                    }
                    if one[text: "path"].isEmpty { required("\(field).path") } else { descendingPath(one[text: "path"], "\(field).path") }
                }
                for item in one["items"]?.array ?? [] where !item[text: "path"].isEmpty {
                    let path = item[text: "path"]
                    if !paths.insert(path).inserted { invalid(field, .string(path), "conflicting duplicate paths") }
                }
            }
            if kinds.count > 1 { forbidden(at, "may not specify more than 1 volume type per source") }
        }
    }

    private mutating func keys(_ items: JSON?, _ field: String) {
        for (at, item) in each(items, field) {
            if item[text: "key"].isEmpty { required("\(at).key") }
            if item[text: "path"].isEmpty { required("\(at).path") }
            reservedPath(item[text: "path"], "\(at).path")
            mode(item["mode"], "\(at).mode")
        }
    }

    private mutating func podFile(_ file: JSON, _ at: String) {
        if file[text: "path"].isEmpty { required("\(at).path") }
        reservedPath(file[text: "path"], "\(at).path")
        if let reference = file["fieldRef"] {
            fileReference(reference, "\(at).fieldRef")
            if file["resourceFieldRef"] != nil {
                invalid(at, "resource", "fieldRef and resourceFieldRef can not be specified simultaneously")
            }
        } else if let reference = file["resourceFieldRef"] {
            resourceReference(reference, "\(at).resourceFieldRef", isVolume: true)
        } else {
            required(at, "one of fieldRef and resourceFieldRef is required")
        }
        mode(file["mode"], "\(at).mode")
    }

    private mutating func mode(_ mode: JSON?, _ field: String) {
        guard let mode, let bits = mode.int, !(0...0o777).contains(bits) else { return }
        invalid(field, mode, "must be a number between 0 and 0777 (octal), both inclusive")
    }

    // MARK: Paths

    mutating func noBacksteps(_ path: String, _ field: String) {
        if path.split(separator: "/").contains("..") { invalid(field, .string(path), "must not contain '..'") }
    }

    mutating func descendingPath(_ path: String, _ field: String) {
        if path.hasPrefix("/") { invalid(field, .string(path), "must be a relative path") }
        noBacksteps(path, field)
    }

    private mutating func reservedPath(_ path: String, _ field: String) {
        descendingPath(path, field)
        if path.hasPrefix(".."), !path.hasPrefix("../") { invalid(field, .string(path), "must not start with '..'") }
    }
}
