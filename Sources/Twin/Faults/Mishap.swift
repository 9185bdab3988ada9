package import Core
import Kubernetes

/// What happens to the program of one pod now and then, and passes without anybody's doing: no fault.
package enum Mishap: Sendable {
    /// Its process ends with an error, once.
    case exit(code: Int, log: [String])
    /// Its process is ended for its use of memory, once.
    case outOfMemory
    /// It fails its health checks for a while.
    case unhealthy(Duration)
}

extension SimulatedCluster {
    /// Makes a mishap of the first program of a pod happen now.
    /// - Throws: `MartletError`: `notFound` for a pod that is not there.
    package func happen(_ mishap: Mishap, to pod: String, namespace: String) throws(MartletError) {
        let key = ObjectKey(type: .pods, namespace: namespace, name: pod)
        let none = Scenario.Truth(category: "healthy", resource: "Pod/\(pod)")
        guard let uid = store.get(key)?[at: "metadata", "uid"]?.string else { throw FaultScene.missing(key) }
        switch mishap {
        case .exit(let code, let log):
            try onScene { (scene) throws(MartletError) in
                scene.simulation.end([uid], at: scene.now, code: code, reason: "Error", log: log)
            }
        case .outOfMemory:
            try onScene { (scene) throws(MartletError) in
                scene.simulation.end([uid], at: scene.now, code: 137, reason: "OOMKilled")
            }
        case .unhealthy(let time):
            _ = try begin(none, for: time) { (scene) throws(MartletError) in
                scene.spoil(pods: [uid]) {
                    $0.responses = [Behaviour.Response(path: "*", status: 503, after: .zero, log: "health: busy")]
                }
                return nil
            }
        }
    }
}
