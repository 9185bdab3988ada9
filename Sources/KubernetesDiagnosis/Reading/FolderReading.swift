import Core
import Kubernetes

/// One reading of a snapshot folder: what was found so far.
struct FolderReading {
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
        where name.hasSuffix(".json") && name != "meta.json" && !FolderReading.records.contains(name)
            && !SnapshotFolder.neverOpened.contains(name) && !name.hasPrefix("README")
        {
            readList(folder, name)
        }
        readRecords(folder)
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

    private mutating func readList(_ folder: borrowing SafeFolder, _ name: String) {
        guard let bytes = bytes(folder, name, limit: SnapshotFolder.longestList) else { return forget(name) }
        do {
            let head = try ListHead(parsing: bytes)
            guard head.isList else { return }
            if keepsObjects || head.kind == "List" || head.kind == "ReplicaSetList" || head.kind.isEmpty || head.hasNoItems {
                let objects = head.hasNoItems ? [try KubernetesObject(parsing: bytes)] : try KubernetesObjectList(parsing: bytes).items
                for object in objects {
                    try snapshot.add(object)
                    // Lists of kind `List`, as kubectl writes them, do not say what they are of.
                    if let type = ResourceType.of(apiVersion: object.apiVersion, kind: object.kind) {
                        snapshot.listed.insert(type.listedName)
                    }
                }
                if keepsObjects { self.objects += objects }
                files += 1
            } else if try snapshot.addList(kind: head.kind, apiVersion: head.apiVersion, bytes) {
                files += 1
            }
            noteListed(head, name)
        } catch {
            note(name, "\(error)")
            forget(name)
        }
    }

    /// What a file that could not be read lists is not known, whatever meta.json says: an absent object may have been in it.
    private mutating func forget(_ name: String) {
        let stem = String(name.dropLast(5))
        snapshot.listed.remove(ResourceType.named(stem)?.listedName ?? stem)
    }

    /// A typed list says what it is of, also when it is empty; of other lists only the name of the file does.
    private mutating func noteListed(_ head: ListHead, _ name: String) {
        let kind = head.kind.hasSuffix("List") ? String(head.kind.dropLast(4)) : head.kind
        let stem = String(name.dropLast(5))
        if let type = ResourceType.of(apiVersion: head.apiVersion, kind: kind) ?? (kind.isEmpty ? ResourceType.named(stem) : nil) {
            snapshot.listed.insert(type.listedName)
        } else if !kind.isEmpty {
            snapshot.listed.insert(stem)
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
        let nameless = snapshot.dropNameless()
        if nameless > 0 { snapshot.notes.append("objects without a name were left out: \(nameless)") }
        if !hasTime {
            let times =
                snapshot.events.compactMap(\.lastSeen) + snapshot.nodes.flatMap { $0.status.conditions.compactMap(\.lastHeartbeatTime) }
                + snapshot.pods.compactMap(\.status.startTime)
            snapshot.time = times.max() ?? snapshot.time
            snapshot.notes.append("meta.json does not say when the snapshot was taken; the newest time in it stands for the present")
        }
    }

    mutating func bytes(_ folder: borrowing SafeFolder, _ name: String, limit: Int, keepsTail: Bool = false) -> [UInt8]? {
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

    mutating func note(_ name: String, _ why: String) { snapshot.notes.append("\(name) was left out: \(why)") }
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
