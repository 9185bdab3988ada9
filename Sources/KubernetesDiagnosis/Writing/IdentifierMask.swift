package import Core
package import Kubernetes

/// Puts stand-ins in the place of names: of namespaces, nodes and everything in a namespace that is not the cluster's own.
///
/// A name is replaced wherever it stands as a whole word, a part of a host name, or the beginning of a longer name (a pod's); what merely holds
/// its letters is left alone. The same name has the same stand-in under one key, so that references still lead where they led.
package struct IdentifierMask: Sendable {
    private var standIns: [String: String] = [:]
    private let key: [UInt8]

    /// Every cluster has these.
    private static let common: Set<String> = [
        "default", "kube-system", "kube-public", "kube-node-lease", "kubernetes", "kube-root-ca.crt", "kube-dns", "coredns",
    ]
    /// Members whose values are words of the API.
    private static let words: Set<String> = [
        "apiVersion", "kind", "type", "status", "reason", "phase", "protocol", "uid", "resourceVersion", "operator", "effect", "fieldPath",
    ]

    package init(_ objects: [KubernetesObject], key: [UInt8]) {
        self.key = key
        for object in objects {
            let metadata = object.metadata
            if !metadata.namespace.isEmpty { add(metadata.namespace) }
            if object.kind == "Node" || object.kind == "Namespace" || object.kind == "PersistentVolume" || isOwn(metadata) {
                add(metadata.name)
            }
            // Nodes may be named and not be read.
            if object.kind == "Pod", let node = (try? object.read(as: Pod.self))?.spec.nodeName { add(node) }
        }
    }

    private func isOwn(_ metadata: ObjectMeta) -> Bool { !metadata.namespace.isEmpty && !metadata.namespace.hasPrefix("kube-") }

    private mutating func add(_ name: String) {
        guard !name.isEmpty, !IdentifierMask.common.contains(name), standIns[name] == nil else { return }
        standIns[name] = "id-\(Digest.hmacHex(Array(name.utf8), key: key).prefix(8))"
    }

    /// The text with every name in it replaced. Linear in its length, times the parts of its longest word.
    package func text(_ text: String) -> String {
        var out: [UInt8] = []
        var word: [UInt8] = []
        func isPart(_ byte: UInt8) -> Bool {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
                UInt8(ascii: "-"), UInt8(ascii: "."):
                true
            default: false
            }
        }
        func flush() {
            if !word.isEmpty { out += masked(String(decoding: word, as: UTF8.self)).utf8 }
            word = []
        }
        for byte in text.utf8 {
            if isPart(byte) { word.append(byte); continue }
            flush()
            out.append(byte)
        }
        flush()
        return String(decoding: out, as: UTF8.self)
    }

    /// A word of letters, digits, dots and hyphens.
    private func masked(_ word: String) -> String {
        if let standIn = standIns[word] { return standIn }
        let parts = word.split(separator: ".", omittingEmptySubsequences: false)
        if parts.count > 1 { return parts.map { masked(String($0)) }.joined(separator: ".") }
        // A pod's name begins with that of what made it.
        var end = word.lastIndex(of: "-")
        while let dash = end {
            if let standIn = standIns[String(word[..<dash])] { return standIn + word[dash...] }
            end = word[..<dash].lastIndex(of: "-")
        }
        return word
    }

    /// The tree with every name in its values replaced; keys, and what are words of the API, stay.
    package func json(_ json: JSON) -> JSON {
        switch json {
        case .string(let value): return .string(text(value))
        case .array(let elements): return .array(elements.map { self.json($0) })
        case .object(let members):
            return .object(
                JSONObject(
                    members.map { key, value in
                        if IdentifierMask.words.contains(key), value.string != nil { return (key, value) }
                        return (key, self.json(value))
                    }))
        default: return json
        }
    }
}
