import Core
import Foundation
import KubernetesDiagnosis

/// A generated cluster as a snapshot folder.
enum GeneratedFolder {
    static func write(_ cluster: GeneratedCluster, to folder: URL) throws -> String {
        let manager = FileManager.default
        try manager.createDirectory(at: folder.appendingPathComponent("logs"), withIntermediateDirectories: true)
        let (lists, logs) = cluster.documents()
        for (kind, items) in lists.sorted(by: { $0.key < $1.key }) {
            let version = ["Deployment", "ReplicaSet"].contains(kind) ? "apps/v1" : "v1"
            let list: JSON = ["kind": "\(kind)List", "apiVersion": .string(version), "items": .array(items)]
            try Data(list.serialized()).write(to: folder.appendingPathComponent("\(kind.lowercased())s.json"))
        }
        for (key, text) in logs {
            let name = "\(key.pod).\(key.container)\(key.previous ? ".previous" : "").log"
            try Data(text).write(to: folder.appendingPathComponent("logs").appendingPathComponent(name))
        }
        let meta: JSON = [
            "version": 1, "time": .string(GeneratedCluster.now.rfc3339()), "cluster": "bench",
            "listed": JSON(GeneratedCluster.listed.sorted()),
        ]
        try Data(meta.serialized()).write(to: folder.appendingPathComponent("meta.json"))
        return folder.path
    }
}
