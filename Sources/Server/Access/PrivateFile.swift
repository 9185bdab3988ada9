import Core
import Foundation

/// Files that only this user may read.
enum PrivateFile {
    /// Writes a whole file, mode 0600, so that a reader sees the old or the new content and a crash leaves one of them.
    static func write(_ bytes: [UInt8], to path: String) throws(MartletError) {
        func failed(_ what: String) -> MartletError {
            MartletError(.io, "\(path) cannot be written", details: ["\(what): \(String(cString: strerror(errno)))"])
        }
        let temporary = path + ".new"
        unlink(temporary)
        let file = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard file >= 0 else { throw failed("open") }
        var written = 0
        while written < bytes.count {
            let count = bytes[written...].withUnsafeBytes { Foundation.write(file, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else {
                let error = failed("write")
                close(file)
                throw error
            }
            written += count
        }
        guard fsync(file) == 0 else {
            let error = failed("fsync")
            close(file)
            throw error
        }
        close(file)
        guard rename(temporary, path) == 0 else { throw failed("rename") }
    }
}
