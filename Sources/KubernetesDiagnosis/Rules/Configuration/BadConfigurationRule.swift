import Core
import Diagnosis
import Kubernetes

/// The program ends because its configuration file is wrong, or is missing from the object that should hold it.
struct BadConfigurationRule: ContainerRule {
    let name = "bad-configuration"
    let categories = ["bad-config"]

    var documentation: RuleDocumentation {
        RuleDocumentation(
            concludes: "The program ends because its configuration file is wrong or missing.",
            sees: ["pods", "logs", "configmaps"],
            evidence: ["a line of the log that names file and line; the ConfigMap that holds the file"],
            contradictedBy: ["a ConfigMap or Secret that is missing altogether"],
            next: ["correct the file in the ConfigMap that is named"],
            references: ["https://kubernetes.io/docs/concepts/configuration/configmap/"])
    }

    func hypothesis(_ container: ContainerTrouble, of trouble: Trouble, _ scene: Scene) -> Hypothesis? {
        guard case .ending = container.form else { return nil }
        let complaint = container.clue(.badConfiguration)
        let absent = container.clue(.missingFile).flatMap { clue in
            clue.subject.flatMap { ConfigurationText.configurationFile($0[...]) }.map { _ in clue }
        }
        guard let clue = complaint ?? absent else { return nil }
        // The file is named on the line itself, or on another one: "loading /etc/gateway/gateway.yaml".
        let path = clue.subject.flatMap { $0.hasPrefix("/") ? $0 : nil } ?? namedFile(container, scene)
        let source = path.flatMap { mount(of: $0, container, trouble, scene) }
        var support = [scene.statusEvidence(container, .supporting)]
        if container.end?.exitCode == 78 { support[0] = scene.statusEvidence(container, .strong) }  // EX_CONFIG of sysexits.h
        support.append(Support(complaint == nil ? .strong : .decisive, container.log(clue)))
        if let source {
            support.append(
                scene.spec(
                    scene.path(source.kind, trouble.workload.namespace, source.name), .strong,
                    "\(source.kind) \(source.name) is mounted at \(source.mountPath)"))
        }
        let file = path ?? clue.subject ?? "the configuration"
        let held = source.map { " (from \($0.kind) \($0.name))" } ?? ""
        var facts: [String: JSON] = [:]
        if let source { facts["related"] = .string("\(source.kind)/\(source.name)") }
        let what = complaint == nil ? "is missing" : "is wrong"
        return blame(
            trouble, container, "bad-config", .specific, complaint: "does not start", fact: "\(file) \(what)",
            text:
                "container \(container.name) exits with code \(container.end?.exitCode ?? 1) because its configuration \(file)\(held) \(what): \(clue.text.prefix(160))",
            support: support, facts: facts)
    }

    private func namedFile(_ container: ContainerTrouble, _ scene: Scene) -> String? {
        let pod = scene.snapshot.pods[container.pods[0]]
        for previous in [true, false] {
            guard case .text(let bytes) = scene.log(of: pod, container.name, previous: previous) else { continue }
            for line in LogReading.tail(of: bytes) {
                if let path = line.tokens.lazy.compactMap(ConfigurationText.configurationFile).first(where: { $0.hasPrefix("/") }) {
                    return path
                }
            }
        }
        return nil
    }

    /// The ConfigMap or Secret that is mounted where the file lies.
    private func mount(of path: String, _ container: ContainerTrouble, _ trouble: Trouble, _ scene: Scene) -> (
        kind: String, name: String, mountPath: String
    )? {
        let volumes = scene.snapshot.pods[container.pods[0]].spec.volumes
        let mounts = container.spec.volumeMounts.filter {
            path == $0.mountPath || path.hasPrefix($0.mountPath.hasSuffix("/") ? $0.mountPath : $0.mountPath + "/")
        }
        guard let mount = mounts.max(by: { $0.mountPath.count < $1.mountPath.count }),
            let volume = volumes.first(where: { $0.name == mount.name })
        else { return nil }
        if let map = volume.configMap { return ("ConfigMap", map.name, mount.mountPath) }
        if let secret = volume.secret { return ("Secret", secret.secretName, mount.mountPath) }
        return nil
    }
}
