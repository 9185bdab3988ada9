import ArgumentParser
import Core
import Foundation
import Twin

/// The share of recorded exchanges with a real API server that the twin answers alike.
struct TranscriptsAgreeBench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "twin-transcripts-agree")

    @Option(help: .hidden) var transcripts = (Invocation.environment("MARTLET_SHARED") ?? "../shared") + "/k8s-golden/api"

    func run() async throws {
        guard FileManager.default.fileExists(atPath: transcripts) else {
            FileHandle.standardError.write(
                Data("not measured: twin-transcripts-agree, there are no recorded exchanges in \(transcripts)\n".utf8))
            return
        }
        let replay = TranscriptReplay(try TranscriptFolder(path: transcripts))
        var summary = EvaluationSummary()
        var different: [String] = []
        for i in 0..<replay.count {
            let result = await replay.result(of: i)
            summary.add(result)
            if result.outcome == .differs { different.append(result.name) }
        }
        Figure(
            name: "twin-transcripts-agree", value: summary.share, unit: "share of exchanges",
            more: [
                "least": 0.97, "met": .bool(summary.share >= 0.97), "exchanges": JSON(summary.counted),
                "agree": JSON(summary.count(.agrees)),
                "unseeded": JSON(summary.count(.unseeded)), "different": JSON(different),
            ]
        ).print()
    }
}
