import ArgumentParser
import Core
import Foundation
import Journal

struct JournalCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "journal",
        abstract: "Verify the journal, or export it for others to verify.",
        discussion: """
            Both only read, also while a server runs.

            Examples:
              martlet journal verify
              martlet journal verify --checkpoint kept-elsewhere.json
              martlet journal export --file pack.jsonl && martlet journal verify pack.jsonl
            """,
        subcommands: [JournalVerify.self, JournalExportCommand.self])
}

/// The folder of the store.
struct StoreOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Folder of the store ($MARTLET_HOME).", valueName: "folder"))
    var home: String?

    var directory: StoreDirectory { StoreDirectory(home ?? Invocation.home) }
}

struct JournalVerify: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Check that nobody changed, removed, added or reordered an entry.",
        discussion: """
            The store alone shows what was changed within it. That it was not rewritten or cut as a whole is shown by a checkpoint that was kept
            elsewhere: one is printed in every operation record. Exit status 3 when something is wrong.

            Examples:
              martlet journal verify
              martlet journal verify --checkpoint kept-elsewhere.json
              martlet journal verify pack.jsonl
            """)

    @OptionGroup var store: StoreOptions
    @OptionGroup var output: OutputOptions
    @Option(help: ArgumentHelp("A checkpoint that was kept elsewhere.", valueName: "file"))
    var checkpoint: String?
    @Argument(help: ArgumentHelp("An exported pack instead of the store.", valueName: "pack"))
    var pack: String?

    func run() async throws {
        let kept = try checkpoint.map { try CheckpointLog.kept($0) } ?? []
        let result: JournalVerification
        if let pack {
            result = try JournalExport.verify(pack: pack, kept: kept)
        } else {
            let reader = try JournalReader(directory: store.directory)
            defer { reader.close() }
            result = try reader.verify(kept: kept)
        }
        output.print(result.json) { _ in [result.text] }
        if result.exitStatus != 0 { throw ExitCode(result.exitStatus) }
    }
}

struct JournalExportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export", abstract: "Write all entries and checkpoints as JSON Lines that can be verified without this store.",
        discussion: """
            Examples:
              martlet journal export --file pack.jsonl
              martlet journal export | gzip > pack.jsonl.gz
            """)

    @OptionGroup var store: StoreOptions
    @OptionGroup var output: OutputOptions
    @Option(name: [.short, .long], help: ArgumentHelp("File to write (standard output).", valueName: "file"))
    var file: String?

    func validate() throws {
        if file == nil, output.output == .yaml { throw ValidationError("A pack is JSON Lines: -o yaml is of what is said of a --file.") }
    }

    func run() async throws {
        let reader = try JournalReader(directory: store.directory)
        defer { reader.close() }
        guard let path = file else {
            try JournalExport.write(reader) { Terminal.printBytes($0) }
            return
        }
        let file = try NewFile(path)
        let count = try JournalExport.write(reader) { try file.write($0) }
        try file.finish()
        output.print(["file": .string(path), "entries": .integer(count)]) { _ in
            ["\(count) \(count == 1 ? "entry" : "entries") written to \(path)".terminalSafe]
        }
    }
}
