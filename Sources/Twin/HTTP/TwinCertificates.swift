package import Core
import Crypto
import Foundation
import SwiftASN1
import X509

/// A throw-away certificate authority and the server's certificate under it, for loopback only. Keys never leave the process.
package struct TwinCertificates: Sendable {
    /// PEM.
    package let authority: String
    package let certificate: String
    package let key: String

    /// - Parameter now: the machine's own time: clients check validity against theirs, not against the cluster's.
    /// - Throws: `MartletError` `.internalError` when the library refuses to sign.
    package init(now: Timestamp) throws(MartletError) {
        do {
            let from = Date(timeIntervalSince1970: (now - .seconds(3600)).seconds)
            let until = Date(timeIntervalSince1970: (now + .seconds(365 * 86_400)).seconds)
            let authorityKey = Certificate.PrivateKey(P256.Signing.PrivateKey())
            let authorityName = try DistinguishedName { CommonName("martlet-twin-ca") }
            let authority = try Certificate(
                version: .v3, serialNumber: .init(), publicKey: authorityKey.publicKey, notValidBefore: from, notValidAfter: until,
                issuer: authorityName, subject: authorityName, signatureAlgorithm: .ecdsaWithSHA256,
                extensions: Certificate.Extensions {
                    Critical(BasicConstraints.isCertificateAuthority(maxPathLength: 0))
                    Critical(KeyUsage(digitalSignature: true, keyCertSign: true))
                }, issuerPrivateKey: authorityKey)
            let serverKey = P256.Signing.PrivateKey()
            let server = try Certificate(
                version: .v3, serialNumber: .init(), publicKey: .init(serverKey.publicKey), notValidBefore: from, notValidAfter: until,
                issuer: authorityName, subject: DistinguishedName { CommonName("kube-apiserver") }, signatureAlgorithm: .ecdsaWithSHA256,
                extensions: Certificate.Extensions {
                    Critical(BasicConstraints.notCertificateAuthority)
                    Critical(KeyUsage(digitalSignature: true))
                    try ExtendedKeyUsage([.serverAuth])
                    SubjectAlternativeNames([
                        .dnsName("localhost"), .dnsName("kubernetes"), .dnsName("kubernetes.default"),
                        .ipAddress(ASN1OctetString(contentBytes: [127, 0, 0, 1])),
                    ])
                }, issuerPrivateKey: authorityKey)
            self.authority = try authority.serializeAsPEM().pemString
            certificate = try server.serializeAsPEM().pemString
            key = serverKey.pemRepresentation
        } catch {
            throw MartletError(.internalError, "cannot make the twin's certificates: \(error)")
        }
    }
}
