import Core
import Kubernetes

/// What is wrong with the files of a workload: what it reads, runs and writes. A Deployment recreates its pods, so that no older revision
/// goes on serving.
enum FileFaults {
    static let all: [Fault] = [
        WorkloadFaults.workload("bad-config", "the file that its program reads is no YAML any more") { (key, scene) throws(MartletError) in
            let text = "listen: 8080\nlimits:\n  requests: 200\n   burst: 50\n"
            try mount(["app.yaml": .string(text)], mode: 0o644, in: key, &scene)
            scene.flaw(key) {
                $0.needsFile.append(
                    Behaviour.NeededFile(path: "\(directory)/app.yaml", contains: nil, valid: .yaml, log: nil, code: 78))
            }
        },
        WorkloadFaults.workload("permission-denied", "its command is a file that must not be executed") {
            (key, scene) throws(MartletError) in
            try mount(["run.sh": "#!/bin/sh\nexec /entrypoint\n"], mode: 0o644, in: key, &scene)
            try scene.changeContainer(of: key) { (container) throws(MartletError) in container["command"] = ["\(directory)/run.sh"] }
        },
        WorkloadFaults.workload("read-only-filesystem", "its program writes to a file system that is made read-only") {
            (key, scene) throws(MartletError) in
            try scene.recreate(key)
            try scene.changeContainer(of: key) { (container) throws(MartletError) in
                container[at: "securityContext", "readOnlyRootFilesystem"] = true
            }
            scene.flaw(key) { $0.writes.append("/var/run/app.pid") }
        },
        WorkloadFaults.workload("evicted-ephemeral-storage", "its program writes 4Mi a second, and may write 64Mi") {
            (key, scene) throws(MartletError) in
            try scene.recreate(key)
            try scene.changeContainer(of: key) { (container) throws(MartletError) in
                for kind in ["requests", "limits"] { container[at: "resources", kind, "ephemeral-storage"] = "64Mi" }
            }
            scene.flaw(key) {
                var amount = Behaviour.Memory()
                (amount.initial, amount.growth) = (0, 4 * 1_048_576)
                $0.storage = Behaviour.Storage(path: nil, amount: amount)
            }
        },
        WorkloadFaults.workload("flag-change", "a value of its ConfigMap is turned, and its program fails a third of all requests with it")
        {
            (key, scene) throws(MartletError) in
            let settings = try settings(of: key, scene)
            let data = scene.store.get(settings)?["data"]?.stringMap ?? [:]
            let flag = data.keys.sorted().first { ["true", "false", "on", "off"].contains(data[$0] ?? "") }
            let opposites = ["true": "false", "false": "true", "on": "off", "off": "on"]
            let name = flag ?? "NEW_PRICING"
            try scene.set(["data", name], to: .string(opposites[data[name] ?? ""] ?? "true"), of: settings)
            try scene.disorder(key) { $0.errorRate = 1 - (1 - $0.errorRate) * 2 / 3 }
        },
    ]

    private static let directory = "/etc/app"

    /// Mounts a ConfigMap that is made for it.
    private static func mount(
        _ files: JSON, mode: Int, in key: ObjectKey, _ scene: inout FaultScene
    ) throws(MartletError) {
        let name = JSON.string("\(key.name)-files")
        try scene.make(["metadata": ["name": name], "data": files], .configMaps, in: key.namespace)
        try scene.recreate(key)
        try scene.changeTemplate(of: key) { (template) throws(MartletError) in
            let volume: JSON = ["name": "app-files", "configMap": ["name": name, "defaultMode": JSON(mode)]]
            template[at: "spec", "volumes"] = .array((template["spec"]?["volumes"]?.array ?? []) + [volume])
        }
        try scene.changeContainer(of: key) { (container) throws(MartletError) in
            WorkloadFaults.add(["name": "app-files", "mountPath": .string(directory)], to: "volumeMounts", of: &container)
        }
    }

    /// The first ConfigMap that a workload takes its variables or files from.
    private static func settings(of key: ObjectKey, _ scene: FaultScene) throws(MartletError) -> ObjectKey {
        let spec = scene.store.get(key)?["spec"]?["template"]?["spec"]
        guard spec != nil else { throw FaultScene.missing(key) }
        let container = spec?["containers"]?.array?.first
        let names =
            (container?["envFrom"]?.array ?? []).compactMap { $0["configMapRef"]?["name"]?.string }
            + (container?["env"]?.array ?? []).compactMap { $0["valueFrom"]?["configMapKeyRef"]?["name"]?.string }
            + (spec?["volumes"]?.array ?? []).compactMap { $0["configMap"]?["name"]?.string }
        let keys = names.map { ObjectKey(type: .configMaps, namespace: key.namespace, name: $0) }
        if let found = keys.first(where: { scene.store.get($0) != nil }) { return found }
        throw MartletError(.invalid, "\(key.type.kind)/\(key.name) reads no ConfigMap", fix: "name a workload that does")
    }
}
