import ArgumentParser
import Core
import Foundation
import Server

struct ConfigCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "config",
        abstract: "Check, show and explain the configuration.",
        discussion: """
            The file is --config, else $MARTLET_CONFIG, else ~/.config/martlet/martlet.yaml, else /etc/martlet/martlet.yaml; none is needed.

            Examples:
              martlet config check
              martlet config show --config martlet.yaml
              martlet config schema > martlet.schema.json
            """,
        subcommands: [ConfigCheck.self, ConfigShow.self, ConfigSchema.self, ConfigMigrate.self])
}

/// Which file, for every command that reads the configuration.
struct ConfigurationOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Configuration file.", valueName: "file"))
    var config: String?

    func load() throws(MartletError) -> Configuration { try Configuration.load(option: config) }
}

struct ConfigCheck: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check", abstract: "Read the configuration and say what is wrong with it, with line and column.",
        discussion: "Example: martlet config check --config martlet.yaml")

    @OptionGroup var configuration: ConfigurationOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let loaded = try configuration.load()
        output.print(["file": JSON(loaded.file), "valid": true]) { _ in
            guard let file = loaded.file else { return ["there is no configuration file; the defaults hold"] }
            let clusters = loaded.clusters.count
            return ["\(file) is valid: \(clusters) \(clusters == 1 ? "cluster" : "clusters")".terminalSafe]
        }
    }
}

struct ConfigShow: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Print what holds, defaults included and secrets masked, as YAML or JSON.",
        discussion: """
            Examples:
              martlet config show
              martlet config show --config martlet.yaml -o json
            """)

    @OptionGroup var configuration: ConfigurationOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let loaded = try configuration.load()
        output.print(loaded.shown) { document in
            [loaded.file.map { "# from \($0)".terminalSafe } ?? "# no file; these are the defaults", document.yaml.escapedForTerminal]
        }
    }
}

struct ConfigSchema: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "schema", abstract: "Print the JSON Schema of the configuration file.",
        discussion: "Example: martlet config schema > martlet.schema.json")

    @OptionGroup var output: OutputOptions

    func run() async throws { output.print(Configuration.schema) { [$0.text(pretty: true)] } }
}

struct ConfigMigrate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "migrate", abstract: "Bring a configuration file of an older version up to date.",
        discussion: "Example: martlet config migrate --config martlet.yaml")

    @OptionGroup var configuration: ConfigurationOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        // Only version 1 is ever read, so that a file that loads is of the newest version.
        let loaded = try configuration.load()
        let text = try Configuration.migration(of: 1)
        output.print(["file": JSON(loaded.file), "version": 1, "changed": false]) { _ in
            [loaded.file.map { "\($0): \(text)".terminalSafe } ?? "there is no configuration file"]
        }
    }
}
