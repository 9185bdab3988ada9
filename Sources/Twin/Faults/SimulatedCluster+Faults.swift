package import Core
import Documents

extension SimulatedCluster {
    /// Makes a fault happen now; it ends after `time`, or when it is taken back.
    package func inject(_ slug: String, target: String, for time: Duration? = nil) throws(MartletError) -> InjectedFault {
        try inject(slug, at: try FaultTarget(target), for: time)
    }

    /// - Parameter truth: what a diagnosis must come to, where that is not the fault itself.
    func inject(
        _ slug: String, at target: FaultTarget, for time: Duration?, truth: Scenario.Truth? = nil
    ) throws(MartletError) -> InjectedFault {
        guard let fault = FaultRegistry.fault(slug) else {
            let near = Nearest.hint(slug, among: FaultRegistry.all.map(\.slug))
            throw MartletError(.notFound, "there is no fault \(slug)\(near)", fix: "martlet twin faults lists them")
        }
        let own = Scenario.Truth(category: slug, resource: target.description)
        return try begin(truth ?? own, for: time) { (scene) throws(MartletError) in
            try fault.begin(target, &scene)
            return truth == nil ? scene.blamed : nil
        }
    }

    /// Makes a change that is taken back after `time`, or by hand. `change` tells whom to blame where that is not whom `truth` names.
    func begin(
        _ truth: Scenario.Truth, for time: Duration?, _ change: (inout FaultScene) throws(MartletError) -> String?
    ) throws(MartletError) -> InjectedFault {
        let now = clock.now()
        let (undo, blamed) = try onScene { (scene) throws(MartletError) in
            do throws(MartletError) {
                let blamed = try change(&scene)
                return (scene.undo, blamed)
            } catch {
                // What was done before it failed is taken back.
                scene.revert(scene.undo)
                throw error
            }
        }
        return keep { id in
            InjectedFault(
                id: id, truth: Scenario.Truth(category: truth.category, resource: blamed ?? truth.resource), since: now,
                until: time.map { now + $0 }, undo: undo)
        }
    }

    /// Takes a fault back; false when none has this number.
    package func revert(_ id: Int) -> Bool {
        guard let fault = forget(id) else { return false }
        return (try? onScene { (scene) throws(MartletError) in scene.revert(fault.undo) }) != nil
    }
}
