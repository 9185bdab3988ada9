package import Core
import Synchronization

/// Ties a twin's virtual time to a real clock: `speed` virtual seconds a second.
package final class Pacer: Sendable {
    private struct Anchor {
        var real: Timestamp
        var virtual: Timestamp
        var speed: Double
    }

    private let real: any WallClock
    private let cluster: SimulatedCluster
    private let anchor: Mutex<Anchor>

    package init(_ cluster: SimulatedCluster, real: any WallClock, speed: Double) {
        self.real = real
        self.cluster = cluster
        anchor = Mutex(Anchor(real: real.now(), virtual: cluster.clock.now(), speed: speed))
    }

    package var speed: Double { anchor.withLock { $0.speed } }

    /// What the virtual clock should show now.
    package func due() -> Timestamp {
        let now = real.now()
        return anchor.withLock { $0.virtual + .seconds((now - $0.real).secondCount * $0.speed) }
    }

    /// Changes the speed from now on, without a jump of the virtual clock.
    package func change(speed: Double) async {
        let now = real.now()
        anchor.withLock { anchor in
            anchor.virtual = anchor.virtual + .seconds((now - anchor.real).secondCount * anchor.speed)
            anchor.real = now
            anchor.speed = speed
        }
        await cluster.set(speed: speed)
        await catchUp()
    }

    /// Goes on from where the virtual clock stands, after it was moved by hand.
    package func rebase() {
        let now = real.now()
        anchor.withLock { anchor in
            anchor.virtual = max(cluster.clock.now(), anchor.virtual)
            anchor.real = now
        }
    }

    /// Brings the cluster to where its clock should be. Called before each request, so that answers are never late.
    package func catchUp() async { await cluster.advance(to: due()) }

    /// Keeps the cluster going until cancelled, in steps of at most 20 ms of real time.
    package func run() async {
        while !Task.isCancelled {
            await catchUp()
            do { try await real.sleep(for: .milliseconds(20)) } catch { return }
        }
    }
}
