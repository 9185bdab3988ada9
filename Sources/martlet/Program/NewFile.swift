import Core
import Foundation

/// A file that appears under its name only when it is complete, readable by its owner only.
final class NewFile {
    private let path: String
    private let temporary: String
    private var descriptor: Int32

    /// - Throws: `io` when it cannot be made.
    init(_ path: String) throws(MartletError) {
        self.path = path
        temporary = "\(path).\(getpid()).new"
        descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw NewFile.failure(path) }
    }

    deinit {
        if descriptor >= 0 {
            close(descriptor)
            unlink(temporary)
        }
    }

    func write(_ bytes: [UInt8]) throws(MartletError) {
        var at = 0
        while at < bytes.count {
            let count = bytes.withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress.map { $0 + at }, bytes.count - at) }
            if count > 0 {
                at += count
            } else if errno != EINTR {
                throw NewFile.failure(path)
            }
        }
    }

    /// Puts it in its place.
    func finish() throws(MartletError) {
        guard fsync(descriptor) == 0, rename(temporary, path) == 0 else { throw NewFile.failure(path) }
        close(descriptor)
        descriptor = -1
    }

    private static func failure(_ path: String) -> MartletError {
        MartletError(.io, "\(path) cannot be written: \(String(cString: strerror(errno)))", fix: "choose another file, or make room")
    }
}
