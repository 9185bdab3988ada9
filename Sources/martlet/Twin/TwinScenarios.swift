import ArgumentParser
import Core
import Twin

struct TwinScenariosCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "scenarios", abstract: "The scenarios that come with Martlet, and the format of your own.",
        discussion: """
            Examples:
              martlet twin scenarios
              martlet twin scenarios bad-release > mine.yaml
              martlet twin scenarios mine.yaml              reads it and says what is wrong
              martlet twin scenarios --schema > scenario.schema.json
            """)

    @Argument(help: "Print the file of this one; check a file of your own.", completion: .list(Scenario.builtInNames))
    var name: String?
    @Flag(help: "Print the JSON Schema of a scenario's file.")
    var schema = false
    @OptionGroup var output: OutputOptions

    func validate() throws {
        if schema, name != nil { throw ValidationError("--schema is of every scenario; leave the name out.") }
    }

    func run() async throws {
        if schema { return output.print(Scenario.schema) { [$0.text(pretty: true)] } }
        if let name {
            let scenario = try await Scenario.load(name)
            if scenario.name == name { return Terminal.printBytes(Array(Scenario.builtInText(name).utf8)) }
            let steps = scenario.steps.count
            return output.print(["file": .string(name), "valid": true, "steps": JSON(steps)]) { _ in
                ["\(name) is valid: \(steps) \(steps == 1 ? "step" : "steps")".terminalSafe]
            }
        }
        let all = try Scenario.builtIn()
        let list = all.map { scenario -> JSON in
            [
                "name": .string(scenario.name), "about": .string(scenario.about), "nodes": JSON(scenario.nodes),
                "namespace": .string(scenario.namespace), "truth": .array(scenario.truths.map(\.json)),
            ]
        }
        output.print(.array(list)) { _ in
            var table = TerminalTable("SCENARIO", "CATEGORY", "RESOURCE", "WHAT HAPPENS")
            for scenario in all {
                let truths = scenario.truths
                table.add(
                    "\(scenario.name)", "\(truths.map(\.category).joined(separator: ", "))",
                    "\(truths.map(\.resource).joined(separator: ", "))", "\(scenario.about)")
            }
            return table.lines()
        }
    }
}

/// `--truth FILE`: what a diagnosis must come to, for tests.
struct TruthOption: ParsableArguments {
    @Option(help: ArgumentHelp("Write what a diagnosis must come to into this file (JSON).", valueName: "file"))
    var truth: String?

    func write(_ document: JSON) throws(MartletError) {
        guard let truth else { return }
        let file = try NewFile(truth)
        try file.write(Array((document.text(pretty: true) + "\n").utf8))
        try file.finish()
    }
}
