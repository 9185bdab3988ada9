import Core
import Diagnosis
import Kubernetes

/// The image cannot be had: name, tag, credentials, registry. Reads the texts of containerd, CRI-O and Docker.
struct ImagePullRule: ContainerRule {
    let name = "image-pull"
    let categories = [
        "image-not-found", "image-tag-not-found", "image-auth", "image-name-invalid", "image-registry-unreachable", "image-rate-limited",
        "image-never-present",
    ]

    var documentation: RuleDocumentation {
        RuleDocumentation(
            concludes: "The image cannot be had: the name, the tag, the credentials, the registry.",
            sees: ["pods", "events", "nodes, other workloads and revisions: which tags are known"],
            evidence: ["the waiting message of the container, in the words of containerd, CRI-O or Docker"],
            contradictedBy: ["the same image pulled by another pod: then it is not the name"],
            next: ["compare the image with one that is known", "check imagePullSecrets of the pod and of its service account"],
            references: ["https://kubernetes.io/docs/concepts/containers/images/"])
    }

    func hypothesis(_ container: ContainerTrouble, of trouble: Trouble, _ scene: Scene) -> Hypothesis? {
        guard case .waiting(let reason, var message) = container.form,
            ["ErrImagePull", "ImagePullBackOff", "InvalidImageName", "ErrImageNeverPull", "ImageInspectError", "RegistryUnavailable"]
                .contains(reason)
        else { return nil }
        let image = container.spec.image ?? ""
        let pullEvent = scene.event(about: container.pods) {
            ($0.reason == "Failed" && $0.message.contains("Failed to pull image")) || $0.reason == "InspectFailed"
                || $0.reason == "ErrImageNeverPull"
        }
        // Older kubelets say only "Back-off pulling image" in the state; the event then names the reason.
        if PullFailure(reason: reason, message: message) == .other, let text = pullEvent?.message { message = text }
        let failure = PullFailure(reason: reason, message: message)
        let reference = ImageReference(image)
        let registry = reference?.registry ?? image
        var support = [scene.statusEvidence(container, .decisive)]
        if let pullEvent { support.append(Support(.strong, scene.evidence(pullEvent))) }
        support.append(scene.spec(trouble.workload.path, .weak, "image \(image)"))
        let category: String
        let fact: String
        let text: String
        switch failure {
        case .invalidName:
            (category, fact, text) = (
                "image-name-invalid", "\(image) is no valid image name",
                "the image reference \(image) of container \(container.name) is not valid"
            )
        case .unauthorized:
            let secrets = scene.snapshot.pods[container.pods[0]].spec.imagePullSecrets
            let how = secrets.isEmpty ? "the pod has no imagePullSecret" : "with imagePullSecret \(secrets.joined(separator: ", "))"
            (category, fact, text) = (
                "image-auth", "\(registry) demands credentials",
                "the registry \(registry) refuses to give \(image) without valid credentials (\(how))"
            )
        case .rateLimited:
            (category, fact, text) = (
                "image-rate-limited", "\(registry) limits pulls", "the registry \(registry) answers 429: too many pulls, for image \(image)"
            )
        case .unreachable:
            (category, fact, text) = (
                "image-registry-unreachable", "\(registry) cannot be reached",
                "the registry \(registry) cannot be reached or resolved, so \(image) cannot be pulled"
            )
        case .neverPresent:
            (category, fact, text) = (
                "image-never-present", "\(image) is not on the node", "the image \(image) is not on the node and its pull policy is Never"
            )
        case .notFound, .tagNotFound, .architecture:
            let knowledge = RepositoryKnowledge(reference, image: image, scene)
            if knowledge.otherTags != nil || failure == .tagNotFound {
                let tags = knowledge.otherTags ?? []
                let nearest = reference?.tag.flatMap { NearMiss.of($0, among: tags) } ?? tags.last
                category = "image-tag-not-found"
                fact = "tag \(reference?.tag ?? "latest") of \(reference?.repository ?? image) does not exist"
                text =
                    "the tag \(reference?.tag ?? "latest") of image \(reference?.name ?? image) does not exist"
                    + (nearest.map { "; known is \($0)" } ?? "")
                if !tags.isEmpty {
                    support.append(
                        scene.spec(
                            trouble.workload.path, .supporting,
                            "other tags of \(reference?.name ?? image) are known: \(tags.suffix(5).joined(separator: ", "))"))
                }
            } else {
                category = "image-not-found"
                fact = "image \(image) does not exist"
                text = "the image \(image) does not exist in the registry" + (knowledge.nearMiss.map { "; \($0) does" } ?? "")
                if let near = knowledge.nearMiss {
                    support.append(scene.spec(trouble.workload.path, .supporting, "a repository of nearly that name is known: \(near)"))
                }
            }
        // Neither name, tag, credentials nor registry: what it says instead is quoted by whoever reports the symptom.
        case .other: return nil
        }
        var hypothesis = blame(
            trouble, container, category, .specific, complaint: "does not start", fact: fact, text: text, support: support,
            facts: ["image": .string(image)],
            next: ["kubectl -n \(trouble.workload.namespace) describe \(scene.podName(container.pods[0]).lowercased())"])
        // A registry that runs in the cluster: when that is not well, that is why.
        if failure == .unreachable {
            hypothesis.dependsOn = scene.dependencies(
                on: ServiceIndex.services(Peer.all(in: registry) + Peer.all(in: message), namespace: trouble.workload.namespace, scene))
        }
        return hypothesis
    }
}

/// What the cluster knows of a repository: tags on nodes, in other workloads, in other revisions.
struct RepositoryKnowledge {
    /// Other tags of the same repository, sorted; nil where none is known.
    let otherTags: [String]?
    /// A known repository of nearly the same name.
    let nearMiss: String?

    init(_ wanted: ImageReference?, image: String, _ scene: Scene) {
        guard let wanted else { otherTags = nil; nearMiss = nil; return }
        let known = scene.knownImages()
        let tags = Set((known[wanted.name] ?? []).compactMap { $0 == image ? nil : ImageReference($0)?.tag }.filter { $0 != wanted.tag })
        let names = tags.isEmpty ? known.keys.filter { !$0.isEmpty && $0 != wanted.name } : []
        otherTags = tags.isEmpty ? nil : tags.sorted()
        nearMiss = tags.isEmpty ? NearMiss.of(wanted.name, among: names) : nil
    }
}
