package import Core
import Crypto
import Foundation
import SwiftASN1
import X509

/// A throw-away certificate authority, the server's certificate under it, and the administrator's, for loopback only. The keys of
/// authority and server never leave the process.
package struct TwinCertificates: Sendable {
    /// PEM.
    package let authority: String
    package let certificate: String
    package let key: String
    /// PEM of the client certificate that makes its holder the administrator, and of its key.
    package let administrator: (certificate: String, key: String)
    private let root: Certificate

    /// - Parameters:
    ///   - now: the machine's own time: clients check validity against theirs, not against the cluster's.
    ///   - name: the authority's common name.
    /// - Throws: `MartletError` `.internalError` when the library refuses to sign.
    package init(now: Timestamp, name: String = "martlet-twin-ca") throws(MartletError) {
        do {
            let from = Date(timeIntervalSince1970: (now - .seconds(3600)).seconds)
            let until = Date(timeIntervalSince1970: (now + .seconds(365 * 86_400)).seconds)
            let authorityKey = Certificate.PrivateKey(P256.Signing.PrivateKey())
            let authorityName = try DistinguishedName { CommonName(name) }
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
            // Name and groups of a user are the common name and the organizations (kubernetes.io "Authenticating": X.509 client certificates).
            let clientKey = P256.Signing.PrivateKey()
            let client = try Certificate(
                version: .v3, serialNumber: .init(), publicKey: .init(clientKey.publicKey), notValidBefore: from, notValidAfter: until,
                issuer: authorityName,
                subject: DistinguishedName {
                    OrganizationName("system:masters")
                    CommonName(UserInfo.administrator.name)
                }, signatureAlgorithm: .ecdsaWithSHA256,
                extensions: Certificate.Extensions {
                    Critical(BasicConstraints.notCertificateAuthority)
                    Critical(KeyUsage(digitalSignature: true))
                    try ExtendedKeyUsage([.clientAuth])
                }, issuerPrivateKey: authorityKey)
            root = authority
            administrator = (try client.serializeAsPEM().pemString, clientKey.pemRepresentation)
            self.authority = try authority.serializeAsPEM().pemString
            certificate = try server.serializeAsPEM().pemString
            key = serverKey.pemRepresentation
        } catch {
            throw MartletError(.internalError, "cannot make the twin's certificates: \(error)")
        }
    }

    /// Whom a client's certificate (DER) names, when the authority signed it and it is valid at `now`, the machine's own time; else nil.
    func user(certificate der: [UInt8], now: Timestamp) -> UserInfo? {
        let date = Date(timeIntervalSince1970: now.seconds)
        guard let certificate = try? Certificate(derEncoded: der), root.publicKey.isValidSignature(certificate.signature, for: certificate),
            certificate.notValidBefore <= date, date <= certificate.notValidAfter,
            (try? certificate.extensions.extendedKeyUsage)?.contains(.clientAuth) == true
        else { return nil }
        func values(_ type: ASN1ObjectIdentifier) -> [String] {
            certificate.subject.flatMap { $0 }.filter { $0.type == type }.compactMap { String($0.value) }
        }
        guard let name = values(ASN1ObjectIdentifier.RDNAttributeType.commonName).first else { return nil }
        return UserInfo(
            name: name, groups: values(ASN1ObjectIdentifier.RDNAttributeType.organizationName) + ["system:authenticated"],
            credential: "X509SHA256=" + Digest.sha256Hex(der))
    }
}
