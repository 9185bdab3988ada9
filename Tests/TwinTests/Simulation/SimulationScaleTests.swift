import Core
import Foundation
import Kubernetes
import Testing

@testable import Twin

@Suite struct SimulationScaleTests {
    /// Starts `pods` on `nodes` through the controllers, and says how far it got.
    static func start(nodes: Int, pods: Int, perDeployment: Int) throws -> Int {
        var bench = Bench(nodes: nodes, options: SimulationOptions(), nodeCPU: "4")
        for i in 0..<(pods / perDeployment) { try bench.apply(yaml: Bench.deployment("app-\(i)", replicas: perDeployment)) }
        bench.run(30)
        return bench.pods().count { $0.condition("Ready")?["status"]?.string == "True" }
    }

    /// The figure of the plan, printed for who asks by `MARTLET_MEASURE=1`.
    @Test(.enabled(if: ProcessInfo.processInfo.environment["MARTLET_MEASURE"] == "1")) func aHundredNodes() throws {
        let clock = ContinuousClock()
        var started = 0
        let time = try clock.measure { started = try Self.start(nodes: 100, pods: 2000, perDeployment: 20) }
        print(
            "{\"figure\":\"twin-2000-pods\",\"pods\":\(started),\"seconds\":\(Double(time.components.seconds) + Double(time.components.attoseconds) / 1e18)}"
        )
    }

    @Test func allPodsStart() throws { #expect(try Self.start(nodes: 10, pods: 200, perDeployment: 20) == 200) }
}
