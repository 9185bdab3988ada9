import Core
import Kubernetes

/// Pod Security admission: the levels that the labels `pod-security.kubernetes.io/enforce`, `warn` and their `-version` ask for.
enum PodSecurity {
    static func check(_ pod: JSON, _ key: ObjectKey, _ store: ObjectStore) throws(APIFailure) {
        let namespace = store.get(ObjectKey(type: .namespaces, namespace: "", name: key.namespace))
        if let text = problem(pod, namespace: namespace, mode: "enforce") { throw APIFailure.forbidden(key, "violates \(text)") }
    }

    /// The text of the warning for a pod or a template; nil when there is nothing to say.
    static func warning(_ pod: JSON, namespace: JSON?) -> String? {
        problem(pod, namespace: namespace, mode: "warn").map { "would violate \($0)" }
    }

    private static func problem(_ pod: JSON, namespace: JSON?, mode: String) -> String? {
        let label = "pod-security.kubernetes.io/\(mode)"
        guard let level = namespace?[at: "metadata", "labels", label]?.string, ["baseline", "restricted"].contains(level) else {
            return nil
        }
        let version = namespace?[at: "metadata", "labels", label + "-version"]?.string ?? "latest"
        let problems = violations(pod, restricted: level == "restricted", version: PodSecurityVersion(version))
        return problems.isEmpty ? nil : "PodSecurity \"\(level):\(version)\": \(problems.joined(separator: ", "))"
    }

    /// What a level of a version finds wrong, in the order of the real server: the baseline's controls, then the restricted ones.
    static func violations(_ pod: JSON, restricted: Bool, version: PodSecurityVersion) -> [String] {
        let sample = PodSecuritySample(pod, version: version)
        var controls = PodSecurityControl.baseline
        if restricted {
            controls.removeAll { PodSecurityControl.replacedByRestricted.contains($0.id) }
            controls += PodSecurityControl.restricted
        }
        return controls.filter { $0.since <= version }.compactMap { $0.finding(sample) }
    }
}

/// The minor version of a policy; a version that is not known yet is the newest.
struct PodSecurityVersion: Comparable, Sendable {
    let minor: Int

    init(minor: Int) { self.minor = minor }

    /// `v1.24` or `latest`.
    init(_ text: String) {
        minor = text.hasPrefix("v1.") ? Int(text.dropFirst(3)) ?? .max : .max
    }

    static func < (a: Self, b: Self) -> Bool { a.minor < b.minor }
}

/// One rule of the Pod Security Standards: what is wrong with a pod, in words; nil for nothing.
struct PodSecurityControl: Sendable {
    let id: String
    /// The first version of the policy that has it.
    let since: PodSecurityVersion
    let finding: @Sendable (PodSecuritySample) -> String?

    init(_ id: String, since minor: Int = 0, _ finding: @escaping @Sendable (PodSecuritySample) -> String?) {
        self.id = id
        since = PodSecurityVersion(minor: minor)
        self.finding = finding
    }
}

/// A pod as the controls look at it.
struct PodSecuritySample: Sendable {
    let spec: JSON
    let annotations: [String: String]
    let version: PodSecurityVersion
    /// In the order in which the real server visits them.
    let containers: [JSON]

    init(_ pod: JSON, version: PodSecurityVersion) {
        let spec = pod["spec"] ?? [:]
        self.spec = spec
        annotations = pod[at: "metadata", "annotations"]?.stringMap ?? [:]
        self.version = version
        containers = ["initContainers", "containers", "ephemeralContainers"].flatMap { spec[$0]?.array ?? [] }
    }

    var podContext: JSON { spec["securityContext"] ?? [:] }

    func atLeast(_ minor: Int) -> Bool { version.minor >= minor }

    /// From 1.25 on, what only Linux has is not asked of pods that say they are Windows.
    var isSparedAsWindows: Bool { atLeast(25) && spec[at: "os", "name"] == "windows" }
    /// From 1.35 on, a pod in a user namespace may be root there.
    var isInUserNamespace: Bool { atLeast(35) && spec["hostUsers"]?.bool == false }

    /// The names of the containers for which a test of the security context holds, quoted.
    func names(_ test: (JSON) -> Bool) -> [String] {
        containers.filter { test($0["securityContext"] ?? [:]) }.map { PodSecuritySample.quoted($0["name"]?.string ?? "") }
    }

    /// `container "a"`, `containers "a", "b"`.
    static func containers(_ names: [String]) -> String { counted("container", names) }

    static func counted(_ word: String, _ values: [String]) -> String {
        "\(word)\(values.count == 1 ? "" : "s") \(values.joined(separator: ", "))"
    }

    static func quoted(_ text: String) -> String { JSON.string(text).text() }

    static func unique(_ values: [String]) -> [String] { Set(values).sorted() }
}
