import Core
import Kubernetes

/// A new image is rolled out whose program is not what the one before was.
enum ReleaseFaults {
    static let all: [Fault] = [
        Fault(
            "rollout-stuck", "a release is rolled out whose image the registry does not have; the one before goes on serving",
            on: "Deployment/NAME"
        ) { (target, scene) throws(MartletError) in
            let key = try WorkloadFaults.key(target)
            let strategy = scene.store.get(key)?["spec"]?["strategy"]
            guard key.type == .deployments, strategy?["type"]?.string != "Recreate" else {
                throw MartletError(
                    .usage, "\(target) does not keep its pods while new ones start", fix: "name a Deployment with rolling updates")
            }
            let image = try nextImage(of: key, scene)
            scene.answer(.absent, for: image)
            try scene.changeContainer(of: key) { (container) throws(MartletError) in container["image"] = .string(image.canonical) }
        },
        release("bad-release-errors", "a release is rolled out that fails a fifth of all requests") { program, _ in program.errorRate = 0.2
        },
        release("bad-release-latency", "a release is rolled out that takes 800 ms longer for each request") { program, _ in
            program.latency += .milliseconds(800)
        },
        release("memory-leak", "a release is rolled out that fills its memory limit within half an hour") { program, limit in
            program.memory.workingSet = nil
            program.memory.growth = max(0, (limit ?? 512 * 1_048_576) - program.memory.initial) / 1800
        },
        release("exec-format-error", "a release is rolled out that is built for another architecture", isWhole: true) { program, _ in
            program.startError = .format
        },
    ]

    /// - Parameters:
    ///   - isWhole: whether a Deployment ends all pods of the release before.
    ///   - change: what is different; it is told the container's memory limit in bytes.
    private static func release(
        _ slug: String, _ about: String, isWhole: Bool = false,
        _ change: @escaping @Sendable (_ program: inout Behaviour, _ limit: Double?) -> Void
    ) -> Fault {
        WorkloadFaults.workload(slug, about) { (key, scene) throws(MartletError) in
            // What the image file says of the release before holds for this one, too.
            var program = try scene.program(of: key)
            let container = scene.store.get(key)?["spec"]?["template"]?["spec"]?["containers"]?.array?.first ?? [:]
            let limit = Amount.whole(container["resources"]?["limits"]?["memory"])
            change(&program, limit > 0 ? Double(limit) : nil)
            let image = try nextImage(of: key, scene)
            if isWhole { try scene.recreate(key) }
            scene.answer(.ok, for: image)
            scene.flaw(key, image: image.canonical) { [program] in $0 = program }
            try scene.changeContainer(of: key) { (container) throws(MartletError) in container["image"] = .string(image.canonical) }
        }
    }

    private static func nextImage(of key: ObjectKey, _ scene: FaultScene) throws(MartletError) -> ImageReference {
        guard let spec = scene.store.get(key)?["spec"]?["template"]?["spec"] else { throw FaultScene.missing(key) }
        let text = spec["containers"]?.array?.first?["image"]?.string ?? ""
        if let old = try? ImageReference(text), let image = try? ImageReference("\(old.repository):\(next(old.tag ?? "latest"))") {
            return image
        }
        throw MartletError(.invalid, "the image \(text) of \(key.type.kind)/\(key.name) is no reference")
    }

    /// The tag of the next release: `1.4.2` is followed by `1.4.3`.
    private static func next(_ tag: String) -> String {
        let digits = tag.reversed().prefix { $0.isASCII && $0.isNumber }
        guard let number = Int(String(digits.reversed())), number < Int.max else { return tag + "-1" }
        return tag.dropLast(digits.count) + String(number + 1)
    }
}
