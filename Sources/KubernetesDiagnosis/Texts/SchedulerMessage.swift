/// The scheduler's account of why no node takes a pod: `0/2 nodes are available: 1 Insufficient cpu, 1 node(s) had …. preemption: …`.
struct SchedulerMessage: Sendable, Hashable {
    enum Reason: Sendable, Hashable {
        case insufficient(String)
        case selectorMismatch, taint(String?), unschedulable, antiAffinity, podAffinity, hostPort, volumeNodeConflict, volumeZone
        case unboundClaims, claimMissing(String), topologySpread, tooManyPods, tooManyVolumes, other(String)
    }

    let nodes: Int
    /// Reason and how many nodes it holds for (nil: said without a number), in the order of the message.
    let reasons: [(reason: Reason, count: Int?)]

    static func == (a: SchedulerMessage, b: SchedulerMessage) -> Bool {
        a.nodes == b.nodes && a.reasons.map(\.reason) == b.reasons.map(\.reason) && a.reasons.map(\.count) == b.reasons.map(\.count)
    }

    func hash(into hasher: inout Hasher) {
        hasher.combine(nodes)
        for (reason, count) in reasons { hasher.combine(reason); hasher.combine(count) }
    }

    init?(_ message: String) {
        guard let head = message.firstRange(of: "nodes are available:") ?? message.firstRange(of: "nodes are available") else {
            // Before any node is looked at: persistentvolumeclaim "x" not found.
            guard message.contains("persistentvolumeclaim"), message.contains("not found") else { return nil }
            nodes = 0
            reasons = [(.claimMissing(SchedulerMessage.quoted(message) ?? ""), nil)]
            return
        }
        nodes = Int(message[..<head.lowerBound].split(separator: "/").last?.split(separator: " ").first ?? "") ?? 0
        var body = message[head.upperBound...]
        for end in [". no new claims", ". preemption:", " preemption:"] {
            if let cut = body.firstRange(of: end) { body = body[..<cut.lowerBound] }
        }
        while let last = body.last, last == "." || last == " " { body.removeLast() }
        // Commas also stand inside the braces of a taint.
        var parts: [String] = []
        var depth = 0
        var part = ""
        for character in body {
            if character == "{" { depth += 1 }
            if character == "}" { depth -= 1 }
            if character == ",", depth == 0 { parts.append(part); part = "" } else { part.append(character) }
        }
        parts.append(part)
        reasons = parts.map { text in
            var text = text.drop { $0 == " " }
            let digits = text.prefix { $0.isNumber }
            let count = Int(digits)
            if count != nil { text = text.dropFirst(digits.count).drop { $0 == " " } }
            return (SchedulerMessage.reason(String(text)), count)
        }
    }

    private static func reason(_ text: String) -> Reason {
        let small = text.lowercased()
        if small.hasPrefix("insufficient ") { return .insufficient(String(text.dropFirst(13).prefix { $0 != " " && $0 != "." })) }
        if small.contains("too many pods") { return .tooManyPods }
        if small.contains("untolerated taint") || small.contains("had taint") {
            guard let open = text.firstIndex(of: "{"), let close = text.firstIndex(of: "}"), open < close else { return .taint(nil) }
            return .taint(String(text[text.index(after: open)..<close]))
        }
        if small.contains("node affinity/selector") || small.contains("node selector")
            || small.contains("node affinity") && small.contains("didn't match pod")
        {
            return .selectorMismatch
        }
        if small.contains("anti-affinity") { return .antiAffinity }
        if small.contains("pod affinity") { return .podAffinity }
        if small.contains("were unschedulable") { return .unschedulable }
        if small.contains("free ports") { return .hostPort }
        if small.contains("volume node affinity conflict") { return .volumeNodeConflict }
        if small.contains("volume zone") { return .volumeZone }
        if small.contains("unbound immediate persistentvolumeclaims") { return .unboundClaims }
        if small.contains("persistentvolumeclaim"), small.contains("not found") { return .claimMissing(quoted(text) ?? "") }
        if small.contains("topology spread") { return .topologySpread }
        if small.contains("max volume count") { return .tooManyVolumes }
        return .other(text)
    }

    private static func quoted(_ text: String) -> String? {
        let parts = text.split(separator: "\"", omittingEmptySubsequences: false)
        return parts.count >= 3 ? String(parts[1]) : nil
    }
}
