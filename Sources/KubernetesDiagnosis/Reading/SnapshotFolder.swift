package import Core
import Kubernetes

/// Reads a snapshot folder (SNAPSHOT.md), leniently: a broken file costs that file and a note.
package enum SnapshotFolder {
    /// Longer lists are left out with a note.
    static let longestList = 512 << 20
    /// Longer files of metrics, changes and the like are left out with a note.
    static let longestRecords = 256 << 20
    /// Of longer logs only the end is read.
    static let longestLog = 1 << 20
    /// What is for people and tests: never opened.
    static let neverOpened: Set<String> = ["expected.json", "manifest.yaml", "steps.txt"]

    /// The snapshot in a folder.
    ///
    /// Throws ``MartletError`` when there is no such folder, or nothing in it that can be read.
    package static func read(_ path: String) throws(MartletError) -> KubernetesSnapshot {
        var reading = FolderReading()
        try reading.read(path)
        return reading.snapshot
    }

    /// The objects in a folder, of all kinds and whole but for the values of Secrets; one that two files hold, once.
    ///
    /// Throws ``MartletError`` when there is no such folder, or no pods and workloads in it.
    package static func readObjects(_ path: String) throws(MartletError) -> ClusterObjects {
        var reading = FolderReading(keepsObjects: true)
        try reading.read(path)
        guard !reading.snapshot.seesNoWorkloads else {
            throw MartletError(
                .invalid, "\(path) holds neither pods nor workloads", details: reading.snapshot.notes,
                fix: "put lists of them there, as `kubectl get pods -A -o json > pods.json` writes them")
        }
        return ClusterObjects(reading.snapshot, reading.objects)
    }
}
