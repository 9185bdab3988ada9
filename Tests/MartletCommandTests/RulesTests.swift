import Core
import Testing

@testable import martlet

@Suite struct RulesCommandTests {
    @Test func everyRuleIsListedAndCanBeShown() async throws {
        let list = try await Program.run("rules", "list", "-o", "json")
        #expect(list.status == 0, "\(list.error)")
        let rules = try JSON(parsing: list.output)["rules"]?.array ?? []
        #expect(rules.count > 50)
        for name in ["memory-limit", "config-map-hygiene"] { #expect(rules.contains { $0["name"]?.string == name }) }
        let one = try await Program.run("rules", "show", "memory-limit")
        for word in ["oom-killed", "concludes", "contradicted", "https://kubernetes.io/"] {
            #expect(one.output.contains(word), "\(one.output)")
        }
    }

    @Test func aCategoryLeadsToItsRules() async throws {
        let outcome = try await Program.run("rules", "show", "permission-denied", "-o", "json")
        let names = try JSON(parsing: outcome.output)["rules"]?.array?.compactMap { $0["name"]?.string }
        #expect(names == ["file-access", "start-error"])
    }

    @Test func aSlipIsPutRight() async throws {
        let outcome = try await Program.run("rules", "show", "memory-limt")
        #expect(outcome.status == 1 && outcome.error.contains("memory-limit"))
    }
}
