import Core
import Kubernetes

/// Carries out the kubectl commands of `steps.txt` against a twin, in the same process.
struct KubectlRun: Sendable {
    let cluster: CaseCluster

    func run(_ command: KubectlCommand) async throws(MartletError) {
        switch command.verb {
        case "annotate": try await set(command, "annotations")
        case "label": try await set(command, "labels")
        case "taint": try await taint(command)
        case "cordon", "uncordon": try await cordon(command, command.verb == "cordon")
        case "drain": try await drain(command)
        case "delete": try await delete(command)
        case "scale": try await scale(command)
        case "patch": try await patch(command)
        case "set": try await setPart(command)
        case "rollout": try await rollout(command)
        case "wait": try await waitFor(command)
        default: throw unknown(command)
        }
    }

    private func unknown(_ command: KubectlCommand) -> MartletError {
        MartletError(.invalid, "\(command.place): kubectl \(command.verb) \(command.part ?? "") is not understood")
    }

    // MARK: Objects

    /// `KIND/NAME` or `KIND NAME…`, and the arguments after them.
    func references(_ command: KubectlCommand, kind: String? = nil) throws(MartletError) -> ([CaseCluster.Reference], rest: [String]) {
        var words = command.arguments
        var found: [CaseCluster.Reference] = []
        func reference(_ kind: String, _ name: String) throws(MartletError) -> CaseCluster.Reference {
            guard let resource = CaseCluster.resource(kind) else {
                throw MartletError(.invalid, "\(command.place): there is no resource \(kind)")
            }
            return CaseCluster.Reference(resource: resource, namespace: command.namespace, name: name)
        }
        func isChange(_ word: String) -> Bool { word.contains("=") || word.hasSuffix("-") }
        while let word = words.first, word.contains("/"), !isChange(word) {
            let sides = word.split(separator: "/", maxSplits: 1).map(String.init)
            guard sides.count == 2 else { break }
            found.append(try reference(sides[0], sides[1]))
            words.removeFirst()
        }
        if found.isEmpty, let kind = kind ?? words.first {
            if !words.isEmpty, words.first == kind || CaseCluster.resource(words[0])?.type.kind == kind { words.removeFirst() }
            while let name = words.first, !isChange(name) {
                found.append(try reference(kind, name))
                words.removeFirst()
            }
        }
        guard !found.isEmpty else { throw MartletError(.invalid, "\(command.place): no object is named") }
        return (found, words)
    }

    private func set(_ command: KubectlCommand, _ field: String) async throws(MartletError) {
        let (objects, changes) = try references(command)
        for object in objects {
            try await cluster.change(object) { json in
                for change in changes {
                    if change.hasSuffix("-") {
                        json[at: "metadata", field, String(change.dropLast())] = nil
                    } else if let (key, value) = Self.pair(change) {
                        json[at: "metadata", field, key] = .string(value)
                    }
                }
            }
        }
    }

    private static func pair(_ text: String) -> (String, String)? {
        let sides = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        return sides.count == 2 ? (sides[0], sides[1]) : nil
    }

    private func patch(_ command: KubectlCommand) async throws(MartletError) {
        let (objects, _) = try references(command)
        let body: JSON
        do { body = try JSON(parsing: command.options["patch"] ?? "") } catch {
            throw MartletError(.invalid, "\(command.place): the patch is not JSON: \(error.reason)")
        }
        let types = ["merge": "merge-patch", "json": "json-patch", "strategic": "strategic-merge-patch"]
        guard let type = types[command.options["type"] ?? "strategic"] else {
            throw MartletError(.invalid, "\(command.place): --type is merge, json or strategic")
        }
        for object in objects {
            let target = object.target + (command.options["subresource"].map { "/" + $0 } ?? "")
            try await cluster.call("PATCH", target, body, type: "application/\(type)+json")
        }
    }

    private func scale(_ command: KubectlCommand) async throws(MartletError) {
        guard let replicas = command.options["replicas"].flatMap({ Int($0) }) else {
            throw MartletError(.invalid, "\(command.place): --replicas is a number")
        }
        for object in try references(command).0 {
            try await cluster.call(
                "PATCH", object.target + "/scale", ["spec": ["replicas": JSON(replicas)]], type: "application/merge-patch+json")
        }
    }

    private func delete(_ command: KubectlCommand) async throws(MartletError) {
        var options: JSON = ["propagationPolicy": "Background"]
        if let grace = command.options["grace-period"].flatMap({ Int($0) }) { options["gracePeriodSeconds"] = JSON(grace) }
        let objects = try references(command).0
        for object in objects { try await cluster.call("DELETE", object.target, options) }
        guard command.flag("wait", unless: true) else { return }
        for object in objects { try await pass(command) { await cluster.get(object) == nil } }
    }

    // MARK: Nodes

    private func taint(_ command: KubectlCommand) async throws(MartletError) {
        let (nodes, changes) = try references(command, kind: "node")
        for node in nodes {
            try await cluster.change(node) { json in
                var taints = json["spec"]?["taints"]?.array ?? []
                for change in changes {
                    let isRemoval = change.hasSuffix("-")
                    let sides = (isRemoval ? change.dropLast() : change[...]).split(separator: ":", maxSplits: 1).map(String.init)
                    let key = sides[0].split(separator: "=", maxSplits: 1).map(String.init)
                    let effect = sides.count == 2 ? sides[1] : nil
                    taints.removeAll { $0["key"]?.string == key[0] && (effect == nil || $0["effect"]?.string == effect) }
                    if isRemoval { continue }
                    var taint: JSON = ["key": .string(key[0]), "effect": .string(effect ?? "NoSchedule")]
                    if key.count == 2 { taint["value"] = .string(key[1]) }
                    taints.append(taint)
                }
                json[at: "spec", "taints"] = JSON.unlessEmpty(taints)
            }
        }
    }

    private func cordon(_ command: KubectlCommand, _ isCordoned: Bool) async throws(MartletError) {
        for node in try references(command, kind: "node").0 {
            try await cluster.change(node) { $0[at: "spec", "unschedulable"] = isCordoned ? true : nil }
        }
    }

    private func drain(_ command: KubectlCommand) async throws(MartletError) {
        try await cordon(command, true)
        for node in try references(command, kind: "node").0 {
            let pods = try await cluster.call("GET", "/api/v1/pods?fieldSelector=spec.nodeName%3D\(node.name)")
            for pod in pods["items"]?.array ?? [] where pod.controller?["kind"]?.string != "DaemonSet" {
                let target = "/api/v1/namespaces/\(pod.metadataNamespace)/pods/\(pod.metadataName)/eviction"
                let eviction: JSON = [
                    "apiVersion": "policy/v1", "kind": "Eviction",
                    "metadata": ["name": .string(pod.metadataName), "namespace": .string(pod.metadataNamespace)],
                ]
                // A budget may forbid it; kubectl tries again every five seconds.
                try await pass(command, every: .seconds(5)) { (try? await cluster.call("POST", target, eviction)) != nil }
            }
        }
    }

    // MARK: Workloads

    private func setPart(_ command: KubectlCommand) async throws(MartletError) {
        let (objects, changes) = try references(command)
        let pairs = changes.compactMap(Self.pair)
        for object in objects {
            try await cluster.change(object) { json in
                var containers = json["spec"]?["template"]?["spec"]?["containers"]?.array ?? []
                for i in containers.indices {
                    for (name, value) in pairs {
                        if command.part == "image" {
                            if name == "*" || containers[i]["name"]?.string == name { containers[i]["image"] = .string(value) }
                        } else {
                            let others = (containers[i]["env"]?.array ?? []).filter { $0["name"]?.string != name }
                            containers[i]["env"] = .array(others + [["name": .string(name), "value": .string(value)]])
                        }
                    }
                }
                json[at: "spec", "template", "spec", "containers"] = .array(containers)
            }
        }
        guard command.part == "image" || command.part == "env" else { throw unknown(command) }
    }

    private func rollout(_ command: KubectlCommand) async throws(MartletError) {
        for object in try references(command).0 {
            switch command.part {
            case "status": try await pass(command) { await cluster.get(object).map(Rollout.isDone) ?? false }
            case "pause": try await cluster.change(object) { $0[at: "spec", "paused"] = true }
            case "resume": try await cluster.change(object) { $0[at: "spec", "paused"] = nil }
            case "restart":
                let now = cluster.twin.clock.now().rfc3339()
                try await cluster.change(object) {
                    $0[at: "spec", "template", "metadata", "annotations", "kubectl.kubernetes.io/restartedAt"] = .string(now)
                }
            case "undo":
                guard let template = try await Rollout.template(before: object, command.options["to-revision"], cluster) else {
                    throw MartletError(.invalid, "\(command.place): there is no earlier revision")
                }
                try await cluster.change(object) { $0[at: "spec", "template"] = template }
            default: throw unknown(command)
            }
        }
    }

    private func waitFor(_ command: KubectlCommand) async throws(MartletError) {
        let wanted = command.options["for"] ?? ""
        let objects = try references(command).0
        if wanted == "delete" {
            for object in objects { try await pass(command) { await cluster.get(object) == nil } }
            return
        }
        guard wanted.hasPrefix("condition=") else { throw MartletError(.invalid, "\(command.place): --for is condition=NAME or delete") }
        let sides = wanted.dropFirst("condition=".count).split(separator: "=").map(String.init)
        let status = sides.count == 2 ? sides[1] : "True"
        for object in objects {
            try await pass(command) { await cluster.get(object)?.condition(sides.first ?? "")?["status"]?.string == status }
        }
    }

    /// Lets time pass until something is so, or the command's time-out (kubectl's own default is endless; here an hour) is over. A
    /// time-out ends a command, not the steps.
    private func pass(_ command: KubectlCommand, every step: Duration = .milliseconds(500), until isSo: () async -> Bool)
        async throws(MartletError)
    {
        let end = cluster.twin.clock.now() + (command.duration("timeout") ?? .seconds(3600))
        while await !isSo(), cluster.twin.clock.now() < end { await cluster.twin.advance(by: step) }
    }
}

/// How far a rollout is (kubectl/pkg/polymorphichelpers).
enum Rollout {
    static func isDone(_ object: JSON) -> Bool {
        let status = object["status"]
        func count(_ field: String) -> Int { status?[field]?.int ?? 0 }
        guard status?["observedGeneration"]?.int ?? 0 >= object.generation else { return false }
        let replicas = object["spec"]?["replicas"]?.int ?? 1
        switch object.kind {
        case "DaemonSet":
            let wanted = count("desiredNumberScheduled")
            return count("updatedNumberScheduled") >= wanted && count("numberAvailable") >= wanted
        case "StatefulSet": return count("readyReplicas") >= replicas && count("updatedReplicas") >= replicas
        default:
            let updated = count("updatedReplicas")
            return updated >= replicas && count("replicas") <= updated && count("availableReplicas") >= updated
        }
    }

    /// The template of the revision before the present one, or of the named one.
    static func template(before object: CaseCluster.Reference, _ revision: String?, _ cluster: CaseCluster) async throws(MartletError)
        -> JSON?
    {
        let sets = try await cluster.call("GET", "/apis/apps/v1/namespaces/\(object.namespace)/replicasets")
        func number(_ set: JSON) -> Int { set.annotation("deployment.kubernetes.io/revision").flatMap { Int($0) } ?? 0 }
        let own = (sets["items"]?.array ?? []).filter { $0.controller?["name"]?.string == object.name }.sorted { number($0) > number($1) }
        let wanted = revision.flatMap { Int($0) }
        var template = (wanted.flatMap { n in own.first { number($0) == n } } ?? own.dropFirst().first)?["spec"]?["template"]
        template?[at: "metadata", "labels", "pod-template-hash"] = nil
        return template
    }
}
