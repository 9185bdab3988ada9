package import Core
import Synchronization

/// Ties a twin's virtual time to a real clock: `speed` virtual seconds a second, or, when that is infinite, as many as the machine can.
package final class Pacer: Sendable {
    private struct Anchor {
        var real: Timestamp
        var virtual: Timestamp
        var speed: Double

        /// Nil at full speed, when nothing is due at any given time.
        func due(at now: Timestamp) -> Timestamp? {
            speed.isFinite ? virtual + .seconds((now - real).secondCount * speed) : nil
        }
    }

    let real: any WallClock
    private let cluster: SimulatedCluster
    private let anchor: Mutex<Anchor>

    package init(_ cluster: SimulatedCluster, real: any WallClock, speed: Double) {
        self.real = real
        self.cluster = cluster
        anchor = Mutex(Anchor(real: real.now(), virtual: cluster.clock.now(), speed: speed))
    }

    package var speed: Double { anchor.withLock { $0.speed } }

    /// What the virtual clock should show now; at full speed, what it shows.
    package func due() -> Timestamp {
        let now = real.now()
        return anchor.withLock { $0.due(at: now) } ?? cluster.clock.now()
    }

    /// Changes the speed from now on, without a jump of the virtual clock.
    package func change(speed: Double) async {
        let now = real.now()
        let reached = cluster.clock.now()
        anchor.withLock { anchor in
            anchor = Anchor(real: now, virtual: anchor.due(at: now) ?? reached, speed: speed)
        }
        if speed.isFinite { await cluster.set(speed: speed) }
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

    /// Between two writes to one watch, of real time: what happens meanwhile is written at once. The first change after a quiet while does
    /// not wait, and a hundred watchers of hundreds of changes a second cost thousands of writes and not tens of thousands.
    func pauseBetweenWrites() async throws { try await real.sleep(for: .milliseconds(20)) }

    /// Keeps the cluster going until cancelled, in steps of at most 20 ms of real time.
    package func run() async {
        while !Task.isCancelled {
            if speed.isFinite {
                await catchUp()
                do { try await real.sleep(for: .milliseconds(20)) } catch { return }
            } else {
                await hurry()
            }
        }
    }

    /// A quarter of a second of ours at full speed; afterwards the cluster tells the speed that it had. Between two virtual seconds
    /// requests get their turn.
    private func hurry() async {
        let start = real.now(), virtual = cluster.clock.now()
        var took = Duration.zero
        repeat {
            await cluster.advance(by: .seconds(1))
            await Task.yield()
            took = real.now() - start
        } while took < .milliseconds(250) && !speed.isFinite && !Task.isCancelled
        guard !speed.isFinite, took > .zero else { return }
        await cluster.set(speed: ((cluster.clock.now() - virtual).secondCount / took.secondCount).rounded())
    }
}
