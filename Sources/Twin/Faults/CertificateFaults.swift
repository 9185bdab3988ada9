import Core
import Crypto
import Foundation
import Kubernetes
import SwiftASN1
import X509

/// Certificates that are not valid any more.
enum CertificateFaults {
    static let all: [Fault] = [
        Fault("certificate-expired", "the certificate in its TLS Secret ran out yesterday", on: "Ingress/NAME") {
            (target, scene) throws(MartletError) in
            guard target.kind == "Ingress" else {
                throw MartletError(.usage, "this fault cannot be done to a \(target.kind)", fix: "name an Ingress")
            }
            let key = ObjectKey(type: .ingresses, namespace: target.namespace ?? "default", name: target.name)
            guard let spec = scene.store.get(key)?["spec"] else { throw FaultScene.missing(key) }
            let host = spec["rules"]?.array?.first?["host"]?.string ?? "\(key.name).example.com"
            let name = spec["tls"]?.array?.first?["secretName"]?.string ?? "\(key.name)-tls"
            let secret = ObjectKey(type: .secrets, namespace: key.namespace, name: name)
            let data = try expired(host, scene.now)
            if scene.store.get(secret) != nil {
                try scene.set(["data"], to: data, of: secret)
            } else {
                try scene.make(
                    ["metadata": ["name": .string(name)], "type": "kubernetes.io/tls", "data": data], .secrets, in: key.namespace)
            }
            if spec["tls"] == nil {
                try scene.set(["spec", "tls"], to: [["hosts": [.string(host)], "secretName": .string(name)]], of: key)
            }
            scene.blamed = "Secret/\(name)"
        }
    ]

    /// The data of a TLS Secret whose certificate was valid for 90 days, until a day ago. Its key follows from the host, so that one story
    /// gives the same bytes each time.
    private static func expired(_ host: String, _ now: Timestamp) throws(MartletError) -> JSON {
        do {
            let key = try Curve25519.Signing.PrivateKey(rawRepresentation: SHA256.hash(data: Data("martlet twin \(host)".utf8)))
            let name = try DistinguishedName { CommonName(host) }
            let until = Date(timeIntervalSince1970: (now - .seconds(86_400)).seconds)
            let certificate = try Certificate(
                version: .v3, serialNumber: Certificate.SerialNumber(bytes: Array(SHA256.hash(data: Data(host.utf8)).prefix(8))),
                publicKey: Certificate.PublicKey(key.publicKey), notValidBefore: until - 90 * 86_400, notValidAfter: until, issuer: name,
                subject: name, signatureAlgorithm: .ed25519,
                extensions: Certificate.Extensions {
                    Critical(BasicConstraints.notCertificateAuthority)
                    SubjectAlternativeNames([.dnsName(host)])
                }, issuerPrivateKey: Certificate.PrivateKey(key))
            func encoded(_ pem: PEMDocument) -> JSON { .string(Data(pem.pemString.utf8).base64EncodedString()) }
            return [
                "tls.crt": encoded(try certificate.serializeAsPEM()), "tls.key": encoded(try Certificate.PrivateKey(key).serializeAsPEM()),
            ]
        } catch {
            throw MartletError(.internalError, "cannot make a certificate for \(host): \(error)")
        }
    }
}
