import ArgumentParser
import Core
import Documents
import Twin

struct TwinInjectCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inject", abstract: "Make something go wrong in the running twin of the current kubeconfig.",
        discussion: """
            Prints the truth that a diagnosis must come to; martlet twin revert takes the fault back.

            Examples:
              martlet twin inject image-tag-not-found shop/Deployment/checkout
              martlet twin inject node-not-ready Node/worker-2 --for 5m
            """)

    @Argument(help: "What goes wrong: a name that martlet twin faults lists.", completion: .list(FaultRegistry.all.map(\.slug)))
    var fault: String
    @Argument(help: "To what: Kind/name, or namespace/Kind/name.")
    var target: String
    @Option(
        name: .customLong("for"),
        help: ArgumentHelp("After how long it ends, on the twin's clock (until it is reverted).", valueName: "time"))
    var time: String?
    @OptionGroup var truth: TruthOption
    @OptionGroup var twin: TwinClient
    @OptionGroup var output: OutputOptions

    func validate() throws {
        if let time, DurationText.parse(time) == nil { throw ValidationError("--for is a time such as 30s, 5m or 1h.") }
    }

    func run() async throws {
        var body: JSON = ["fault": .string(fault), "target": .string(target)]
        if let time = time.flatMap({ DurationText.parse($0) }) { body["for"] = .number(time.secondCount) }
        let answer = try await twin.call("POST", "faults", body)
        try truth.write(answer)
        output.print(answer) { [TwinFaultsCommand.line($0)] }
    }
}

struct TwinRevertCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "revert", abstract: "Take back a fault of the running twin.", discussion: "Example: martlet twin revert 1")

    @Argument(help: "The number that martlet twin inject printed.")
    var id: Int
    @OptionGroup var twin: TwinClient
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let answer = try await twin.call("DELETE", "faults/\(id)")
        output.print(answer) { ["taken back: " + TwinFaultsCommand.line($0)] }
    }
}

struct TwinFaultsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "faults", abstract: "What can go wrong in a twin; with --active, what is wrong in the running one.",
        discussion: "Example: martlet twin faults")

    @Flag(help: "Ask the twin of the current kubeconfig what is in effect.")
    var active = false
    @OptionGroup var twin: TwinClient
    @OptionGroup var output: OutputOptions

    func run() async throws {
        guard active else {
            let all: [JSON] = FaultRegistry.all.map {
                ["fault": .string($0.slug), "target": .string($0.target), "about": .string($0.about)]
            }
            return output.print(.array(all)) { _ in
                var table = TerminalTable("FAULT", "TARGET", "WHAT HAPPENS")
                for fault in FaultRegistry.all { table.add("\(fault.slug)", "\(fault.target)", "\(fault.about)") }
                return table.lines()
            }
        }
        let answer = try await twin.call("GET", "faults")
        output.print(answer["active"] ?? []) { ($0.array ?? []).map(Self.line) }
    }

    static func line(_ fault: JSON) -> String {
        let until = fault["until"]?.string.map { ", until \($0)" } ?? ""
        return "\(fault["id"]?.int ?? 0)  \(fault["category"]?.string ?? "") of \(fault["resource"]?.string ?? "")\(until)"
    }
}
