import Core
import Documents
import Foundation
import Kubernetes
import Testing

@testable import KubernetesDiagnosis

/// One case of a rule: a small cluster, and what is to be said of it. All are data, in `Fixtures/rules` (its README has the form).
struct RuleCase: Sendable, CustomTestStringConvertible {
    enum Kind: String, Sendable, CaseIterable {
        case positive, negative
        case redHerring = "red-herring"
    }

    let rule: String
    /// The kind, and a word behind it where there are several.
    let name: String
    let document: JSON

    var testDescription: String { "\(rule) \(name)" }
    /// Nil for a name that begins with none.
    var kind: Kind? { Kind(rawValue: String(name.prefix { $0 != " " })) }
    /// `CATEGORY of KIND/NAME`, `hygiene of KIND/NAME`, or `healthy`.
    var expected: String { document["expect"]?.string ?? "" }

    static let folder = Golden.fixtures.appendingPathComponent("rules")

    /// By the order of the rules, then by name; a rule without a file has none.
    static let all: [RuleCase] = Rules.all.flatMap { rule in
        let file = try? RuleCase.document("\(rule.name).yaml")
        return (file?.object?.keys ?? []).sorted().map { RuleCase(rule: rule.name, name: $0, document: file?[$0] ?? [:]) }
    }

    static func document(_ name: String) throws -> JSON {
        try DocumentReader.json(String(contentsOf: folder.appendingPathComponent(name), encoding: .utf8), place: name)
    }

    func snapshot() throws -> KubernetesSnapshot { try CaseCluster(document).snapshot() }
}

/// The cluster that a case describes: layer upon layer, the lowest one a captured case or nothing.
struct CaseCluster {
    let time: Timestamp
    private(set) var objects: [JSON] = []
    private var logs: JSON = [:]
    private var metrics: [MetricSeries] = []
    /// As in `units.json` of a snapshot folder.
    private var units: [NodeUnit] = []
    private var unlisted: Set<String> = []
    private var captured: KubernetesSnapshot?

    private static let fields: Set<String> = [
        "about", "base", "golden", "remove", "set", "add", "events", "logs", "series", "traffic", "units", "unlisted", "expect",
    ]

    init(_ document: JSON) throws {
        let layers = try CaseCluster.layers(document)
        if let name = layers.compactMap({ $0["golden"]?.string }).first {
            let golden = try #require(Golden.cases.first { $0.name == name }, "there is no captured case \(name)")
            var reading = FolderReading(keepsObjects: true)
            try reading.read(golden.folder)
            captured = reading.snapshot
            time = reading.snapshot.time
            objects =
                try ClusterObjects(reading.snapshot, reading.objects).objects
                + reading.objects.filter { $0.kind.hasSuffix("Metrics") }.map { try $0.json() }
        } else {
            time = Sample.now
        }
        for layer in layers { try apply(CaseTime(time).resolved(layer)) }
    }

    /// What a document is built on, then itself.
    private static func layers(_ document: JSON) throws -> [JSON] {
        let unknown = Set(document.object?.keys ?? []).subtracting(fields).sorted()
        try #require(unknown.isEmpty, "unknown fields: \(unknown)")
        let bases = document["base"]?.array ?? document["base"].map { [$0] } ?? []
        return try bases.compactMap(\.string).flatMap { try layers(RuleCase.document("bases/\($0).yaml")) } + [document]
    }

    private mutating func apply(_ layer: JSON) throws {
        for pattern in (layer["remove"]?.array ?? []).compactMap(\.string) {
            for index in try indices(pattern).reversed() { objects.remove(at: index) }
        }
        objects += layer["add"]?.array ?? []
        for (pattern, changes) in layer["set"]?.object ?? [:] {
            for index in try indices(pattern) { objects[index] = try CaseCluster.changed(objects[index], changes) }
        }
        for event in layer["events"]?.array ?? [] { objects.append(try self.event(event)) }
        logs = logs.merging(patch: layer["logs"] ?? [:])
        for series in layer["series"]?.array ?? [] { metrics.append(CaseMeasurements.series(series, time)) }
        if let traffic = layer["traffic"] { metrics = CaseMeasurements.traffic(traffic, pods: pods, time) }
        units += (layer["units"]?.array ?? []).compactMap(NodeUnit.init(json:))
        unlisted.formUnion((layer["unlisted"]?.array ?? []).compactMap(\.string))
    }

    /// Objects called `Kind/name`; a `*` stands for any part of the name.
    private func indices(_ pattern: String) throws -> [Int] {
        let parts = pattern.split(separator: "*", omittingEmptySubsequences: false)
        let found = objects.indices.filter { index in
            let name = CaseCluster.name(objects[index])
            return parts.count == 1 ? name == pattern : name.hasPrefix(parts[0]) && name.hasSuffix(parts[parts.count - 1])
        }
        try #require(!found.isEmpty, "nothing is called \(pattern)")
        return found
    }

    static func name(_ object: JSON) -> String { "\(object["kind"]?.string ?? "?")/\(object[at: "metadata", "name"]?.string ?? "?")" }

    /// Values by JSON pointer: what is there is replaced, what is not is added, and `null` takes away.
    private static func changed(_ object: JSON, _ changes: JSON) throws -> JSON {
        var object = object
        for (path, value) in changes.object ?? [:] {
            let pointer = try #require(JSONPointer(path), "\(path) is no JSON pointer")
            let operation: JSONPatch.Operation =
                value.isNull ? .remove(pointer) : object[pointer] == nil ? .add(pointer, value) : .replace(pointer, value)
            do { object = try JSONPatch([operation]).apply(to: object) } catch {
                throw MartletError(.invalid, "\(name(object)): nothing to hold \(path)")
            }
        }
        return object
    }

    private var pods: [JSON] { objects.filter { $0["kind"]?.string == "Pod" } }

    /// `about: Kind/name`, reason, message; count, first and last where they matter.
    private func event(_ short: JSON) throws -> JSON {
        let about = short["about"]?.string ?? ""
        let parts = about.split(separator: "/").map(String.init)
        try #require(parts.count == 2, "an event is about Kind/name, not \(about)")
        let object = objects.first { CaseCluster.name($0) == about }
        let namespace = object?[at: "metadata", "namespace"]?.string ?? (parts[0] == "Node" ? "default" : CaseFilling.namespace)
        let last = short["last"] ?? .string((time + .seconds(-20)).rfc3339())
        return [
            "apiVersion": "v1", "kind": "Event", "type": short["type"] ?? "Warning", "reason": short["reason"] ?? "",
            "message": short["message"] ?? "", "count": short["count"] ?? 1, "firstTimestamp": short["first"] ?? last,
            "lastTimestamp": last, "metadata": ["name": .string("\(parts[1]).\(objects.count)"), "namespace": .string(namespace)],
            "involvedObject": [
                "kind": .string(parts[0]), "name": .string(parts[1]), "namespace": .string(namespace),
                "uid": object?[at: "metadata", "uid"] ?? .string(CaseFilling.uid(about)),
            ],
        ]
    }

    /// Everything was listed but what a layer says: what is not in the cluster does not exist. Captured cases know what they asked for.
    func snapshot() throws -> KubernetesSnapshot {
        var snapshot = KubernetesSnapshot(time: time, cluster: "test")
        if let captured {
            (snapshot.namespaces, snapshot.listed, snapshot.forbidden) = (captured.namespaces, captured.listed, captured.forbidden)
            (snapshot.logs, snapshot.notes) = (captured.logs, captured.notes)
        } else {
            snapshot.listed = Set(ResourceType.known.map(\.listedName)).subtracting(["namespaces"])
        }
        snapshot.listed.subtract(unlisted)
        for object in captured == nil ? CaseFilling.filled(objects, time) : objects {
            try snapshot.add(KubernetesObject(parsing: object.serialized()))
        }
        for (file, text) in logs.object ?? [:] {
            let name = try #require(LogFileName(file), "\(file) is no name of a log")
            let pod = try #require(snapshot.pods.first { $0.metadata.name == name.pod }, "there is no pod \(name.pod)").metadata
            snapshot.logs[.init(namespace: pod.namespace, pod: pod.name, container: name.container, previous: name.previous)] =
                .text(Array((text.string ?? "").utf8))
        }
        snapshot.metrics = MetricTable(metrics)
        snapshot.units = units
        return snapshot
    }
}

/// Times relative to the snapshot's: `now`, `now-5m`; within a text `{now-5m}`.
struct CaseTime {
    private let now: Timestamp

    init(_ now: Timestamp) { self.now = now }

    func resolved(_ json: JSON) -> JSON {
        switch json {
        case .object(let members): .object(members.mapValues(resolved))
        case .array(let elements): .array(elements.map(resolved))
        case .string(let text): .string(resolved(text))
        default: json
        }
    }

    private func resolved(_ text: String) -> String {
        guard text.contains("now") else { return text }
        if let match = text.wholeMatch(of: #/now(?:([+-]\d+)([smhd]))?/#) { return at(match.output.1, match.output.2) }
        return text.replacing(#/\{now(?:([+-]\d+)([smhd]))?\}/#) { at($0.output.1, $0.output.2) }
    }

    private func at(_ amount: Substring?, _ unit: Substring?) -> String {
        let seconds = ["s": 1, "m": 60, "h": 3600, "d": 86_400][unit ?? "s"] ?? 1
        return (now + .seconds((amount.flatMap { Int($0) } ?? 0) * seconds)).rfc3339()
    }
}
