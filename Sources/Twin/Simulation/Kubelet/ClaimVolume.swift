import Core
import Kubernetes

/// A claimed volume as a container sees it: where it is mounted, how large it is, how full.
enum ClaimVolume {
    /// What a new file system itself takes.
    private static let overhead = 0.02

    /// Where the first container of a pod mounts a claim.
    static func path(of claim: String, in spec: JSON) -> String? {
        let volume = spec["volumes"]?.array?.first { $0["persistentVolumeClaim"]?["claimName"]?.string == claim }
        guard let name = volume?["name"] else { return nil }
        return spec["containers"]?.array?.first?["volumeMounts"]?.array?.first { $0["name"] == name }?["mountPath"]?.string
    }

    /// The claim that holds a path of a container; nil: none does.
    static func claim(holding path: String, of container: JSON, in spec: JSON) -> String? {
        let mount = container["volumeMounts"]?.array?.first { path.hasPrefix($0["mountPath"]?.string ?? "//") }
        guard let name = mount?["name"] else { return nil }
        return spec["volumes"]?.array?.first { $0["name"] == name }?["persistentVolumeClaim"]?["claimName"]?.string
    }

    /// Bytes that a claim has, or asks for where it is not bound.
    static func size(_ claim: JSON) -> Double {
        Double(Amount.whole(claim["status"]?["capacity"]?["storage"] ?? claim["spec"]?["resources"]?["requests"]?["storage"]))
    }

    /// Bytes in use of a volume of `size` bytes to which a program has written so much.
    static func used(_ written: Double, of size: Double) -> Double { min(size, size * overhead + written) }

    /// Asks for a look at the volume that a program writes to, if it does.
    static func plan(_ worker: PodWorker, _ i: Int, _ world: inout World) {
        let container = worker.containers[i]
        guard let path = container.behaviour.storage?.path, claim(holding: path, of: container.spec, in: worker.spec) != nil else { return }
        Kubelet.plan(.full(container: i), .milliseconds(100), worker, &world)
    }

    /// Once the volume is full each write fails, and the program says so every now and then.
    static func look(_ worker: inout PodWorker, _ i: Int, _ world: inout World) {
        let container = worker.containers[i]
        guard let since = container.changedSince, let storage = container.behaviour.storage, let path = storage.path,
            let claim = claim(holding: path, of: container.spec, in: worker.spec),
            let object = world.store.get(ObjectKey(type: .persistentVolumeClaims, namespace: worker.key.namespace, name: claim)),
            let when = storage.amount.exceeds(size(object) * (1 - overhead))
        else { return }
        if since + when > world.now { return Kubelet.plan(.full(container: i), since + when - world.now, worker, &world) }
        worker.containers[i].append(LoggedLine(time: world.now, text: "ERROR " + KubeletTexts.noSpace(path)))
        Kubelet.plan(.full(container: i), .seconds(10), worker, &world)
    }
}
