import Core
import Testing

@testable import Remediation

@Suite struct PolicyTests {
    @Test func eachClassOfRiskHasItsOwnAutonomy() {
        var policy = Policy(environment: "prod", autonomy: .suggest)
        policy.autonomyByRisk = [.low: .auto, .medium: .approve]
        #expect(policy.autonomy(for: .low) == .auto)
        #expect(policy.allowsActing(.medium))
        #expect(!policy.allowsActing(.high))
        #expect(policy.allowsActing && !policy.observesOnly)
    }

    @Test func beyondTheLimitOfAutoAPersonIsAsked() {
        let policy = Policy(environment: "prod", autonomy: .auto, autoUpTo: .low)
        #expect(policy.autonomy(for: .low) == .auto)
        #expect(policy.autonomy(for: .high) == .approve)
    }

    @Test func whatIsNotConfiguredOnlySuggests() {
        #expect(!Policy.unconfigured("prod").allowsActing)
        #expect(!Policy.unconfigured("prod").observesOnly)
    }
}
