import Core
import Diagnosis
import Kubernetes

/// The kernel killed the container because it reached its memory limit.
struct MemoryRule: ContainerRule {
    let name = "memory-limit"
    let categories = ["oom-killed"]

    var documentation: RuleDocumentation {
        RuleDocumentation(
            concludes: "The kernel killed the container because it reached its memory limit.",
            sees: ["pods", "podmetrics or logs: how much it needs"],
            evidence: ["OOMKilled, exit code 137, the limit, use near it"],
            contradictedBy: ["a limit far above what it used; pressure on the node instead"],
            next: ["raise the limit, or find out what holds the memory"],
            references: ["https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/"])
    }

    func hypothesis(_ container: ContainerTrouble, of trouble: Trouble, _ scene: Scene) -> Hypothesis? {
        guard let end = container.end else { return nil }
        // The runtime says so of a limit that is too small for its own part.
        let isTooSmall = LogLine(end.message ?? "").has("oom-killed (memory limit too low")
        guard container.form == .ending || isTooSmall else { return nil }
        let killed = end.reason == "OOMKilled" || isTooSmall
        let clue = container.clue(.outOfMemory)
        let limit = container.spec.resources.limits["memory"]
        // A shell says so of its child; the runtime sees only the shell end, with the status of the child.
        let told = end.exitCode == 137 && limit != nil && container.lastLine == "Killed" ? container.lastLine : nil
        guard killed || told != nil || (clue != nil && end.exitCode != 0) else { return nil }
        var support = [scene.statusEvidence(container, killed ? .decisive : .supporting)]
        if let told { support.append(Support(.strong, Evidence(.log, source: container.logName, text: told))) }
        if let limit {
            support.append(scene.spec(trouble.workload.path, .strong, "memory limit of container \(container.name) is \(limit)"))
        }
        if let clue { support.append(Support(.strong, container.log(clue))) }
        let needed = MemoryNeed.of(container, scene)
        if let line = needed?.line { support.append(Support(.supporting, Evidence(.log, source: container.logName, text: line))) }
        var facts: [String: JSON] = [:]
        if let limit { facts["memoryLimit"] = JSON(limit.value) }
        if let bytes = needed?.bytes, bytes > (limit?.value ?? 0) { facts["memoryNeeded"] = JSON(bytes) }
        let limited = limit.map { "limit \($0)" } ?? "no limit, so the node ran out of memory"
        let need = facts["memoryNeeded"]?.int.map { ", needs about \(MemoryNeed.text($0))" } ?? ""
        return blame(
            trouble, container, "oom-killed", .specific, complaint: "is killed for memory", fact: limited + need,
            text: (killed || told != nil
                ? "container \(container.name) is killed because it reaches its memory limit\(limit.map { " of \($0)" } ?? "")"
                : "container \(container.name) ends because it gets no more memory (\(limited))")
                + (facts["memoryNeeded"]?.int.map { "; it needs about \(MemoryNeed.text($0))" } ?? ""),
            support: support, facts: facts, next: ["raise the memory limit of container \(container.name), or find what grows"])
    }
}

/// How much memory a container would need, by what its log says.
enum MemoryNeed {
    /// The greatest amount that a line names beside a word such as target, size or needs.
    static func of(_ container: ContainerTrouble, _ scene: Scene) -> (bytes: Int, line: String)? {
        let pod = scene.snapshot.pods[container.pods[0]]
        var best: (bytes: Int, line: String)?
        for previous in [false, true] {
            guard case .text(let bytes) = scene.log(of: pod, container.name, previous: previous) else { continue }
            for line in LogReading.tail(of: bytes) {
                guard line.hasAny("target", "size", "need", "require", "allocat", " of ", "cache", "heap", "memory", "working set") else {
                    continue
                }
                for amount in amounts(line.text) where amount > best?.bytes ?? 0 { best = (amount, line.text) }
            }
        }
        return best
    }

    /// `64 MB`, `64MiB`, `1.5 GB`, `400M`.
    static func amounts(_ text: String) -> [Int] {
        var result: [Int] = []
        let words = text.split { " ,;()[]=:\"'".contains($0) }
        for (i, word) in words.enumerated() {
            let digits = word.prefix { $0.isNumber || $0 == "." }
            guard let value = Double(digits), value > 0, value < 1e6 else { continue }
            var unit = word.dropFirst(digits.count).lowercased()
            if unit.isEmpty, i + 1 < words.count { unit = words[i + 1].lowercased() }
            let scale: Double
            switch unit {
            case "mb", "mib", "mi", "m", "megabytes": scale = 1_048_576
            case "gb", "gib", "gi", "g", "gigabytes": scale = 1_073_741_824
            case "kb", "kib", "ki": scale = 1024
            default: continue
            }
            result.append(Int(value * scale))
        }
        return result
    }

    static func text(_ bytes: Int) -> String {
        let mib = Double(bytes) / 1_048_576
        return mib >= 1024 && bytes % 1_073_741_824 == 0 ? "\(bytes / 1_073_741_824) GiB" : "\(Int(mib.rounded())) MiB"
    }
}
