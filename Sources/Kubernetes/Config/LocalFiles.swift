package import Core
import Foundation

/// Reads the small files that a kubeconfig names. A value, so that tests can bring their own.
package struct LocalFiles: Sendable {
    private let reader: @Sendable (_ path: String) throws -> [UInt8]?

    /// `read` gives the content of a file, or nil when there is none.
    package init(read: @escaping @Sendable (_ path: String) throws -> [UInt8]?) { reader = read }

    /// The content of a file, or nil when there is none; throws when it cannot be read.
    package func read(_ path: String) throws(MartletError) -> [UInt8]? {
        do { return try reader(path) } catch let error as MartletError { throw error } catch {
            throw MartletError(.io, "\(path) cannot be read: \(error)")
        }
    }

    /// No file that a kubeconfig names is larger.
    package static let limit = 8 << 20

    /// The machine's own files.
    package static let system = LocalFiles { path in
        guard let file = fopen(path, "rb") else {
            if errno == ENOENT || errno == ENOTDIR { return nil }
            throw MartletError(
                .io, "\(path) cannot be read: \(String(cString: strerror(errno)))", fix: "check the file and its permissions")
        }
        defer { fclose(file) }
        var content: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 64 << 10)
        while true {
            let count = fread(&buffer, 1, buffer.count, file)
            content += buffer[..<count]
            if content.count > limit { throw MartletError(.io, "\(path) is larger than \(limit >> 20) MiB") }
            if count < buffer.count { break }
        }
        if ferror(file) != 0 { throw MartletError(.io, "\(path) cannot be read", details: ["is it a folder?"], fix: "name a file") }
        return content
    }

    /// A file that must be there; `what` says in the error what it is for.
    func require(_ path: String, _ what: String) throws(MartletError) -> [UInt8] {
        guard let content = try read(path) else {
            throw MartletError(.notFound, "\(what): \(path) does not exist", fix: "correct the path, or put the file there")
        }
        return content
    }
}
