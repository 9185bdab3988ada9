import Core
import Foundation
import Kubernetes

/// A captured case: what was applied and done, and the lists that a real API server then gave.
struct RecordedCase: Sendable {
    let name: String
    let namespace: String
    let category: String
    /// `Kind/name` of what is blamed: the target of a fault of the cluster.
    let resource: String
    let manifest: [JSON]
    /// nil where there is no `steps.txt`.
    let steps: [ScenarioStep]?
    /// By file name without `.json`.
    let lists: [String: [JSON]]
    /// Names of the kinds that were asked for; one without a list had no items.
    let listed: [String]
    /// When the namespace was made, and when the state was captured.
    let start: Timestamp
    let end: Timestamp

    init(_ folder: URL) throws(MartletError) {
        let name = folder.lastPathComponent
        self.name = name
        func text(_ file: String) throws(MartletError) -> String {
            guard let text = Self.text(folder.appending(path: file)) else {
                throw MartletError(.notFound, "\(name)/\(file) is missing", fix: "a case is a folder with \(file)")
            }
            return text
        }
        func json(_ file: String) throws(MartletError) -> JSON {
            let text = try text(file)
            do { return try JSON(parsing: text) } catch { throw MartletError(.invalid, "\(name)/\(file) is \(error.description)") }
        }
        let expected = try json("expected.json")
        category = expected["category"]?.string ?? ""
        resource = expected["resource"]?.string ?? ""
        namespace = expected["namespace"]?.string ?? name
        manifest = try Manifest.read(try text("manifest.yaml"), place: "\(name)/manifest.yaml")
        if let text = Self.text(folder.appending(path: "steps.txt")) {
            steps = try ScenarioStep.read(text, place: "\(name)/steps.txt")
        } else {
            steps = nil
        }
        let meta = try json("meta.json")
        listed = (meta["listed"]?.array ?? []).compactMap(\.string)
        var lists: [String: [JSON]] = [:]
        let files = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        for file in files.sorted() where file.hasSuffix(".json") && file != "meta.json" && file != "expected.json" {
            lists[String(file.dropLast(5))] = try json(file)["items"]?.array ?? []
        }
        self.lists = lists
        guard let end = (meta["time"] ?? expected["captured_at"])?.string.flatMap({ Timestamp($0) }) else {
            throw MartletError(.invalid, "\(name)/meta.json does not say when it was captured", fix: "give \"time\"")
        }
        self.end = end
        let home = lists["namespaces"]?.first { $0.metadataName == expected["namespace"]?.string }
        start = home?.created ?? lists.values.joined().map(\.created).filter { $0.nanoseconds > 0 }.min() ?? end
    }

    /// When what the manifest holds besides its namespace was made.
    var applied: Timestamp {
        let names = Set(manifest.filter { $0.kind != "Namespace" }.map(\.metadataName))
        let made = lists.filter { !$0.key.contains(".") && $0.key != "events" }.values.joined()
            .filter { names.contains($0.metadataName) && $0.metadataNamespace == namespace && $0.controller == nil }.map(\.created)
        return max(start, made.filter { $0.nanoseconds > 0 }.min() ?? start)
    }

    /// Whether the cluster had metrics.k8s.io. Its APIService says so where APIServices were listed; else a container that has run for a
    /// minute has a measure of its use.
    var servesResourceMetrics: Bool {
        if listed.contains("apiservices") {
            return lists["apiservices"]?.contains { $0.metadataName == "v1beta1.metrics.k8s.io" } ?? false
        }
        if listed.contains("podmetrics") || lists["podmetrics"] != nil { return true }
        let containers = (lists["pods"] ?? []).flatMap { $0["status"]?["containerStatuses"]?.array ?? [] }
        return !containers.contains { container in
            guard let since = container["state"]?["running"]?["startedAt"]?.string.flatMap({ Timestamp($0) }) else { return false }
            return end - since >= .seconds(60)
        }
    }

    private static func text(_ file: URL) -> String? {
        guard let bytes = FileManager.default.contents(atPath: file.path), bytes.count < 64 << 20 else { return nil }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Objects of the cluster that were there before the case: its nodes as they were without what the case did to them, its storage and
    /// ingress classes, its own services.
    var surroundings: [JSON] {
        var objects: [JSON] = []
        for node in lists["nodes"] ?? [] {
            var node = Self.typed(node, "v1", "Node")
            // What the control plane says of a node is for the twin's to say.
            node[at: "status", "conditions"] = nil
            let taints = (node["spec"]?["taints"]?.array ?? []).filter { $0["key"]?.string?.hasPrefix("node.kubernetes.io/") != true }
            node[at: "spec", "taints"] = JSON.unlessEmpty(taints)
            node[at: "spec", "unschedulable"] = nil
            objects.append(node)
        }
        for (file, version, kind) in [
            ("storageclasses", "storage.k8s.io/v1", "StorageClass"), ("ingressclasses", "networking.k8s.io/v1", "IngressClass"),
            ("apiservices", "apiregistration.k8s.io/v1", "APIService"), ("kube-system.services", "v1", "Service"),
        ] {
            for object in lists[file] ?? [] {
                var object = Self.typed(object, version, kind)
                object["status"] = nil
                objects.append(object)
            }
        }
        for deployment in lists["kube-system.deployments"] ?? [] {
            var deployment = Self.typed(deployment, "apps/v1", "Deployment")
            deployment["status"] = nil
            if deployment["spec"]?["replicas"]?.int == 0 { deployment[at: "spec", "replicas"] = 1 }
            objects.append(deployment)
        }
        return objects
    }

    /// An item of a list with the type that only the list names.
    private static func typed(_ item: JSON, _ apiVersion: String, _ kind: String) -> JSON {
        var item = item
        item["apiVersion"] = .string(apiVersion)
        item["kind"] = .string(kind)
        return item
    }
}
