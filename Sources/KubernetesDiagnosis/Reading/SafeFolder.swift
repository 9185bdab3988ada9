import Foundation
import Core

/// Reads files of a folder that somebody else filled: regular files directly in it, no links, limited in size (INTERFACES 7).
struct SafeFolder: ~Copyable {
    private let descriptor: Int32

    /// Opens a folder; a link as its last component is followed only when the user named it.
    init?(_ path: String, followsLink: Bool = true) {
        descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC | (followsLink ? 0 : O_NOFOLLOW))
        if descriptor < 0 { return nil }
    }

    private init?(in parent: Int32, _ name: String) {
        descriptor = openat(parent, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW)
        if descriptor < 0 { return nil }
    }

    deinit { if descriptor >= 0 { close(descriptor) } }

    func folder(_ name: String) -> SafeFolder? { SafeFolder(in: descriptor, name) }

    /// Names of everything in the folder, sorted, without `.` and `..`.
    func names() -> [String] {
        let copy = openat(descriptor, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard copy >= 0 else { return [] }
        guard let stream = fdopendir(copy) else { close(copy); return [] }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: Int(NAME_MAX) + 1) { String(cString: $0) }
            }
            if name != ".", name != "..", !name.contains("/") { names.append(name) }
        }
        return names.sorted()
    }

    enum Failure: Error { case notRegular, tooLarge(Int), unreadable(String) }

    /// The content of a regular file. Of a file longer than `limit`, the last `limit` bytes where `keepsTail`, else an error.
    func read(_ name: String, limit: Int, keepsTail: Bool = false) throws(Failure) -> [UInt8] {
        let file = openat(descriptor, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
        guard file >= 0 else { throw .unreadable(errno == ELOOP ? "it is a link" : String(cString: strerror(errno))) }
        defer { close(file) }
        var status = stat()
        guard fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { throw .notRegular }
        var count = Int(status.st_size)
        if count > limit {
            guard keepsTail else { throw .tooLarge(count) }
            lseek(file, off_t(count - limit), SEEK_SET)
            count = limit
        }
        var failed = false
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            while filled < count, let base = buffer.baseAddress {
                let n = Foundation.read(file, base + filled, count - filled)
                if n < 0 { failed = true; break }
                if n == 0 { break }
                filled += n
            }
        }
        if failed { throw .unreadable(String(cString: strerror(errno))) }
        return bytes
    }
}
