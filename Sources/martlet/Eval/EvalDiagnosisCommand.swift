import ArgumentParser
import Core
import Diagnosis
import Foundation
import KubernetesDiagnosis

struct EvalDiagnosisCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "diagnosis",
        abstract: "Diagnose recorded cases, and say how often that is right.",
        discussion: """
            Each sub-folder is a snapshot, and one line: {"case", "category", "resource", "confidence", "undecided", "ranking", "namespace",
            "incidents", "ms"}; a folder that cannot be read is {"case", "error"}, and makes the exit status 1. The last line counts; with --truth
            it holds the accuracy of the first and of the first three answers, by category too, how well the confidence agrees with it, the share
            that is undecided and the time. What is printed holds no text of a cluster but names.

            Example: martlet eval diagnosis --cases ./cases --truth
            """)

    @Option(help: ArgumentHelp("A folder whose sub-folders are snapshots.", valueName: "folder"))
    var cases: String

    @Flag(help: "Compare with the expected.json of each case.")
    var truth = false

    @OptionGroup var output: OutputOptions

    func run() throws {
        var score = DiagnosisScore()
        var hasFailed = false
        for name in try folders() {
            do {
                let path = "\(cases)/\(name)"
                let start = ContinuousClock.now
                let answer = DiagnosisAnswer(diagnose(try SnapshotFolder.read(path), hygiene: false))
                let took = (ContinuousClock.now - start).secondCount * 1000
                let expected = truth ? try EvalDiagnosisCommand.truth(in: path) : nil
                score.add(answer, truth: expected, milliseconds: took)
                var line = answer.json(case: name)
                line["ms"] = .number((took * 100).rounded() / 100)
                if let expected {
                    line["right"] = .bool(expected.isRight(answer, first: 1))
                    line["expected"] = expected.json
                }
                print(line)
            } catch {
                hasFailed = true
                score.addError()
                print(["case": .string(name), "error": .string((error as? MartletError)?.message ?? "\(error)")])
            }
        }
        print(score.json("diagnosis \(cases)"))
        if hasFailed { throw ExitCode.failure }
    }

    private func print(_ json: JSON) { output.printElement(json) { [$0.text()] } }

    /// The sub-folders that hold a JSON file, sorted: others are no snapshots, and passed over.
    private func folders() throws -> [String] {
        let files = FileManager.default
        guard let names = try? files.contentsOfDirectory(atPath: cases) else {
            throw MartletError(
                .notFound, "there is no readable folder at \(cases)", fix: "name one whose sub-folders are snapshots (--cases)")
        }
        let found = names.sorted().filter { name in
            (try? files.attributesOfItem(atPath: "\(cases)/\(name)"))?[.type] as? FileAttributeType == .typeDirectory
                && ((try? files.contentsOfDirectory(atPath: "\(cases)/\(name)")) ?? []).contains { $0.hasSuffix(".json") }
        }
        guard !found.isEmpty else {
            throw MartletError(
                .invalid, "no sub-folder of \(cases) is a snapshot",
                fix: "give the folder around the cases (--cases), each a folder with pods.json, deployments.json and the like")
        }
        return found
    }

    /// Nil where there is no `expected.json`.
    private static func truth(in folder: String) throws -> GroundTruth? {
        guard let data = FileManager.default.contents(atPath: "\(folder)/expected.json") else { return nil }
        guard let truth = try GroundTruth(json: JSON(parsing: Array(data))) else {
            throw MartletError(.invalid, "\(folder)/expected.json does not say its category", fix: "give it a category")
        }
        return truth
    }
}
