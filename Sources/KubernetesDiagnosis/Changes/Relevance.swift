import Core
import Diagnosis

/// How likely a field that a revision changed is to have brought a fault about.
enum Relevance: Int, Comparable {
    case none
    /// Labels and annotations: something outside of the template may read them.
    case unlikely
    /// A program may fail for anything that it is run with.
    case possible
    /// The kind of fault, or what was seen of it, names the field.
    case likely

    static func < (a: Relevance, b: Relevance) -> Bool { a.rawValue < b.rawValue }

    static func of(_ field: FieldChange, to hypothesis: Hypothesis) -> Relevance {
        let path = field.path
        func named(_ parts: String...) -> Bool { parts.contains { path.contains($0) } }
        let container = hypothesis.facts["container"]?.string
        if let container, path.hasSuffix("ontainers[\(container)]") { return .likely }
        // What a neighbour in the pod is run with counts for less.
        let isOfAnother = path.contains("ontainers[") && container.map { !path.contains("ontainers[\($0)]") } ?? false
        let likely = isOfAnother ? Relevance.possible : .likely
        switch hypothesis.category {
        case "image-not-found", "image-tag-not-found", "image-auth", "image-name-invalid", "image-registry-unreachable",
            "image-never-present", "image-rate-limited":
            return named(".image", ".imagePullSecrets", ".imagePullPolicy") ? likely : .none
        case "configmap-missing", "secret-missing", "config-key-missing": return named(".env[", ".envFrom", ".env") ? likely : .none
        case "volume-configmap-missing", "volume-secret-missing", "volume-hostpath-missing", "pvc-missing":
            return named(".volumes") ? .likely : .none
        case "insufficient-cpu", "insufficient-memory": return named(".resources") ? .likely : .none
        case "node-selector-mismatch", "taint-not-tolerated", "anti-affinity":
            return named(".nodeSelector", ".affinity", ".tolerations", ".topologySpread") ? .likely : .none
        case "run-as-non-root": return named(".securityContext", ".image") ? likely : .none
        default: break
        }
        if isMetadata(field) { return .unlikely }
        if isOfAnother { return .possible }
        let isTypical =
            switch hypothesis.category {
            case "oom-killed": named(".resources")
            case "cpu-throttled": named(".resources.limits.cpu")
            case "command-not-found": named(".command", ".args", ".image")
            case "permission-denied", "read-only-filesystem": named(".securityContext", ".volume")
            case "liveness-probe-failing", "liveness-probe-too-early", "readiness-probe-failing", "startup-probe-failing":
                named("Probe", ".ports")
            default: false
            }
        return isTypical || isNamed(field, in: hypothesis) ? .likely : .possible
    }

    /// The name of the field's last element, or the value that it has now, stands in what was seen.
    private static func isNamed(_ field: FieldChange, in hypothesis: Hypothesis) -> Bool {
        var words: [String] = []
        if field.path.hasSuffix("]"), let open = field.path.lastIndex(of: "[") {
            words.append(String(field.path[open...].dropFirst().dropLast()))
        }
        if let value = field.to?.string { words.append(value) }
        return words.contains { $0.count > 2 && (hypothesis.fact.contains($0) || hypothesis.text.contains($0)) }
    }

    static func isMetadata(_ field: FieldChange) -> Bool { field.path.hasPrefix("spec.template.metadata") }

    /// An annotation that only says that configuration elsewhere has changed, as charts write it: `checksum/config`.
    static func isDigest(_ field: FieldChange) -> Bool { field.path.hasPrefix("spec.template.metadata.annotations[checksum/") }

    /// Which fields, by name: in a sentence nothing tells a secret value any more. Values stand in the change, redacted by their paths.
    static func describe(_ fields: [FieldChange]) -> String {
        let names = fields.prefix(3).map { field in
            let path = field.path
            for prefix in ["spec.template.spec.", "spec.template.metadata."] where path.hasPrefix(prefix) {
                return String(path.dropFirst(prefix.count))
            }
            return path
        }
        return names.joined(separator: ", ") + (fields.count > 3 ? " and \(fields.count - 3) more" : "")
    }
}
