import Core
import Crypto
import Foundation

/// The Ed25519 key of a store: 32 bytes in base64, in a file of mode 0600.
enum SigningKey {
    /// Reads the key, or makes it on the first start.
    static func load(_ directory: StoreDirectory) throws(MartletError) -> Curve25519.Signing.PrivateKey {
        let path = directory.key
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        if descriptor < 0 && errno == ENOENT { return try create(directory) }
        guard descriptor >= 0 else { throw SystemFailure.error("read the signing key", path) }
        defer { close(descriptor) }
        fchmod(descriptor, 0o600)
        var buffer = [UInt8](repeating: 0, count: 256)
        let count = read(descriptor, &buffer, buffer.count)
        let text = String(decoding: buffer.prefix(max(0, count)), as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
        guard let bytes = Data(base64Encoded: text), let key = try? Curve25519.Signing.PrivateKey(rawRepresentation: bytes) else {
            throw MartletError(
                .corrupt, "\(path) holds no Ed25519 key",
                fix: "restore it from a backup; or move it aside: a new key is made, and the journal says from where on it signs")
        }
        return key
    }

    /// Under another name first, so that a kill leaves a whole key or none.
    private static func create(_ directory: StoreDirectory) throws(MartletError) -> Curve25519.Signing.PrivateKey {
        let key = Curve25519.Signing.PrivateKey()
        let temporary = directory.key + ".new"
        unlink(temporary)
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw SystemFailure.error("write the signing key", temporary) }
        let failure = writeAll(Array((key.rawRepresentation.base64EncodedString() + "\n").utf8), to: descriptor)
        let synced = fsync(descriptor)
        let syncFailure = errno
        close(descriptor)
        guard failure == 0, synced == 0 else {
            unlink(temporary)
            throw SystemFailure.error("write the signing key", directory.key, failure != 0 ? failure : syncFailure)
        }
        guard rename(temporary, directory.key) == 0 else { throw SystemFailure.error("write the signing key", directory.key) }
        syncDirectory(directory.path)
        return key
    }
}
