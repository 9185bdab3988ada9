import Core
import Diagnosis
import Kubernetes

/// A ConfigMap, a Secret or a key in one, that a container's environment refers to, does not exist.
struct ConfigurationReferenceRule: ContainerRule {
    let name = "configuration-reference"
    let categories = ["configmap-missing", "secret-missing", "config-key-missing"]

    var documentation: RuleDocumentation {
        RuleDocumentation(
            concludes: "A ConfigMap, a Secret or a key that the environment of a container refers to does not exist.",
            sees: ["pods", "configmaps", "secrets (names and keys)"],
            evidence: ["CreateContainerConfigError naming the object or key; names that are nearly the same"],
            contradictedBy: ["the object is there, with the key"],
            next: ["create the object, or correct the reference"],
            references: ["https://kubernetes.io/docs/tasks/configure-pod-container/configure-pod-configmap/"])
    }

    func hypothesis(_ container: ContainerTrouble, of trouble: Trouble, _ scene: Scene) -> Hypothesis? {
        guard case .waiting("CreateContainerConfigError", let message) = container.form else { return nil }
        let namespace = trouble.workload.namespace
        let quoted = message.split(separator: "\"", omittingEmptySubsequences: false)
        var support = [scene.statusEvidence(container, .decisive)]
        if let event = scene.eventEvidence(container.pods, .strong, where: { $0.reason == "Failed" && $0.message.contains(message) }) {
            support.append(event)
        }
        if message.contains("couldn't find key") || message.contains("references non-existent config key"),
            let key = LogLine(message).word(after: "couldn't find key ") ?? LogLine(message).word(after: "config key")
        {
            let isSecret = message.contains(" in Secret ")
            let owner = message.split(separator: "/").last.map(String.init) ?? ""
            let kind = isSecret ? "Secret" : "ConfigMap"
            let keys =
                isSecret
                ? scene.snapshot.secrets.first { $0.metadata.name == owner && $0.metadata.namespace == namespace }?.keys
                : scene.configMap(namespace, owner).map { $0.data.keys.sorted() }
            let near = keys.flatMap { NearMiss.of(key, among: $0) }
            if let keys {
                support.append(
                    scene.spec(scene.path(kind, namespace, owner), .strong, "keys: \(keys.isEmpty ? "none" : keys.joined(separator: ", "))")
                )
            }
            return blame(
                trouble, container, "config-key-missing", .specific, complaint: "does not start",
                fact: "\(kind) \(owner) has no key \(key)",
                text: "\(kind) \(owner) has no key \(key), which container \(container.name) needs" + (near.map { "; it has \($0)" } ?? ""),
                support: support,
                facts: ["related": .string("\(kind)/\(owner)"), "key": .string(key)],
                next: ["kubectl -n \(namespace) get \(kind.lowercased()) \(owner) -o yaml"])
        }
        guard message.hasSuffix("not found"), quoted.count >= 3 else { return nil }
        let missing = String(quoted[1])
        let isSecret = message.lowercased().hasPrefix("secret")
        guard isSecret || message.lowercased().hasPrefix("configmap") else { return nil }
        let kind = isSecret ? "Secret" : "ConfigMap"
        let known = isSecret ? scene.snapshot.knows("secrets") : scene.snapshot.knows("configmaps")
        let names = isSecret ? scene.snapshot.secrets.map(\.metadata) : scene.snapshot.configMaps.map(\.metadata)
        let here = names.filter { $0.namespace == namespace }.map(\.name)
        var against: [Support] = []
        if here.contains(missing) {
            // It was made meanwhile: the kubelet tries again within a minute.
            against.append(scene.spec(scene.path(kind, namespace, missing), .strong, "\(kind) \(missing) exists now"))
        } else if known {
            support.append(scene.spec(scene.path(kind, namespace, missing), .strong, "there is no \(kind) \(missing) in the namespace"))
        }
        let near = NearMiss.of(missing, among: here)
        return blame(
            trouble, container, isSecret ? "secret-missing" : "configmap-missing", .specific, complaint: "does not start",
            fact: "\(kind) \(missing) does not exist",
            text: "\(kind) \(missing), which container \(container.name) needs, does not exist" + (near.map { "; there is \($0)" } ?? ""),
            support: support,
            against: against, facts: ["missing": .string("\(kind)/\(missing)")], next: ["kubectl -n \(namespace) get \(kind.lowercased())s"]
        )
    }
}
