import ArgumentParser
import Core
import Foundation
import Kubernetes
import KubernetesDiagnosis
import Server

/// Snapshot folders of clusters.
struct SnapshotCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "snapshot", abstract: "Keep a cluster as it is now in a folder.",
        discussion: "Example: martlet snapshot save ./incident-42", subcommands: [SnapshotSaveCommand.self])
}

struct SnapshotSaveCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "save",
        abstract: "Write what can be read of a cluster to a new folder, without secrets.",
        discussion: """
            The folder can be diagnosed anywhere, and a twin can start from it. Secrets are not asked for; values that are secret by their name
            or shape become <redacted:…>, the same for the same value. With --mask, the names of namespaces, nodes and of everything in a
            namespace become stand-ins; names of images and label values that are no such names stay.

            Examples:
              martlet snapshot save ./incident-42
              martlet snapshot save ./for-support -n shop --mask
              martlet diagnose --snapshot ./incident-42
            """)

    @OptionGroup var cluster: ClusterOptions
    @OptionGroup var configuration: ConfigurationOptions
    @OptionGroup var output: OutputOptions

    @Option(name: .shortAndLong, help: "Only these namespaces, and what belongs to none (all).")
    var namespace: [String] = []

    @Flag(help: "Put stand-ins in the place of names.")
    var mask = false

    @Argument(help: ArgumentHelp("The folder to write; it must not exist, or be empty.", valueName: "folder"), completion: .directory)
    var folder: String

    func run() async throws {
        let names = try configuration.load().redaction.sensitiveNames
        try prepare()
        let connection = try cluster.connection()
        let client = try KubernetesClient(connection)
        let collector = SnapshotCollector(client: client, cluster: mask ? "cluster" : connection.contextName ?? "cluster")
        let saved = try await Progress.show("reading \(client.server.url)") {
            try await collector.save(namespaces: namespace.isEmpty ? nil : namespace)
        }
        // Known to nobody: whoever has the folder cannot try values against what stands for them.
        var generator = SystemRandomNumberGenerator()
        let key = (0..<32).map { _ in UInt8.random(in: 0...255, using: &generator) }
        let files = saved.files(key: key, names: names, masks: mask)
        for (path, bytes) in files {
            let file = try NewFile("\(folder)/\(path)")
            try file.write(bytes)
            try file.finish()
        }
        let objects = saved.lists.values.reduce(0) { $0 + $1.count }
        let written: JSON = [
            "folder": .string(folder), "time": .string(saved.time.rfc3339()), "objects": JSON(objects), "logs": JSON(saved.logs.count),
            "forbidden": JSON(saved.forbidden.sorted()), "notes": JSON(saved.notes),
        ]
        output.print(written) { _ in
            var lines = saved.notes.map { "note: \($0.terminalSafe)" }
            if !saved.forbidden.isEmpty {
                lines.append("note: not allowed to list \(saved.forbidden.sorted().joined(separator: ", ").terminalSafe)")
            }
            return lines + ["wrote \(objects) objects and \(saved.logs.count) logs to \(folder) as of \(saved.time.rfc3339())"]
        }
    }

    private func prepare() throws {
        let files = FileManager.default
        if let present = try? files.contentsOfDirectory(atPath: folder), !present.isEmpty {
            throw MartletError(.conflict, "\(folder) is not empty", fix: "name a new folder: a snapshot is one moment of one cluster")
        }
        do {
            try files.createDirectory(
                atPath: "\(folder)/logs", withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            throw MartletError(.io, "\(folder) cannot be made: \(error.localizedDescription)", fix: "choose another folder, or make room")
        }
    }
}
