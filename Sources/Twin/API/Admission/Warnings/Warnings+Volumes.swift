import Core
import Kubernetes

/// Volumes of pods, persistent volumes and claims (pkg/api/pod/warnings.go, pkg/api/persistentvolume and persistentvolumeclaim).
extension Warnings {
    /// Sources that are on their way out, in the order in which they are looked at; claims of a pod's own stand between them.
    private static let deprecatedSources = [
        ("photonPersistentDisk", "deprecated in v1.11, non-functional in v1.16+"), ("gitRepo", "deprecated in v1.11"),
        ("scaleIO", "deprecated in v1.16, non-functional in v1.22+"), ("flocker", "deprecated in v1.22, non-functional in v1.25+"),
        ("storageos", "deprecated in v1.22, non-functional in v1.25+"), ("quobyte", "deprecated in v1.22, non-functional in v1.25+"),
        ("glusterfs", "deprecated in v1.25, non-functional in v1.26+"), ("ephemeral", ""),
        ("cephfs", "deprecated in v1.28, non-functional in v1.31+"), ("rbd", "deprecated in v1.28, non-functional in v1.31+"),
    ]

    mutating func volume(_ volume: JSON, _ field: String) {
        for (member, message) in Warnings.deprecatedSources where volume[member] != nil {
            if member == "ephemeral" {
                claim(volume[at: "ephemeral", "volumeClaimTemplate", "spec"], "\(field).ephemeral.volumeClaimTemplate.spec")
            } else {
                // The one name that differs from the field's.
                add("\(field).\(member == "storageos" ? "storageOS" : member): \(message)")
            }
        }
    }

    /// Files that lie where a token goes.
    mutating func tokenPaths(_ volumes: [JSON], _ field: String) {
        let sources = volumes.map { $0[at: "projected", "sources"]?.array ?? [] }
        let taken = Set(sources.joined().compactMap { $0[at: "serviceAccountToken", "path"]?.string })
        guard !taken.isEmpty else { return }
        for (i, list) in sources.enumerated() {
            for source in list {
                for (member, shown) in [("configMap", "configMap"), ("secret", "secrets"), ("downwardAPI", "downwardAPI")] {
                    for (j, item) in (source[at: member, "items"]?.array ?? []).enumerated() {
                        guard let path = item["path"]?.string, taken.contains(path) else { continue }
                        add("\(field)[\(i)].projected.sources.\(shown)[\(j)]: has duplicated path with ServiceAccountToken \"\(path)\"")
                    }
                }
                if let path = source[at: "clusterTrustBundle", "path"]?.string, taken.contains(path) {
                    add("\(field)[\(i)].projected.sources.ClusterTrustBundle: has duplicated path with ServiceAccountToken \"\(path)\"")
                }
            }
        }
    }

    mutating func claim(_ spec: JSON?, _ field: String) {
        for member in ["requests", "limits"] {
            wholeBytes(spec?[at: "resources", member], "storage", "\(field).resources.\(member)")
        }
    }

    mutating func storageClassAnnotation(_ object: JSON) {
        let key = "volume.beta.kubernetes.io/storage-class"
        if object[at: "metadata", "annotations", key] != nil {
            add("metadata.annotations[\(key)]: deprecated since v1.8; use \"storageClassName\" attribute instead")
        }
    }

    mutating func persistentVolume(_ object: JSON) {
        for (i, term) in (object[at: "spec", "nodeAffinity", "required", "nodeSelectorTerms"]?.array ?? []).enumerated() {
            nodeTerm(term, "spec.nodeAffinity.required.nodeSelectorTerms[\(i)]")
        }
        storageClassAnnotation(object)
        let options = "volume.beta.kubernetes.io/mount-options"
        if object[at: "metadata", "annotations", options] != nil {
            add("metadata.annotations[\(options)]: deprecated since v1.31; use \"mountOptions\" attribute instead")
        }
        if object[at: "spec", "persistentVolumeReclaimPolicy"] == "Recycle" {
            add(
                "spec.persistentVolumeReclaimPolicy: The Recycle reclaim policy is deprecated. Instead, the recommended approach is to use "
                    + "dynamic provisioning.")
        }
        for (member, message) in Warnings.deprecatedSources where member != "ephemeral" && object[at: "spec", member] != nil {
            add("spec.\(member == "storageos" ? "storageOS" : member): \(message)")
        }
    }
}
