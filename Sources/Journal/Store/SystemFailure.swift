package import Core
import Foundation

/// What a failed system call says, for people.
package enum SystemFailure {
    static func text(_ code: Int32) -> String { String(cString: strerror(code)) }

    /// `cannot <doing> <path>: <why>`, and what to do about it. `code`: of the system, as in `errno`.
    package static func error(_ doing: String, _ path: String, _ code: Int32 = errno) -> MartletError {
        let fix: String? =
            switch code {
            case ENOSPC, EDQUOT: "make room on the device that holds it"
            case EACCES, EPERM: "make it readable and writable for the user that martlet runs as"
            case EROFS: "its device is mounted read-only: remount it, or set MARTLET_HOME to another directory"
            default: nil
            }
        return MartletError(.io, "cannot \(doing) \(path): \(text(code))", fix: fix)
    }
}

/// Writes all bytes to a descriptor; returns the error number, 0 when all were written.
func writeAll(_ bytes: [UInt8], to descriptor: Int32) -> Int32 {
    var written = 0
    while written < bytes.count {
        let count = bytes.withUnsafeBytes { write(descriptor, $0.baseAddress?.advanced(by: written), bytes.count - written) }
        if count < 0 {
            if errno == EINTR { continue }
            return errno
        }
        written += count
    }
    return 0
}

/// Makes the names in a directory durable.
package func syncDirectory(_ path: String) {
    let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    fsync(descriptor)
    close(descriptor)
}
