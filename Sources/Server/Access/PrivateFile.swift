import Core
import Foundation
import Journal

/// Small files that only this user may read.
enum PrivateFile {
    struct Content {
        let bytes: [UInt8]
        /// Whether others on this machine may read it.
        let isOpenToOthers: Bool
    }

    private static let limit = 16 << 20

    /// The whole file; nil only when there is none: what is there and cannot be read must not be taken for nothing, and overwritten.
    static func read(_ path: String) throws(MartletError) -> Content? {
        let file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        if file < 0, errno == ENOENT { return nil }
        guard file >= 0 else { throw SystemFailure.error("read", path) }
        defer { close(file) }
        var status = stat()
        guard fstat(file, &status) == 0 else { throw SystemFailure.error("read", path) }
        guard status.st_mode & S_IFMT == S_IFREG, status.st_size <= limit else {
            throw MartletError(
                .corrupt, "\(path) is no file of Martlet's: \(status.st_mode & S_IFMT == S_IFREG ? "it is too large" : "no regular file")",
                fix: "move it aside")
        }
        var bytes = [UInt8](repeating: 0, count: Int(status.st_size))
        var count = 0
        while count < bytes.count {
            let more = bytes[count...].withUnsafeMutableBytes { Foundation.read(file, $0.baseAddress, $0.count) }
            if more < 0, errno == EINTR { continue }
            guard more >= 0 else { throw SystemFailure.error("read", path) }
            if more == 0 { break }
            count += more
        }
        return Content(bytes: Array(bytes.prefix(count)), isOpenToOthers: status.st_mode & 0o077 != 0)
    }

    /// Writes a whole file, mode 0600, so that a reader sees the old or the new content and a crash leaves one of them.
    static func write(_ bytes: [UInt8], to path: String) throws(MartletError) {
        let temporary = path + ".new"
        unlink(temporary)
        let file = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard file >= 0 else { throw SystemFailure.error("write", path) }
        var written = 0
        while written < bytes.count {
            let count = bytes[written...].withUnsafeBytes { Foundation.write(file, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else {
                let error = SystemFailure.error("write", path)
                close(file)
                throw error
            }
            written += count
        }
        guard fsync(file) == 0 else {
            let error = SystemFailure.error("write", path)
            close(file)
            throw error
        }
        close(file)
        guard rename(temporary, path) == 0 else { throw SystemFailure.error("write", path) }
        syncDirectory((path as NSString).deletingLastPathComponent)
    }
}
