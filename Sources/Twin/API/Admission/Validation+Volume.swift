import Core
import Kubernetes

// Volumes of pods (core/validation ValidateVolumes).
extension Validation {
    /// The names of the volumes in which nothing is wrong.
    mutating func volumes(_ volumes: [JSON], _ field: String) -> Set<String> {
        var names: Set<String> = []
        for (i, volume) in volumes.enumerated() {
            let place = "\(field)[\(i)]"
            let before = causes.count
            source(volume, place)
            let name = volume["name"]?.string ?? ""
            if name.isEmpty { required("\(place).name") } else { label(name, "\(place).name") }
            if names.contains(name) { duplicate("\(place).name", .string(name)) }
            if causes.count == before { names.insert(name) }
        }
        return names
    }

    private static let kinds = [
        "emptyDir", "hostPath", "gitRepo", "gcePersistentDisk", "awsElasticBlockStore", "secret", "nfs", "iscsi", "glusterfs", "flocker",
        "persistentVolumeClaim", "rbd", "cinder", "cephfs", "quobyte", "downwardAPI", "fc", "flexVolume", "configMap", "azureFile",
        "vsphereVolume", "photonPersistentDisk", "portworxVolume", "azureDisk", "storageos", "projected", "scaleIO", "csi", "ephemeral",
        "image",
    ]
    private static let hostPathTypes = [
        "", "BlockDevice", "CharDevice", "Directory", "DirectoryOrCreate", "File", "FileOrCreate", "Socket",
    ]

    private mutating func source(_ volume: JSON, _ field: String) {
        let present = Validation.kinds.filter { volume[$0] != nil }
        for (i, kind) in present.enumerated() {
            let place = "\(field).\(kind)"
            if i > 0 { forbidden(place, "may not specify more than 1 volume type"); continue }
            let source = volume[kind] ?? [:]
            func isMissing(_ member: String) -> Bool { source[member]?.string?.isEmpty ?? true }
            switch kind {
            case "hostPath":
                if isMissing("path") { required("\(place).path") } else { noBacksteps(source["path"]?.string ?? "", "\(place).path") }
                oneOf(source["type"], Validation.hostPathTypes, "\(place).type")
            case "secret", "configMap":
                let name = kind == "secret" ? "secretName" : "name"
                if isMissing(name) { required("\(place).\(name)") }
                mode(source["defaultMode"], "\(place).defaultMode")
                items(source["items"]?.array ?? [], "\(place).items")
            case "nfs":
                for member in ["server", "path"] where isMissing(member) { required("\(place).\(member)") }
                if source["path"]?.string?.hasPrefix("/") == false {
                    invalid("\(place).path", source["path"] ?? "", "must be an absolute path")
                }
            case "persistentVolumeClaim": if isMissing("claimName") { required("\(place).claimName") }
            case "csi": if isMissing("driver") { required("\(place).driver") }
            case "ephemeral": if source["volumeClaimTemplate"] == nil { required("\(place).volumeClaimTemplate") }
            case "emptyDir":
                if let limit = Amounts.quantity(source["sizeLimit"]), limit < .zero {
                    forbidden("\(place).sizeLimit", "SizeLimit field must be a valid resource quantity")
                }
            case "projected", "downwardAPI": mode(source["defaultMode"], "\(place).defaultMode")
            default: break
            }
        }
        if present.isEmpty { required(field, "must specify a volume type") }
    }

    private mutating func mode(_ value: JSON?, _ field: String) {
        if let number = value?.int, !(0...0o777).contains(number) {
            invalid(field, JSON(number), "must be a number between 0 and 0777 (octal), both inclusive")
        }
    }

    private mutating func items(_ items: [JSON], _ field: String) {
        for (i, item) in items.enumerated() {
            for member in ["key", "path"] where item[member]?.string?.isEmpty ?? true { required("\(field)[\(i)].\(member)") }
            if let path = item["path"]?.string, !path.isEmpty { descending(path, "\(field)[\(i)].path") }
            mode(item["mode"], "\(field)[\(i)].mode")
        }
    }
}
