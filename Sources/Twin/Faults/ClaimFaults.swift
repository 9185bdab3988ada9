import Core
import Kubernetes

/// A workload mounts a claim that gets no volume. A Deployment recreates its pods, so that no older revision goes on serving.
enum ClaimFaults {
    static let all: [Fault] = [
        claim("pvc-no-volume", "mounts a claim of 500Ti without a class, for which there is no volume", class: "", size: "500Ti"),
        claim("pvc-storageclass-missing", "mounts a claim of a class that does not exist", class: "absent-class", size: "1Gi"),
    ]

    private static func claim(_ slug: String, _ about: String, class name: JSON, size: JSON) -> Fault {
        WorkloadFaults.workload(slug, about) { (key, scene) throws(MartletError) in
            let claim = "\(key.name)-archive"
            try scene.make(
                [
                    "metadata": ["name": .string(claim)],
                    "spec": [
                        "accessModes": ["ReadWriteOnce"], "storageClassName": name, "volumeMode": "Filesystem",
                        "resources": ["requests": ["storage": size]],
                    ],
                ], .persistentVolumeClaims, in: key.namespace)
            try scene.recreate(key)
            try scene.changeTemplate(of: key) { (template) throws(MartletError) in
                let volume: JSON = ["name": "archive", "persistentVolumeClaim": ["claimName": .string(claim)]]
                template[at: "spec", "volumes"] = .array((template["spec"]?["volumes"]?.array ?? []) + [volume])
            }
            try scene.changeContainer(of: key) { (container) throws(MartletError) in
                WorkloadFaults.add(["name": "archive", "mountPath": "/archive"], to: "volumeMounts", of: &container)
            }
            scene.blamed = "PersistentVolumeClaim/\(claim)"
        }
    }
}
