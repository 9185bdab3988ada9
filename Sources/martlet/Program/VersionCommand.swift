import ArgumentParser
import Core

struct VersionCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "version", abstract: "Print the version.",
        discussion: """
            Examples:
              martlet version
              martlet version -o json
            """)

    @OptionGroup var output: OutputOptions

    func run() async throws {
        output.print(["version": .string(Version.number), "build": .string(Version.build), "platform": .string(Version.platform)]) { _ in
            ["martlet \(Version.number) (\(Version.build), \(Version.platform))"]
        }
    }
}

enum Version {
    static let number = "0.1.0"

    static var build: String {
        #if DEBUG
            "debug"
        #else
            "release"
        #endif
    }

    static var platform: String {
        #if os(Linux)
            let system = "linux"
        #else
            let system = "macos"
        #endif
        #if arch(arm64)
            return "\(system)/arm64"
        #else
            return "\(system)/amd64"
        #endif
    }
}
