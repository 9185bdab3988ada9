package import Core

extension Scenario {
    /// Reads a scenario and goes through its steps once, at a standstill, in a cluster of its own: what cannot be played is refused
    /// before anything starts.
    /// - Parameters:
    ///   - file: how the file is called in errors.
    ///   - nodes: how many workers there will be, where that is not for the file to say.
    ///   - open: the text of a file that the scenario names; nil when it cannot be read.
    /// - Throws: `MartletError` (`invalid`): everything that is wrong, each with file, line, column and field.
    package static func read(
        _ text: String, name: String, file: String, nodes: Int? = nil, open: @escaping @Sendable (String) -> String? = { _ in nil }
    ) async throws(MartletError) -> Scenario {
        var reader = ScenarioReader(open: open)
        var scenario = try reader.read(text, name: name, file: file)
        scenario.nodes = nodes ?? scenario.nodes
        let stage = SimulatedCluster(TwinOptions(nodes: scenario.nodes), images: BehaviourCatalogue())
        try await stage.makeClusterServices()
        for (field, problem) in await stage.rehearse(scenario) { reader.report(field, problem) }
        try reader.finish(file)
        return scenario
    }
}

extension SimulatedCluster {
    /// Does everything of a scenario now, one thing after the other: what fails, by the field that says it.
    func rehearse(_ scenario: Scenario) -> [(field: String, problem: String)] {
        var problems: [(field: String, problem: String)] = []
        func attempt(_ field: String, _ body: () throws(MartletError) -> Void) {
            do throws(MartletError) { try body() } catch { problems.append((field, "cannot be done: \(error.message)")) }
        }
        attempt("namespace") { () throws(MartletError) in try makeNamespace(scenario.namespace) }
        for object in scenario.objects {
            attempt("manifests") { () throws(MartletError) in try apply(object, in: scenario.namespace) }
        }
        for (service, rate) in scenario.load {
            let target = FaultTarget(namespace: scenario.namespace, kind: "Service", name: service)
            attempt("load.\(service)") { () throws(MartletError) in try put(load: rate, on: target) }
        }
        for (i, step) in scenario.steps.enumerated() {
            guard let deed = step.deed else { continue }
            attempt("steps[\(i)].\(deed.field)") { () throws(MartletError) in try perform(step, in: scenario.namespace) }
        }
        return problems
    }
}
