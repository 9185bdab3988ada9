package import Core
import Foundation

/// `checkpoints.jsonl`: one signed checkpoint a line, only ever appended to.
package struct CheckpointLog: Sendable {
    package let path: String

    package init(_ directory: StoreDirectory) { path = directory.checkpoints }
    package init(path: String) { self.path = path }

    /// Appends one, durably. A line that could be written only in part is taken back.
    func append(_ checkpoint: Checkpoint) throws(MartletError) {
        let isNew = access(path, F_OK) != 0
        let descriptor = open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw SystemFailure.error("write the checkpoint to", path) }
        defer { close(descriptor) }
        let end = lseek(descriptor, 0, SEEK_END)
        let failure = writeAll(checkpoint.json.canonical() + [0x0A], to: descriptor)
        guard failure == 0 else {
            ftruncate(descriptor, end)
            throw SystemFailure.error("write the checkpoint to", path, failure)
        }
        guard fsync(descriptor) == 0 else { throw SystemFailure.error("write the checkpoint to", path) }
        if isNew { syncDirectory((path as NSString).deletingLastPathComponent) }
    }

    /// Cuts off a last line without its end: a kill in the middle of an append. What it said is signed again.
    func repair() throws(MartletError) {
        let descriptor = open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW)
        if descriptor < 0 {
            if errno == ENOENT { return }
            throw SystemFailure.error("open", path)
        }
        defer { close(descriptor) }
        var end = lseek(descriptor, 0, SEEK_END)
        let whole = end
        var byte: UInt8 = 0
        while end > 0, pread(descriptor, &byte, 1, end - 1) == 1, byte != 0x0A { end -= 1 }
        if end < whole, ftruncate(descriptor, end) != 0 { throw SystemFailure.error("repair", path) }
    }

    /// The last one, without reading the others; nil when there is none that can be read.
    func last() -> Checkpoint? {
        guard let file = FileHandle(forReadingAtPath: path) else { return nil }
        defer { try? file.close() }
        guard let end = try? file.seekToEnd(), (try? file.seek(toOffset: end > 4096 ? end - 4096 : 0)) != nil,
            let tail = try? file.readToEnd(), let line = tail.split(separator: 0x0A).last, let json = try? JSON(parsing: Array(line))
        else { return nil }
        return Checkpoint(json: json)
    }

    /// All lines: the checkpoints, and the numbers (from 1) of the lines that are none. A last line without its end is left out.
    /// - Throws: `MartletError(.io)` when the file is there and cannot be read.
    package func read() throws(MartletError) -> (checkpoints: [Checkpoint], unreadable: [Int]) {
        guard access(path, F_OK) == 0 else { return ([], []) }
        guard let data = FileManager.default.contents(atPath: path) else { throw SystemFailure.error("read", path) }
        var (checkpoints, unreadable): ([Checkpoint], [Int]) = ([], [])
        var lines = data.split(separator: 0x0A, omittingEmptySubsequences: false)
        lines.removeLast()
        for (number, line) in lines.enumerated() {
            if let json = try? JSON(parsing: Array(line)), let checkpoint = Checkpoint(json: json) {
                checkpoints.append(checkpoint)
            } else {
                unreadable.append(number + 1)
            }
        }
        return (checkpoints, unreadable)
    }

    /// The checkpoints of a file that somebody kept elsewhere: one JSON document, or one a line.
    package static func kept(_ path: String) throws(MartletError) -> [Checkpoint] {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw MartletError(.notFound, "cannot read the checkpoint file \(path): \(SystemFailure.text(errno))")
        }
        let bytes = Array(data)
        if let json = try? JSON(parsing: bytes), let checkpoint = Checkpoint(json: json) { return [checkpoint] }
        let checkpoints = bytes.split(separator: 0x0A).compactMap { line in
            (try? JSON(parsing: Array(line))).flatMap(Checkpoint.init(json:))
        }
        guard !checkpoints.isEmpty else {
            throw MartletError(
                .invalid, "\(path) holds no checkpoint",
                fix: "give a file with lines of checkpoints.jsonl, or the checkpoint that an operation record shows")
        }
        return checkpoints
    }
}
