import Core
import Kubernetes

/// Pulling images, as kubelet and containerd do (kubelet/images/image_manager.go).
enum Images {
    /// Makes sure that the image is on the node; true: it is, go on. False: a pull is under way, or it failed and will be tried again.
    static func ensure(_ worker: inout PodWorker, _ i: Int, _ world: inout World) -> Bool {
        let image = worker.containers[i].image
        let reference: ImageReference
        do { reference = try ImageReference(image) } catch {
            let text = KubeletTexts.invalidName(image, image, error.reason)
            Kubelet.record(worker, i, "Warning", "InspectFailed", text, &world)
            Kubelet.record(worker, i, "Warning", "Failed", KubeletTexts.error("InvalidImageName"), &world)
            wait(&worker, i, "InvalidImageName", text, &world)
            return false
        }
        let policy =
            worker.containers[i].spec["imagePullPolicy"]?.string
            ?? (reference.digest == nil && (reference.tag ?? "latest") == "latest" ? "Always" : "IfNotPresent")
        let isPresent = world.nodes.holds(reference.canonical, on: worker.node)
        if policy == "Never", !isPresent {
            let text = KubeletTexts.neverPresent(image)
            Kubelet.record(worker, i, "Warning", "ErrImageNeverPull", text, &world)
            Kubelet.record(worker, i, "Warning", "Failed", KubeletTexts.error("ErrImageNeverPull"), &world)
            wait(&worker, i, "ErrImageNeverPull", text, &world)
            return false
        }
        if isPresent, policy != "Always" {
            worker.containers[i].imageID = imageID(reference)
            Kubelet.record(worker, i, "Normal", "Pulled", KubeletTexts.alreadyPresent(image), &world)
            return true
        }
        if let failed = worker.containers[i].pullFailedAt, worker.containers[i].pullBackOff.remaining(since: failed, now: world.now) != nil
        {
            Kubelet.record(worker, i, "Normal", "BackOff", KubeletTexts.pullBackOff(image), &world)
            Kubelet.record(worker, i, "Warning", "Failed", KubeletTexts.error("ImagePullBackOff"), &world)
            // The status tells of it with the look after this one, as of every back-off.
            guard worker.containers[i].hasBackedOff else {
                worker.containers[i].hasBackedOff = true
                Kubelet.plan(.sync(container: i), world.jitter(Kubelet.syncPeriod.0, Kubelet.syncPeriod.1), worker, &world)
                return false
            }
            wait(&worker, i, "ImagePullBackOff", KubeletTexts.pullBackOffState(image, worker.containers[i].pullError ?? ""), &world)
            return false
        }
        Kubelet.record(worker, i, "Normal", "Pulling", KubeletTexts.pulling(image), &world)
        let works = world.pull(reference) == .ok
        let usual = works ? world.jitter(1, 3) : world.jitter(0.2, 0.9)
        let time = works ? world.options.catalogue.entry(reference)?.pullTime ?? usual : usual
        worker.containers[i].pullStart = world.now
        Kubelet.plan(.pulled(container: i), time, worker, &world)
        return false
    }

    static func finishPull(_ worker: inout PodWorker, _ i: Int, _ world: inout World) {
        let image = worker.containers[i].image
        guard let reference = try? ImageReference(image) else { return }
        let answer = world.pull(reference)
        guard answer == .ok else {
            let text = failure(answer, reference)
            worker.containers[i].pullError = text
            worker.containers[i].pullFailedAt = world.now
            worker.containers[i].hasBackedOff = false
            worker.containers[i].pullBackOff.next(world.now, now: world.now)
            Kubelet.record(worker, i, "Warning", "Failed", KubeletTexts.pullFailed(image, text), &world)
            Kubelet.record(worker, i, "Warning", "Failed", KubeletTexts.error("ErrImagePull"), &world)
            worker.containers[i].state = .waiting(reason: "ErrImagePull", message: text)
            PodStatus.write(worker, &world)
            return Kubelet.plan(.sync(container: i), world.jitter(0.8, 1.8), worker, &world)
        }
        let size = world.options.catalogue.entry(reference)?.size ?? 3_786_134
        world.nodes.add(reference.canonical, to: worker.node)
        let time = GoDuration.text(milliseconds: Int((world.now - (worker.containers[i].pullStart ?? world.now)).secondCount * 1000))
        worker.containers[i].imageID = imageID(reference)
        worker.containers[i].pullError = nil
        worker.containers[i].pullFailedAt = nil
        Kubelet.record(worker, i, "Normal", "Pulled", KubeletTexts.pulled(image, time, time, String(size)), &world)
        Lifecycle.create(&worker, i, &world)
    }

    /// containerd's words for what the registry answered.
    static func failure(_ answer: BehaviourCatalogue.Pull, _ reference: ImageReference) -> String {
        let name = reference.canonical
        let tag = reference.digest ?? reference.tag ?? "latest"
        switch answer {
        case .ok: return ""
        case .absent: return KubeletTexts.imageAbsent(name, name, name)
        case .denied: return KubeletTexts.imageStatus(name, name, reference.host, tag, "401 Unauthorized")
        case .rateLimited: return KubeletTexts.imageStatus(name, name, reference.host, tag, "429 Too Many Requests")
        case .unreachable:
            return KubeletTexts.registryUnreachable(name, name, reference.host, reference.path, tag, reference.host, "10.10.0.1:53")
        }
    }

    /// The id that a node reports: the repository and a digest, here of the reference itself.
    static func imageID(_ reference: ImageReference) -> String {
        "\(reference.repository)@\(reference.digest ?? "sha256:" + Digest.sha256Hex(reference.canonical))"
    }

    private static func wait(_ worker: inout PodWorker, _ i: Int, _ reason: String, _ message: String, _ world: inout World) {
        worker.containers[i].state = .waiting(reason: reason, message: message)
        PodStatus.write(worker, &world)
        Kubelet.plan(.sync(container: i), world.jitter(Kubelet.syncPeriod.0, Kubelet.syncPeriod.1), worker, &world)
    }
}
