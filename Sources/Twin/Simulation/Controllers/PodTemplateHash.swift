import Core

/// The label value that tells the ReplicaSets of a Deployment apart.
///
/// The real one is a 32-bit FNV-1a over a print of Go structures, which cannot be had here; this is the same hash over the canonical JSON of
/// the template, written with the same alphabet (k8s.io/apimachinery/pkg/util/rand SafeEncodeString), so it looks the same and is as stable.
enum PodTemplateHash {
    static func of(_ template: JSON, collisions: Int) -> String {
        var hash: UInt32 = 2_166_136_261
        func mix(_ bytes: some Sequence<UInt8>) { for byte in bytes { hash = (hash ^ UInt32(byte)) &* 16_777_619 } }
        var template = template
        template["metadata"]?["creationTimestamp"] = nil
        mix(template.serialized(sortedKeys: true))
        if collisions > 0 { mix(String(collisions).utf8) }
        let alphabet = Array("bcdfghjklmnpqrstvwxz2456789".utf8)
        return String(decoding: String(hash).utf8.map { alphabet[Int($0) % alphabet.count] }, as: UTF8.self)
    }

    /// Whether two templates are the same but for the hash label (deploymentutil.EqualIgnoreHash).
    static func equal(_ a: JSON, _ b: JSON) -> Bool { stripped(a) == stripped(b) }

    static func stripped(_ template: JSON) -> JSON {
        var template = template
        template["metadata"]?["labels"]?["pod-template-hash"] = nil
        template["metadata"]?["creationTimestamp"] = nil
        if template["metadata"]?["labels"]?.object?.isEmpty == true { template["metadata"]?["labels"] = nil }
        if template["metadata"]?.object?.isEmpty == true { template["metadata"] = nil }
        return template
    }
}
