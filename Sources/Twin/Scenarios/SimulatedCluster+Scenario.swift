package import Core
import Documents
import Kubernetes

/// A scenario while it is played: how far it is, and who hears of it.
struct ScenarioPlay: Sendable {
    let scenario: Scenario
    let start: Timestamp
    var done = 0
    let tell: @Sendable (ScenarioNote) -> Void

    /// When something is to be done next; nil when all is done.
    var next: Timestamp? { done < scenario.steps.count ? start + scenario.steps[done].at : nil }
}

/// Something that a scenario has done, or could not do.
package struct ScenarioNote: Sendable {
    /// The cluster's time.
    package let time: Timestamp
    package let text: String
    /// Why it could not be done; nil: it was.
    package let failure: String?

    package init(time: Timestamp, text: String, failure: String? = nil) {
        self.time = time
        self.text = text
        self.failure = failure
    }
}

extension SimulatedCluster {
    /// Makes what a scenario runs; its timeline is played as the clock passes. What a step cannot do, since the cluster has changed in the
    /// meantime, is told and passed over.
    /// - Throws: `MartletError` when its objects cannot be made.
    package func play(_ scenario: Scenario, tell: @escaping @Sendable (ScenarioNote) -> Void = { _ in }) throws(MartletError) {
        try makeNamespace(scenario.namespace)
        for object in scenario.objects { try apply(object, in: scenario.namespace) }
        for (service, rate) in scenario.load {
            try put(load: rate, on: FaultTarget(namespace: scenario.namespace, kind: "Service", name: service))
        }
        play = ScenarioPlay(scenario: scenario, start: clock.now(), tell: tell)
        playDue()
    }

    /// Nothing is left to be done, and nothing will end by itself.
    package var isPlayOver: Bool { play?.next == nil && faults.allSatisfy { $0.until == nil } }

    /// Does the steps that are due.
    func playDue() {
        while let current = play, let next = current.next, next <= clock.now() {
            let step = current.scenario.steps[current.done]
            play?.done += 1
            var failure: String?
            do throws(MartletError) { try perform(step, in: current.scenario.namespace) } catch { failure = error.message }
            current.tell(ScenarioNote(time: clock.now(), text: step.say ?? step.deed?.text ?? "", failure: failure))
        }
    }

    /// Tells that a fault has ended.
    func playEnd(of fault: InjectedFault) {
        play?.tell(ScenarioNote(time: clock.now(), text: "\(fault.truth.category) of \(fault.truth.resource) is over"))
    }

    // MARK: What can be done

    func perform(_ step: Scenario.Step, in namespace: String) throws(MartletError) {
        switch step.deed {
        case nil: break
        case .apply(let objects): for object in objects { try apply(object, in: namespace) }
        case .delete(let target):
            let place = try place(of: target)
            try send("DELETE", place.path, ["propagationPolicy": "Background"])
        case .patch(let target, let patch):
            let place = try place(of: target)
            try send(
                "PATCH", place.path, patch, type: "application/strategic-merge-patch+json",
                query: [("fieldManager", Self.manager)])
        case .load(let target, let rate): try put(load: rate, on: target, for: step.time, truth: step.truth)
        case .inject(let fault, let target):
            do throws(MartletError) { _ = try inject(fault, at: target, for: step.time, truth: step.truth) } catch {
                // Where the target is missing, that is said with what was meant.
                if error.code == .notFound { _ = try place(of: target) }
                throw error
            }
        }
    }

    /// Sets the requests per second that reach a Service from outside.
    func put(load rate: Double, on target: FaultTarget, for time: Duration? = nil, truth: Scenario.Truth? = nil) throws(MartletError) {
        let key = try place(of: target).key
        let (path, value) = (["metadata", "annotations", LoadShape.annotation], JSON.string(JSON.ecmaScriptNumber(rate)))
        guard time != nil else { return try onScene { (scene) throws(MartletError) in try scene.set(path, to: value, of: key) } }
        let truth = truth ?? Scenario.Truth(category: "traffic-surge", resource: "\(target.kind)/\(target.name)")
        _ = try begin(truth, for: time) { (scene) throws(MartletError) in
            try scene.set(path, to: value, of: key)
            return nil
        }
    }

    func makeNamespace(_ name: String) throws(MartletError) {
        guard store.get(ObjectKey(type: .namespaces, namespace: "", name: name)) == nil else { return }
        try apply(["apiVersion": "v1", "kind": "Namespace", "metadata": ["name": .string(name)]], in: "")
    }

    /// As `kubectl apply --server-side` does.
    func apply(_ object: JSON, in namespace: String) throws(MartletError) {
        let name = object.metadataName
        guard let resource = APIResources.served.resource(kind: object.kind, apiVersion: object.apiVersion) else {
            throw MartletError(.invalid, "\(object.apiVersion) \(object.kind) is nothing that the twin serves")
        }
        let home = object.metadataNamespace.isEmpty ? namespace : object.metadataNamespace
        try send(
            "PATCH", CaseCluster.target(resource, home, name), object, type: "application/apply-patch+yaml",
            query: [("fieldManager", Self.manager), ("force", "true")])
    }

    // MARK: How it is done

    private static let manager = "scenario"

    private func send(
        _ method: String, _ path: String, _ body: JSON, type: String = "application/json", query: [(name: String, value: String)] = []
    ) throws(MartletError) {
        let answer = answer(TwinRequest(method, path: path, query: query, headers: ["content-type": type], body: body.serialized()))
        guard answer.status >= 400 else { return }
        let message = (try? JSON(parsing: answer.body))?["message"]?.string
        throw MartletError(answer.status == 404 ? .notFound : .invalid, message ?? "the twin answered \(answer.status)")
    }

    /// The object that is meant; one that is not there is refused with the nearest that is.
    private func place(of target: FaultTarget) throws(MartletError) -> (key: ObjectKey, path: String) {
        guard let resource = APIResources.served.all.first(where: { $0.type.kind == target.kind && !$0.verbs.isEmpty }) else {
            let kinds = Set(APIResources.served.all.map(\.type.kind)).sorted()
            throw MartletError(.notFound, "there is no kind \(target.kind)\(Nearest.hint(target.kind, among: kinds))")
        }
        let namespace = resource.type.isNamespaced ? target.namespace ?? "default" : ""
        let key = ObjectKey(type: resource.storage, namespace: namespace, name: target.name)
        guard store.get(key) != nil else {
            let place = namespace.isEmpty ? "" : " in namespace \(namespace)"
            throw MartletError(.notFound, "there is no \(target.kind)/\(target.name)\(place)\(hint(target, namespace))")
        }
        return (key, CaseCluster.target(resource, namespace, target.name))
    }

    /// What may have been meant: a thing of another kind with this name, else the nearest name of this kind.
    private func hint(_ target: FaultTarget, _ namespace: String) -> String {
        let targets = store.types.filter { ![.pods, .replicaSets, .events].contains($0) }.flatMap { type in
            store.list(type, namespace: namespace.isEmpty ? nil : namespace).map { (kind: type.kind, name: $0.metadataName) }
        }
        let workloads = ["Deployment", "StatefulSet", "DaemonSet", "CronJob", "Job"]
        if let other = targets.first(where: { $0.name == target.name && workloads.contains($0.kind) }) {
            return "; did you mean \"\(other.kind)/\(other.name)\"?"
        }
        return Nearest.hint(target.description, among: targets.filter { $0.kind == target.kind }.map { "\($0.kind)/\($0.name)" })
    }
}
