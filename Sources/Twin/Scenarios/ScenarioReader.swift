import Core
import Documents
import Kubernetes

/// Reads the file of a scenario strictly: whatever is wrong is collected with its line.
struct ScenarioReader {
    private var reader = DocumentReader()
    /// The text of a file beside the scenario; nil when it cannot be read.
    private let open: @Sendable (String) -> String?

    init(open: @escaping @Sendable (String) -> String?) { self.open = open }

    mutating func read(_ text: String, name: String, file: String) throws(MartletError) -> Scenario {
        var scenario = Scenario(name: name)
        guard let json = try reader.read(text, file: file, as: .scenario) else { throw Self.refusal(file, ["the file is empty"]) }
        try finish(file)
        scenario.about = json["about"]?.string ?? ""
        scenario.nodes = json["nodes"]?.int ?? scenario.nodes
        if let word = json["application"]?.string {
            if let application = BuiltInApplication(rawValue: word) {
                scenario.objects = application.objects
                scenario.namespace = application.namespace
            } else {
                unknown("application", word, "application", BuiltInApplication.allCases.map(\.rawValue))
            }
        }
        scenario.namespace = json["namespace"]?.string ?? scenario.namespace
        scenario.objects += objects(json["manifests"], at: "manifests")
        scenario.load = (json["load"]?.object ?? [:]).map { ($0.key, $0.value.double ?? 0) }
        for (i, part) in (json["steps"]?.array ?? []).enumerated() {
            guard let step = step(part, at: "steps[\(i)]", namespace: scenario.namespace) else { continue }
            if let before = scenario.steps.last, step.at < before.at {
                report("steps[\(i)].at", "comes before the step above, which is at \(DurationText.text(before.at))")
            }
            scenario.steps.append(step)
        }
        try finish(file)
        return scenario
    }

    /// Throws all that was found so far.
    func finish(_ file: String) throws(MartletError) {
        if let failure = reader.failure(file, fix: Self.fix) { throw failure }
    }

    mutating func report(_ path: String, _ text: String) { reader.report(at: path, "\(path) \(text)") }

    private static let fix = "correct the file; martlet twin scenarios --schema prints what it may hold"

    private static func refusal(_ file: String, _ lines: [String]) -> MartletError {
        MartletError(.invalid, "\(file):1:1: \(lines.joined(separator: ", "))", fix: fix)
    }

    private mutating func unknown(_ path: String, _ word: String, _ what: String, _ names: [String]) {
        report(path, "names no \(what): \"\(word.terminalSafe)\"\(Nearest.hint(word, among: names))")
    }

    // MARK: Steps

    private static let deeds = ["apply", "delete", "patch", "load", "inject"]

    private mutating func step(_ json: JSON, at path: String, namespace: String) -> Scenario.Step? {
        let given = Self.deeds.filter { json[$0] != nil }
        if given.isEmpty, json["say"] == nil {
            report(path, "does nothing: it needs say or one of \(Self.deeds.joined(separator: ", "))")
        }
        if given.count > 1 { report("\(path).\(given[1])", "cannot stand beside \(given[0]): make it a step of its own") }
        let needsTarget = given.contains { ["patch", "load", "inject"].contains($0) }
        if needsTarget, json["target"] == nil { report(path, "has no target for its \(given[0])") }
        if !needsTarget, json["target"] != nil { report("\(path).target", "belongs to patch, load or inject") }
        if json["for"] != nil, !given.contains("load"), !given.contains("inject") {
            report("\(path).for", "belongs to load or inject: take other things back with a step of their own")
        }
        if duration(json["for"]) == .zero { report("\(path).for", "must be longer than nothing") }
        if given.isEmpty, json["truth"] != nil { report("\(path).truth", "belongs to a step that does something") }
        guard let at = duration(json["at"]) else { return nil }
        var step = Scenario.Step(at: at, say: json["say"]?.string, time: duration(json["for"]))
        step.deed = given.first.flatMap { deed($0, json, at: path, namespace: namespace) }
        if let truth = json["truth"] {
            step.truth = Scenario.Truth(category: truth["category"]?.string ?? "", resource: truth["resource"]?.string ?? "")
        } else if case .inject(let fault, let target) = step.deed {
            step.truth = Scenario.Truth(category: fault, resource: "\(target.kind)/\(target.name)")
        }
        return step
    }

    private mutating func deed(_ field: String, _ json: JSON, at path: String, namespace: String) -> Scenario.Deed? {
        let value = json[field] ?? .null
        func target(_ text: JSON?) -> FaultTarget? { text?.string.flatMap { try? FaultTarget($0).home(namespace) } }
        switch field {
        case "apply": return .apply(objects(value, at: "\(path).apply"))
        case "delete": return target(value).map { .delete($0) }
        case "patch":
            if value.object?.isEmpty ?? true { report("\(path).patch", "must be a table of what changes") }
            guard let target = target(json["target"]) else { return nil }
            for field in Self.unknownFields(of: value, in: target.kind) {
                report("\(path).patch.\(field)", "is no field of a \(target.kind)")
            }
            return .patch(target, value)
        case "load":
            guard let target = target(json["target"]) else { return nil }
            if target.kind != "Service" { report("\(path).target", "must be a Service: load reaches nothing else") }
            return .load(target, value.double ?? 0)
        default:
            let slug = value.string ?? ""
            guard let fault = FaultRegistry.fault(slug) else {
                unknown("\(path).inject", slug, "fault", FaultRegistry.all.map(\.slug))
                return nil
            }
            // What belongs to the cluster itself knows where it is.
            let aim = fault.isOfCluster ? json["target"]?.string.flatMap { try? FaultTarget($0) } : target(json["target"])
            return aim.map { .inject(slug, $0) }
        }
    }

    /// The fields of a strategic merge patch that a kind does not have; what begins with `$` says how to merge.
    private static func unknownFields(of patch: JSON, in kind: String) -> [String] {
        guard let type = APIResources.served.all.first(where: { $0.type.kind == kind && !$0.verbs.isEmpty })?.type else { return [] }
        let schema = Schemas.builtIn.schema(kind: kind, group: type.group, version: type.version)
        return SchemaCheck(patch, schema: schema).unknown.filter { $0.split(separator: ".").last?.hasPrefix("$") != true }
    }

    private func duration(_ json: JSON?) -> Duration? { json?.string.flatMap { DurationText.parse($0) } }

    // MARK: Objects

    private mutating func objects(_ list: JSON?, at path: String) -> [JSON] {
        var found: [JSON] = []
        for (i, element) in (list?.array ?? []).enumerated() {
            let place = "\(path)[\(i)]"
            var objects = [element]
            if let file = element.string {
                guard let text = open(file) else { report(place, "names a file that cannot be read: \(file.terminalSafe)"); continue }
                do { objects = try Manifest.read(text, place: file) } catch {
                    report(place, "cannot be used: \(([error.message] + error.details).joined(separator: "; "))")
                    continue
                }
            }
            for object in objects where object.kind.isEmpty || object["apiVersion"]?.string == nil || object.metadataName.isEmpty {
                report(place, "is no object: it needs apiVersion, kind and metadata.name")
            }
            for object in objects { if let mistake = BehaviourMistake.find(in: object) { report(place, "is wrong: \(mistake)") } }
            found += objects
        }
        return found
    }
}
