package import Core
package import Kubernetes

/// What was read of a cluster, to be written as a snapshot folder (SNAPSHOT.md).
package struct SavedCluster: Sendable {
    package var time: Timestamp
    package var cluster: String
    /// Nil: all.
    package var namespaces: [String]?
    /// Names of kinds, as `meta.json` lists them.
    package var listed: Set<String> = []
    package var forbidden: Set<String> = []
    /// The objects by the names of their files, without `.json`.
    package var lists: [String: [KubernetesObject]] = [:]
    package var logs: [KubernetesSnapshot.LogKey: KubernetesSnapshot.Log] = [:]
    /// What could not be read, one sentence each; not written.
    package var notes: [String] = []

    package init(time: Timestamp, cluster: String) {
        self.time = time
        self.cluster = cluster
    }

    /// The files of the folder by their paths in it, in order. The same cluster under the same key gives the same bytes.
    ///
    /// - Parameters:
    ///   - key: secrets in text and objects become `<redacted:HMAC8>` under it.
    ///   - masks: names become stand-ins, too.
    package func files(key: [UInt8], names: SensitiveNames = .standard, masks: Bool = false) -> [(path: String, bytes: [UInt8])] {
        var redactor = Redactor(.keyed(key), names: names)
        let mask = masks ? IdentifierMask(lists.keys.sorted().flatMap { lists[$0] ?? [] }, key: key) : nil
        func masked(_ text: String) -> String { mask?.text(text) ?? text }
        var files: [(path: String, bytes: [UInt8])] = [("meta.json", meta(mask).text(pretty: true).bytes)]
        for name in lists.keys.sorted() {
            let objects = (lists[name] ?? []).sorted { $0.metadata.place < $1.metadata.place }
            guard let first = objects.first else { continue }
            // One object a line, so that two snapshots can be compared.
            let items = objects.compactMap { object -> String? in
                guard let json = try? object.json() else { return nil }
                let redacted = redactor.json(json)
                return (mask?.json(redacted) ?? redacted).text()
            }
            let head =
                "{\"kind\":\(JSON.string(first.kind + "List").text()),\"apiVersion\":\(JSON.string(first.apiVersion).text()),\"items\":["
            files.append(("\(name).json", (head + "\n" + items.joined(separator: ",\n") + "\n]}").bytes))
        }
        var seen: Set<String> = []
        for key in logs.keys.sorted() {
            guard let log = logs[key] else { continue }
            let stem = "logs/\(masked(key.pod)).\(masked(key.container))\(key.previous ? ".previous" : "").log"
            // The format names no namespace: of two pods of one name, the first is written.
            guard seen.insert(stem).inserted else { continue }
            switch log {
            case .text(let bytes): files.append((stem, masked(redactor.text(String(decoding: bytes, as: UTF8.self))).bytesAsTheyAre))
            case .refused(let status, let message):
                let answer: JSON = ["code": JSON(status), "message": .string(masked(redactor.text(message)))]
                files.append(("\(stem).error-\(status).json", answer.text().bytes))
            }
        }
        return files
    }

    private func meta(_ mask: IdentifierMask?) -> JSON {
        var meta: JSON = [
            "version": 1, "time": .string(time.rfc3339()), "cluster": .string(cluster), "listed": JSON(listed.sorted()),
            "platforms": ["kubernetes"],
        ]
        if let namespaces { meta["namespaces"] = JSON(namespaces.sorted().map { mask?.text($0) ?? $0 }) }
        if !forbidden.isEmpty { meta["forbidden"] = JSON(forbidden.sorted()) }
        return meta
    }
}

extension String {
    fileprivate var bytesAsTheyAre: [UInt8] { Array(utf8) }
    /// With a line feed at the end.
    fileprivate var bytes: [UInt8] { Array(utf8) + [0x0A] }
}
