package import Core
import Kubernetes

/// Reads a snapshot folder (SNAPSHOT.md), leniently: a broken file costs that file and a note.
package enum SnapshotFolder {
    /// Longer lists are left out with a note.
    static let longestList = 512 << 20
    /// Of longer logs only the end is read.
    static let longestLog = 1 << 20
    /// What is for people and tests: never opened.
    fileprivate static let neverOpened: Set<String> = ["expected.json", "manifest.yaml", "steps.txt"]

    /// The snapshot in a folder.
    ///
    /// Throws ``MartletError`` when there is no such folder, or nothing in it that can be read.
    package static func read(_ path: String) throws(MartletError) -> KubernetesSnapshot {
        var reading = Reading()
        try reading.read(path)
        return reading.snapshot
    }

    /// The objects in a folder, of all kinds and whole but for the values of Secrets; one that two files hold, once.
    ///
    /// Throws ``MartletError`` when there is no such folder, or no pods and workloads in it.
    package static func readObjects(_ path: String) throws(MartletError) -> ClusterObjects {
        var reading = Reading(keepsObjects: true)
        try reading.read(path)
        // Lists of kind `List`, as kubectl writes them, do not say what they are of.
        for object in reading.objects {
            if let type = ResourceType.of(apiVersion: object.apiVersion, kind: object.kind) { reading.snapshot.listed.insert(type.plural) }
        }
        guard !reading.snapshot.seesNoWorkloads else {
            throw MartletError(
                .invalid, "\(path) holds neither pods nor workloads", details: reading.snapshot.notes,
                fix: "put lists of them there, as `kubectl get pods -A -o json > pods.json` writes them")
        }
        return ClusterObjects(reading.snapshot, reading.objects)
    }
}

private struct Reading {
    var snapshot = KubernetesSnapshot(time: Timestamp(nanoseconds: 0), cluster: "cluster")
    /// All objects as they came, where `keepsObjects`.
    var objects: [KubernetesObject] = []
    private let keepsObjects: Bool
    private var files = 0
    private var hasTime = false

    init(keepsObjects: Bool = false) { self.keepsObjects = keepsObjects }

    mutating func read(_ path: String) throws(MartletError) {
        guard let folder = SafeFolder(path) else {
            throw MartletError(
                .notFound, "there is no readable folder at \(path)",
                fix: "name one that holds pods.json, deployments.json and the like, as `kubectl get KIND -A -o json` prints them")
        }
        readMeta(folder)
        for name in folder.names()
        where name.hasSuffix(".json") && name != "meta.json" && name != "units.json" && !SnapshotFolder.neverOpened.contains(name)
            && !name.hasPrefix("README")
        {
            readList(folder, name)
        }
        readUnits(folder)
        if let logs = folder.folder("logs") { readLogs(logs) }
        guard files > 0 else {
            throw MartletError(
                .invalid, "\(path) is not a snapshot folder: it holds no list of Kubernetes objects", details: snapshot.notes,
                fix: "put lists there, as `kubectl get pods -A -o json > pods.json` writes them")
        }
        finish()
    }

    private mutating func readMeta(_ folder: borrowing SafeFolder) {
        guard folder.names().contains("meta.json") else { return }
        guard let bytes = bytes(folder, "meta.json", limit: 1 << 20) else { return }
        guard let meta = try? JSON(parsing: bytes), meta.object != nil else { note("meta.json", "it is not a JSON object"); return }
        if let time = meta["time"]?.string.flatMap({ Timestamp($0) }) { snapshot.time = time; hasTime = true }
        if let cluster = meta["cluster"]?.string, !cluster.isEmpty { snapshot.cluster = cluster }
        snapshot.namespaces = meta["namespaces"]?.array?.compactMap(\.string)
        snapshot.listed = Set((meta["listed"]?.array ?? []).compactMap(\.string))
        snapshot.forbidden = Set((meta["forbidden"]?.array ?? []).compactMap(\.string))
        if let version = meta["version"]?.int, version > 1 {
            snapshot.notes.append("meta.json says version \(version); version 1 is understood")
        }
    }

    private mutating func readUnits(_ folder: borrowing SafeFolder) {
        guard folder.names().contains("units.json"), let bytes = bytes(folder, "units.json", limit: 16 << 20) else { return }
        guard let units = (try? JSON(parsing: bytes))?.array else { note("units.json", "it is not a JSON list"); return }
        snapshot.units = units.compactMap(NodeUnit.init(json:))
        if snapshot.units.count < units.count {
            snapshot.notes.append(
                "\(units.count - snapshot.units.count) of \(units.count) units in units.json were left out: node, unit or activeState is missing"
            )
        }
    }

    private mutating func readList(_ folder: borrowing SafeFolder, _ name: String) {
        guard let bytes = bytes(folder, name, limit: SnapshotFolder.longestList) else { return }
        do {
            let head = try ListHead(parsing: bytes)
            guard head.isList else { return }
            if keepsObjects || head.kind == "List" || head.kind == "ReplicaSetList" || head.kind.isEmpty || head.hasNoItems {
                let objects = head.hasNoItems ? [try KubernetesObject(parsing: bytes)] : try KubernetesObjectList(parsing: bytes).items
                for object in objects { try snapshot.add(object) }
                if keepsObjects { self.objects += objects }
                files += 1
            } else if try snapshot.addList(kind: head.kind, bytes) {
                files += 1
            }
            // The plural in the name says that the kind was listed, where meta.json does not.
            if let type = ResourceType.of(
                apiVersion: head.apiVersion, kind: head.kind.hasSuffix("List") ? String(head.kind.dropLast(4)) : head.kind)
            {
                snapshot.listed.insert(type.plural)
            }
        } catch {
            note(name, "\(error)")
        }
    }

    private mutating func readLogs(_ folder: borrowing SafeFolder) {
        let namespaceOfPod = Dictionary(
            snapshot.pods.map { ($0.metadata.name, $0.metadata.namespace) }, uniquingKeysWith: { a, _ in a })
        let fallback = snapshot.namespaces?.count == 1 ? snapshot.namespaces?.first ?? "" : ""
        for name in folder.names() {
            guard let file = LogFileName(name), let bytes = bytes(folder, name, limit: SnapshotFolder.longestLog, keepsTail: true) else {
                continue
            }
            let key = KubernetesSnapshot.LogKey(
                namespace: namespaceOfPod[file.pod] ?? fallback, pod: file.pod, container: file.container, previous: file.previous)
            if let status = file.error {
                let message = (try? JSON(parsing: bytes))?["message"]?.string ?? ""
                if snapshot.logs[key] == nil { snapshot.logs[key] = .refused(status: status, message: message) }
            } else {
                snapshot.logs[key] = .text(bytes)
            }
        }
    }

    private mutating func finish() {
        snapshot.dropDuplicateEvents()
        if !hasTime {
            let times =
                snapshot.events.compactMap(\.lastSeen) + snapshot.nodes.flatMap { $0.status.conditions.compactMap(\.lastHeartbeatTime) }
                + snapshot.pods.compactMap(\.status.startTime)
            snapshot.time = times.max() ?? snapshot.time
            snapshot.notes.append("meta.json does not say when the snapshot was taken; its newest time is taken for now")
        }
    }

    private mutating func bytes(_ folder: borrowing SafeFolder, _ name: String, limit: Int, keepsTail: Bool = false) -> [UInt8]? {
        do {
            return try folder.read(name, limit: limit, keepsTail: keepsTail)
        } catch {
            switch error {
            case .notRegular: note(name, "it is not a regular file")
            case .tooLarge(let count): note(name, "it has \(count) bytes, more than the \(limit) that are read")
            case .unreadable(let why): note(name, why)
            }
            return nil
        }
    }

    private mutating func note(_ name: String, _ why: String) { snapshot.notes.append("\(name) was left out: \(why)") }
}

/// `kind` and `apiVersion` of a file, and whether it has items.
private struct ListHead: JSONReadable {
    var kind = ""
    var apiVersion = ""
    var hasNoItems = true
    var isList: Bool { !kind.isEmpty || !hasNoItems }

    init() {}

    mutating func read(from reader: inout JSONReader) throws(JSONError) {
        try reader.members { (r, key) throws(JSONError) in
            switch key {
            case "kind": kind = try r.text() ?? ""
            case "apiVersion": apiVersion = try r.text() ?? ""
            case "items": hasNoItems = false; try r.skip()
            default: try r.skip()
            }
        }
    }
}

/// `<pod>.<container>.log`, `.previous.log`, `….log.error-<status>.json`.
private struct LogFileName {
    let pod: String
    let container: String
    var previous = false
    var error: Int?

    init?(_ name: String) {
        var stem = name[...]
        if let range = stem.firstRange(of: ".log.error-"), stem.hasSuffix(".json") {
            error = Int(stem[range.upperBound...].dropLast(5))
            stem = stem[..<range.lowerBound]
        } else if stem.hasSuffix(".log") {
            stem = stem.dropLast(4)
        } else {
            return nil
        }
        if stem.hasSuffix(".previous") { previous = true; stem = stem.dropLast(9) }
        // A container's name holds no dot (RFC 1123 label), a pod's may: the last dot parts them.
        guard let dot = stem.lastIndex(of: "."), dot != stem.startIndex else { return nil }
        pod = String(stem[..<dot])
        container = String(stem[stem.index(after: dot)...])
    }
}
