import Core
import Diagnosis
import Foundation
import Kubernetes
import Testing

@testable import KubernetesDiagnosis

/// The table of states that a peer's public tests distinguish, each shown by the objects in `Fixtures/conditions`.
struct ConditionCase: Sendable, CustomTestStringConvertible {
    enum Verdict: String { case keep, improve, reject }

    let id: String
    let verdict: Verdict
    /// What the peer finds.
    let findings: Int
    let fixture: JSON?

    var testDescription: String { id }

    private static let folder = Golden.fixtures.appendingPathComponent("conditions")
    static let inapplicable = document("inapplicable.json")

    static let all: [ConditionCase] = (document("table.json").array ?? []).compactMap { row in
        guard let id = row["id"]?.string, let verdict = row["verdict"]?.string.flatMap({ Verdict(rawValue: $0) }) else { return nil }
        let file = id.prefix { $0 != "." }.filter { $0 != " " } + ".json"
        return ConditionCase(
            id: id, verdict: verdict, findings: row[at: "expect", "findings"]?.int ?? 0,
            fixture: inapplicable[id] == nil ? document(file)[id] : nil)
    }

    private static func document(_ name: String) -> JSON {
        (try? JSON(parsing: Array(Data(contentsOf: folder.appendingPathComponent(name))))) ?? [:]
    }

    /// Everything was listed but what the fixture says: what it does not hold does not exist.
    func snapshot() throws -> KubernetesSnapshot {
        let fixture = try #require(fixture, "no fixture shows \(id)")
        var snapshot = KubernetesSnapshot(time: Sample.now, cluster: "test")
        snapshot.listed = Set(ResourceType.known.map(\.listedName)).subtracting(
            ["namespaces"] + (fixture["unlisted"]?.array ?? []).compactMap(\.string))
        for object in fixture["objects"]?.array ?? [] { try snapshot.add(KubernetesObject(parsing: expanded(object).serialized())) }
        for (file, text) in fixture["logs"]?.object ?? [:] {
            let name = try #require(LogFileName(file))
            let pod = try #require(snapshot.pods.first { $0.metadata.name == name.pod }).metadata
            snapshot.logs[.init(namespace: pod.namespace, pod: pod.name, container: name.container, previous: name.previous)] =
                name.error.map { .refused(status: $0, message: "") } ?? .text(Array((text.string ?? "").utf8))
        }
        return snapshot
    }

    func report() throws -> DiagnosisReport {
        let snapshot = try snapshot()
        let scope = try DiagnosisScope(namespace: fixture?["namespace"]?.string, selector: fixture?["selector"]?.string, target: nil)
        return try scope.narrow(diagnose(snapshot), snapshot)
    }

    /// `{"repeat": "x", "times": n}` stands for a long text.
    private func expanded(_ json: JSON) -> JSON {
        switch json {
        case .object(let members):
            if let text = members["repeat"]?.string, let times = members["times"]?.int {
                return .string(String(repeating: text, count: times))
            }
            return .object(JSONObject(members.map { ($0.key, expanded($0.value)) }))
        case .array(let elements): return .array(elements.map(expanded))
        default: return json
        }
    }
}

@Suite struct ConditionTests {
    /// Improvements that consist in silence.
    private static let silent: Set<String> = ["ConfigMap.root-ca", "Deployment.nil-replicas"]
    /// One finding, wherever the peer has several.
    private static let single: Set<String> = ["Node.mixed", "Service.no-endpoints", "Service.selector-per-label", "Storage.two-defaults"]

    @Test func everyConditionIsShownOrNamedInapplicable() {
        #expect(ConditionCase.all.count == 173)
        for condition in ConditionCase.all {
            #expect((condition.fixture != nil) != (ConditionCase.inapplicable[condition.id]?.string != nil), "\(condition.id)")
        }
    }

    /// A mask leaves no name of a pod or namespace in what is said.
    @Test(arguments: ["StatefulSet.masking", "General.mask-replace"])
    func saysNothingOfNamesThatAreMasked(_ id: String) throws {
        let condition = try #require(ConditionCase.all.first { $0.id == id })
        let objects = try (condition.fixture?["objects"]?.array ?? []).map { try KubernetesObject(parsing: $0.serialized()) }
        let mask = IdentifierMask(objects, key: [1])
        var snapshot = try condition.snapshot()
        (snapshot.pods, snapshot.statefulSets) = ([], [])
        for object in objects { try snapshot.add(KubernetesObject(parsing: mask.json(object.json()).serialized())) }
        let text = diagnose(snapshot).json().text()
        #expect(text.contains("id-"))
        for object in objects { #expect(!text.contains("\(object.metadata.name)\""), "\(object.metadata.name) in \(text)") }
    }

    @Test func everyRuleSaysWhatItDoes() {
        for rule in Rules.all {
            let documentation = rule.documentation
            #expect(!documentation.concludes.isEmpty && !documentation.sees.isEmpty && !documentation.evidence.isEmpty, "\(rule.name)")
            #expect(!documentation.next.isEmpty && documentation.references.allSatisfy { $0.hasPrefix("https://") }, "\(rule.name)")
        }
        #expect(Set(Rules.all.map(\.name)).count == Rules.all.count)
    }

    @Test(arguments: ConditionCase.all.filter { $0.fixture != nil })
    func isJudgedRight(_ condition: ConditionCase) throws {
        let report = try condition.report()
        let found =
            report.causes.map { "\($0.category) of \($0.resource.shortDescription): \($0.text)" }
            + report.hygiene.map { "\($0.rule) of \($0.entity.shortDescription): \($0.text)" }
        switch condition.verdict {
        case .keep: #expect(found.isEmpty == (condition.findings == 0), "\(found)")
        case .improve where condition.id == "Log.fetch-error":
            // A gap of access, not a fault.
            #expect(found.isEmpty && report.undetermined.contains { $0.contains("logs of container app") }, "\(found)")
        case .improve: #expect(found.isEmpty == ConditionTests.silent.contains(condition.id), "\(found)")
        case .reject where condition.id == "ConfigMap.same-name-other-ns":
            #expect(report.causes.isEmpty && report.hygiene.map(\.entity.namespace) == ["b"], "\(found)")
        case .reject where condition.id == "Service.selector-per-label": break
        case .reject: #expect(found.isEmpty, "\(found)")
        }
        if ConditionTests.single.contains(condition.id) { #expect(found.count == 1, "\(found)") }
        if let entity = condition.fixture?["entity"]?.string {
            #expect(report.causes.contains { $0.resource.resource == entity }, "\(found)")
        }
    }
}
