package import Core
import Foundation

/// The right to write a store, held by one process at a time: an advisory lock on the file `lock`, which the kernel gives back
/// however the process ends. The file says who holds it.
package final class StoreLock: Sendable {
    private let descriptor: Int32

    /// - Throws: `MartletError(.busy)` when another process holds the store.
    package init(_ directory: StoreDirectory) throws(MartletError) {
        // Close-on-exec: a child must not keep the store locked after its parent is gone.
        let descriptor = open(directory.lock, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw SystemFailure.error("open the lock", directory.lock) }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let code = errno
            defer { close(descriptor) }
            guard code == EWOULDBLOCK else { throw SystemFailure.error("lock", directory.lock, code) }
            let holder = StoreLock.holder(directory).map { "pid \($0)" } ?? "pid unknown"
            throw MartletError(
                .busy, "another martlet serve (\(holder)) holds \(directory.path)",
                fix: "speak to that one (its commands need no store), stop it, or set MARTLET_HOME to another directory")
        }
        ftruncate(descriptor, 0)
        _ = writeAll(Array("\(getpid())\n".utf8), to: descriptor)
        self.descriptor = descriptor
    }

    deinit { close(descriptor) }

    /// The process that holds the store, or held it last.
    package static func holder(_ directory: StoreDirectory) -> Int32? {
        guard let data = FileManager.default.contents(atPath: directory.lock), data.count < 32 else { return nil }
        return Int32(String(decoding: data, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines))
    }
}
