import Core
import Kubernetes

/// What can be wrong with the image of a workload: its template gets another reference, and the registry answers so for it.
enum ImageFaults {
    static let all: [Fault] = [
        pull("image-tag-not-found", "the template names a tag that the registry does not have", .absent) {
            "\($0.repository):\($0.tag ?? "latest")-absent"
        },
        pull("image-not-found", "the template names a repository that the registry does not have", .absent) {
            "\($0.repository)-absent:\($0.tag ?? "latest")"
        },
        pull("image-auth", "the registry demands credentials", .denied) { "\($0.host)/private/\($0.path):\($0.tag ?? "latest")" },
        pull("image-rate-limited", "the registry answers 429", .rateLimited) { "\($0.host)/ratelimited/\($0.path):\($0.tag ?? "latest")" },
        pull("image-registry-unreachable", "the registry's name does not resolve", .unreachable) {
            "registry.internal.invalid/\($0.path):\($0.tag ?? "latest")"
        },
        WorkloadFaults.container("image-name-invalid", "the image reference has upper-case letters") {
            (container, _) throws(MartletError) in
            let image = try reference(container)
            container["image"] = .string("\(image.host)/\(image.path.uppercased()):\(image.tag ?? "latest")")
        },
        WorkloadFaults.container("image-never-present", "pull policy Never, and the image is on no node") {
            (container, _) throws(MartletError) in
            let image = try reference(container)
            container["image"] = .string("\(image.repository):\(image.tag ?? "latest")-local")
            container["imagePullPolicy"] = "Never"
        },
    ]

    private static func pull(
        _ slug: String, _ about: String, _ answer: BehaviourCatalogue.Pull, _ other: @escaping @Sendable (ImageReference) -> String
    ) -> Fault {
        WorkloadFaults.container(slug, about) { (container, scene) throws(MartletError) in
            let name = other(try reference(container))
            container["image"] = .string(name)
            if let image = try? ImageReference(name) { scene.answer(answer, for: image) }
        }
    }

    private static func reference(_ container: JSON) throws(MartletError) -> ImageReference {
        do { return try ImageReference(container["image"]?.string ?? "") } catch {
            throw MartletError(.invalid, "the image \(container["image"]?.string ?? "") of the target is no reference")
        }
    }
}
