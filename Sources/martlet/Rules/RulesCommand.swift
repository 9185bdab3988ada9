import ArgumentParser
import Core
import Documents
import KubernetesDiagnosis

/// What Martlet knows how to see.
struct RulesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rules", abstract: "List the rules of diagnosis, and what each looks at and concludes.",
        discussion: "Example: martlet rules show oom-killed",
        subcommands: [RulesListCommand.self, RulesShowCommand.self])
}

struct RulesListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List all rules.", discussion: "Example: martlet rules list -o json")

    @OptionGroup var output: OutputOptions

    func run() {
        output.print(["rules": .array(DescribedRule.all.map(\.json))]) { _ in
            var table = TerminalTable("NAME", "CONCLUDES")
            for rule in DescribedRule.all {
                let concludes = rule.isHygiene ? "hygiene" : rule.categories.isEmpty ? "symptoms" : rule.categories.joined(separator: ", ")
                table.add(.init(rule.name), .init(concludes))
            }
            return table.lines()
        }
    }
}

struct RulesShowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show what a rule needs to see, what it concludes, and what would contradict it.",
        discussion: """
            Examples:
              martlet rules show memory-limit
              martlet rules show oom-killed
            """)

    @OptionGroup var output: OutputOptions

    @Argument(help: ArgumentHelp("A rule, or a category that rules conclude.", valueName: "NAME"))
    var name: String

    func run() throws {
        let rules = DescribedRule.named(name)
        guard !rules.isEmpty else {
            let known = DescribedRule.all.flatMap { [$0.name] + $0.categories }
            throw MartletError(
                .notFound, "there is no rule \"\(name)\"\(Nearest.hint(name, among: known))", fix: "\(Invocation.name) rules list names all"
            )
        }
        output.print(["rules": .array(rules.map(\.json))]) { _ in
            Array(rules.map(RulesShowCommand.lines).joined(separator: [""]))
        }
    }

    private static func lines(_ rule: DescribedRule) -> [String] {
        var lines = [rule.name]
        func row(_ label: String, _ texts: [String]) {
            for (i, text) in texts.enumerated() {
                let head = i == 0 ? label : ""
                lines.append("  " + head + String(repeating: " ", count: max(1, 14 - head.count)) + text)
            }
        }
        row("categories", rule.categories)
        let documentation = rule.documentation
        row("concludes", [documentation.concludes])
        row("sees", documentation.sees)
        row("evidence", documentation.evidence)
        row("contradicted", documentation.contradictedBy)
        row("next", documentation.next)
        row("references", documentation.references)
        return lines
    }
}
