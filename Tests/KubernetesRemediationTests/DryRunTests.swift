import Core
import Kubernetes
import Remediation
import Synchronization
import Testing

@Suite struct DryRuns {
    /// Answers the first dry runs with a conflict, as a server does whose controllers write the status meanwhile.
    private final class Restless: Transport {
        private let base: any Transport
        private let conflicts: Mutex<Int>

        init(_ base: any Transport, conflicts: Int) {
            self.base = base
            self.conflicts = Mutex(conflicts)
        }

        func send(_ call: HTTPCall) async throws -> HTTPAnswer {
            let isRestless =
                call.path.contains("dryRun=All")
                && conflicts.withLock { left in
                    left -= 1
                    return left >= 0
                }
            guard isRestless else { return try await base.send(call) }
            let status = #"{"kind":"Status","reason":"Conflict","code":409,"message":"the object has been modified"}"#
            return HTTPAnswer(status: 409, body: HTTPBody(Array(status.utf8)))
        }
    }

    @Test(arguments: [(1, Verdict.pass), (100, .inconclusive)])
    func aVersionThatMovedIsReadAgainSoOften(_ conflicts: Int, _ expected: Verdict) async throws {
        let shop = try await Shop()
        try await shop.create(Shop.deployment("checkout"), .deployments)
        await shop.advance(30)
        try await shop.release("checkout", Shop.container(["image": "registry.example.com/shop/checkout:2.0.0"]))
        await shop.advance(30)
        let engine = await shop.engine(transport: Restless(shop.client.transport, conflicts: conflicts))
        let incident = try await shop.incident("checkout", "rollout-stuck", facts: ["badRevision": 2, "goodRevision": 1])
        let plan = try #require(try await engine.propose(for: incident).first)
        #expect(plan.gates.first { $0.gate == .dryRun }?.verdict == expected)
    }
}
