package import Core
import Foundation
import SwiftASN1
import X509

/// A Secret without its values: they are dropped while reading and never held (INTERFACES section 7). Of a certificate, which is public, it is kept how
/// long it is valid and for whom.
package struct Secret: KubernetesResource, Equatable {
    package static let type = ResourceType.secrets

    @Shared package var metadata: ObjectMeta
    package var kind = ""
    /// The names of the keys, sorted.
    package var keys: [String] = []
    /// Of a Secret of type `kubernetes.io/tls`; nil where its certificate cannot be read.
    package var certificate: CertificateTerm?

    package init() {}

    package mutating func read(from reader: inout JSONReader) throws(JSONError) {
        try reader.members { (r, key) throws(JSONError) in
            switch key {
            case "metadata": _metadata = try r.shared()
            case "type": kind = try r.text() ?? ""
            case "data":
                try r.members { (r, entry) throws(JSONError) in
                    let name = try r.name(entry)
                    keys.append(name)
                    if name == "tls.crt" { certificate = try r.text().flatMap(CertificateTerm.init(base64:)) } else { try r.skip() }
                }
            case "stringData": keys += try r.keys()
            default: try r.skip()
            }
        }
        keys = Set(keys).sorted()
        Secret.dropValues(in: &metadata)
    }

    /// kubectl keeps a copy of what was applied, values included, in an annotation, and others keep theirs in others.
    static func dropValues(in metadata: inout ObjectMeta) { metadata.annotations = [:] }

    /// The tree of a Secret with `value` under each of its keys, and nothing in which another could stand; where that is the empty text, the
    /// certificate of a TLS Secret stays.
    package static func withoutValues(_ secret: JSON, value: String = "") -> JSON {
        let keys = [secret["data"], secret["stringData"]].flatMap { $0?.object?.map(\.key) ?? [] }
        // A certificate is shown to whoever connects.
        let certificate = value.isEmpty && secret["type"]?.string == "kubernetes.io/tls" ? secret[at: "data", "tls.crt"] : nil
        var secret = secret
        secret["stringData"] = nil
        secret["data"] = keys.isEmpty ? nil : .object(JSONObject(keys.map { ($0, .string(value)) }))
        if let certificate { secret[at: "data", "tls.crt"] = certificate }
        secret[at: "metadata", "annotations"] = nil
        return secret
    }
}

/// How long a certificate is valid, and for which hosts.
package struct CertificateTerm: Sendable, Hashable {
    package var notBefore: Timestamp
    package var notAfter: Timestamp
    /// DNS names, sorted.
    package var hosts: [String]

    package init(notBefore: Timestamp, notAfter: Timestamp, hosts: [String] = []) {
        self.notBefore = notBefore
        self.notAfter = notAfter
        self.hosts = hosts
    }

    /// The first certificate of a PEM file in base64; nil where there is none.
    init?(base64 text: String) {
        guard text.utf8.count < 1 << 20, let data = Data(base64Encoded: text) else { return nil }
        let pem = String(decoding: data, as: UTF8.self)
        guard let begin = pem.range(of: "-----BEGIN CERTIFICATE-----"),
            let end = pem.range(of: "-----END CERTIFICATE-----", range: begin.upperBound..<pem.endIndex),
            let certificate = try? Certificate(pemEncoded: String(pem[begin.lowerBound..<end.upperBound]))
        else { return nil }
        notBefore = Timestamp(seconds: certificate.notValidBefore.timeIntervalSince1970)
        notAfter = Timestamp(seconds: certificate.notValidAfter.timeIntervalSince1970)
        let names = (try? certificate.extensions.subjectAlternativeNames) ?? nil
        hosts = (names.map(Array.init) ?? []).compactMap { if case .dnsName(let host) = $0 { host } else { nil } }.sorted()
    }
}
