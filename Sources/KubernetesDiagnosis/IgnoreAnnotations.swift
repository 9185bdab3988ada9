import Core
import Diagnosis
package import Kubernetes

/// What people say is not to be reported: the annotation `martlet/ignore: <rule>[,…]` on the object that is at fault
/// (INTERFACES section 9). A name is a rule's, a category's, or `*` for all.
package struct IgnoreAnnotations {
    package static let key = "martlet/ignore"
    private let names: [EntityPath: Set<String>]

    init(_ scene: Scene) {
        let snapshot = scene.snapshot
        var names: [EntityPath: Set<String>] = [:]
        func read<T: KubernetesResource>(_ objects: some Sequence<T>) {
            for object in objects {
                guard let text = object.annotation(IgnoreAnnotations.key) else { continue }
                let place = object.place
                let path = EntityPath(cluster: snapshot.cluster, namespace: place.namespace, kind: T.type.kind, name: place.name)
                names[path] = IgnoreAnnotations.names(in: text)
            }
        }
        read(snapshot.deployments); read(snapshot.statefulSets); read(snapshot.daemonSets); read(snapshot.jobs); read(snapshot.cronJobs)
        read(snapshot.pods.indices.lazy.filter { scene.health[$0].isAnnotated }.map { snapshot.pods[$0] })
        read(snapshot.services); read(snapshot.ingresses); read(snapshot.claims); read(snapshot.nodes)
        read(snapshot.autoscalers); read(snapshot.quotas); read(snapshot.namespaceObjects)
        self.names = names
    }

    private static func names(in text: String) -> Set<String> {
        Set(text.split(whereSeparator: { $0 == "," || $0.isWhitespace }).map(String.init))
    }

    private static func known(_ rules: [any Rule]) -> Set<String> {
        Set(rules.map(\.name) + rules.flatMap(\.categories) + ["*", Cause.undecidedCategory])
    }

    /// The kinds of objects on which the annotation is read.
    package static let types: [ResourceType] = [
        .deployments, .statefulSets, .daemonSets, .jobs, .cronJobs, .pods, .services, .ingresses, .persistentVolumeClaims, .nodes,
        .horizontalPodAutoscalers, .resourceQuotas, .namespaces,
    ]

    /// What an annotation names that is no rule and no category, sorted: whoever wrote it believes that something is ignored.
    package static func unknownNames(in text: String) -> [String] { names(in: text).subtracting(known(Rules.all)).sorted() }

    /// Leaves out what is ignored; a cause only when whoever suffers from it says so, too. Names that are none are added to what is
    /// undetermined, since whoever wrote them believes that something is ignored.
    func apply(to report: DiagnosisReport, rules: [any Rule]) -> DiagnosisReport {
        guard !names.isEmpty else { return report }
        var kept = report
        kept.causes = report.causes.filter { cause in
            let candidates = [cause.category] + cause.findings.map(\.rule)
            let touched = [cause.resource] + cause.symptoms + cause.reach
            return !touched.allSatisfy { ignores(candidates, on: $0.withoutContainer) }
        }
        kept.hygiene = report.hygiene.filter { !ignores([$0.rule], on: $0.entity.withoutContainer) }
        let found = report.causes.flatMap { $0.findings.map(\.rule) } + report.hygiene.map(\.rule)
        let known = IgnoreAnnotations.known(rules).union(found)
        for (path, names) in names.sorted(by: { $0.key < $1.key }) {
            for name in names.subtracting(known).sorted() {
                kept.undetermined.append(
                    "\(path.shortDescription) is annotated \(IgnoreAnnotations.key): \(name.prefix(60)), which is no rule and no category")
            }
        }
        return kept
    }

    private func ignores(_ candidates: [String], on path: EntityPath) -> Bool {
        guard let names = names[path] else { return false }
        return names.contains("*") || candidates.contains(where: names.contains)
    }
}
