import Core
import Foundation

/// A value that stands in the configuration only by reference, and that prints as `***`.
package struct Secret: Sendable, Hashable, CustomStringConvertible, CustomDebugStringConvertible {
    /// As it was written: `${env:NAME}` or `${file:PATH}`.
    package let reference: String
    /// The value itself. Never log it.
    package let value: String

    package init(reference: String, value: String) {
        self.reference = reference
        self.value = value
    }

    package var description: String { "***" }
    package var debugDescription: String { "***" }
}

/// What a reference points to.
enum SecretReference: Equatable {
    case environment(String)
    case file(String)

    /// Nil when the text is no reference as a whole.
    init?(_ text: String) {
        guard text.hasPrefix("${"), text.hasSuffix("}") else { return nil }
        let inner = text.dropFirst(2).dropLast()
        if inner.hasPrefix("env:"), inner.count > 4 {
            self = .environment(String(inner.dropFirst(4)))
        } else if inner.hasPrefix("file:"), inner.count > 5 {
            self = .file(String(inner.dropFirst(5)))
        } else {
            return nil
        }
    }

    /// The value: a line end at the end of a file is not part of it. Files over 64 KiB are refused.
    func resolve(_ surroundings: ConfigurationSurroundings) throws(MartletError) -> String {
        switch self {
        case .environment(let name):
            guard let value = surroundings.environment[name], !value.isEmpty else {
                throw MartletError(.invalid, "the environment variable \(name) is not set", fix: "set it, or use ${file:PATH}")
            }
            return value
        case .file(let path):
            guard let bytes = surroundings.read(path), bytes.count <= 65_536 else {
                throw MartletError(.invalid, "the file \(path) cannot be read, or is larger than 64 KiB", fix: "check path and permissions")
            }
            var text = String(decoding: bytes, as: UTF8.self)
            while text.last == "\n" || text.last == "\r\n" { text.removeLast() }
            guard !text.isEmpty else { throw MartletError(.invalid, "the file \(path) is empty") }
            return text
        }
    }
}

/// What the configuration is read from: environment variables and files.
package struct ConfigurationSurroundings: Sendable {
    package var environment: [String: String]
    /// The bytes of a file, or nil where there is none that can be read.
    package var read: @Sendable (String) -> [UInt8]?

    package init(environment: [String: String], read: @escaping @Sendable (String) -> [UInt8]?) {
        self.environment = environment
        self.read = read
    }

    /// This process' own.
    package static var process: ConfigurationSurroundings {
        ConfigurationSurroundings(environment: ProcessInfo.processInfo.environment) { path in
            FileManager.default.contents(atPath: path).map(Array.init)
        }
    }
}
