import ArgumentParser
import Core
import Twin

struct TranscriptsEvaluation: TwinEvaluation {
    @Option(help: ArgumentHelp("Recorded exchanges with a real API server (*.http).", valueName: "dir"))
    var transcripts: String?

    var chosen: String? { transcripts.map { "transcripts " + $0 } }

    func run(_ report: (EvaluationCase) -> Void) async throws {
        guard let path = transcripts else { return }
        let folder = try TranscriptFolder(path: path)
        for name in folder.unreadable { Terminal.printToError("\(name).http is no recorded exchange") }
        let replay = TranscriptReplay(folder)
        for i in 0..<replay.count { report(await replay.result(of: i)) }
    }
}
