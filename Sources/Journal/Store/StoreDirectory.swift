package import Core
import Foundation

/// `$MARTLET_HOME`: one directory of mode 0700 with everything that a store consists of.
package struct StoreDirectory: Sendable, Hashable {
    package let path: String

    package init(_ path: String) { self.path = path }

    package var database: String { path + "/journal.db" }
    package var checkpoints: String { path + "/checkpoints.jsonl" }
    package var key: String { path + "/key" }
    package var lock: String { path + "/lock" }

    /// Makes the directory, and what leads to it, where it is not there yet.
    package func create() throws(MartletError) {
        do {
            try FileManager.default.createDirectory(
                atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            throw MartletError(
                .io, "cannot create the store's directory \(path): \(reason(error))",
                fix: "make its parent writable, or set MARTLET_HOME to another directory")
        }
        var status = stat()
        guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else {
            throw MartletError(.io, "\(path) is no directory", fix: "set MARTLET_HOME to a directory")
        }
        // Someone else's eyes have no business here, whatever the umask was when it was made.
        if status.st_mode & 0o077 != 0 { chmod(path, 0o700) }
    }

    private func reason(_ error: any Error) -> String {
        let error = error as NSError
        let cause = error.userInfo[NSUnderlyingErrorKey] as? NSError ?? error
        return cause.domain == NSPOSIXErrorDomain ? SystemFailure.text(Int32(cause.code)) : error.localizedDescription
    }
}
