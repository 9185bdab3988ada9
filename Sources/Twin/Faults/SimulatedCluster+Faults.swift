package import Core

extension SimulatedCluster {
    /// Makes a fault happen now; it ends after `time`, or when it is taken back.
    package func inject(_ slug: String, target: String, for time: Duration? = nil) throws(MartletError) -> InjectedFault {
        guard let fault = FaultRegistry.fault(slug) else {
            throw MartletError(.notFound, "there is no fault \(slug)", fix: "martlet twin faults lists them")
        }
        let aim = try FaultTarget(target)
        let now = clock.now()
        let (undo, blamed) = try onScene { (scene) throws(MartletError) in
            do throws(MartletError) { try fault.begin(aim, &scene) } catch {
                // What was done before it failed is taken back.
                scene.revert(scene.undo)
                throw error
            }
            return (scene.undo, scene.blamed)
        }
        return keep { id in
            InjectedFault(
                id: id, slug: slug, resource: blamed ?? "\(aim.kind)/\(aim.name)", since: now, until: time.map { now + $0 }, undo: undo)
        }
    }

    /// Takes a fault back; false when none has this number.
    package func revert(_ id: Int) -> Bool {
        guard let fault = forget(id) else { return false }
        return (try? onScene { (scene) throws(MartletError) in scene.revert(fault.undo) }) != nil
    }
}
