package import Core

/// Something that can be made to go wrong in a running twin, under the slug that diagnosis reports (the project's categories).
package struct Fault: Sendable {
    package let slug: String
    /// What happens, in one line.
    package let about: String
    /// What it can be done to, as on the command line: `Node/NAME`.
    package let target: String
    /// Whether it is of the cluster itself and not of a workload.
    package let isOfCluster: Bool
    let begin: @Sendable (FaultTarget, inout FaultScene) throws(MartletError) -> Void

    init(
        _ slug: String, _ about: String, on target: String, isOfCluster: Bool = false,
        _ begin: @escaping @Sendable (FaultTarget, inout FaultScene) throws(MartletError) -> Void
    ) {
        self.slug = slug
        self.about = about
        self.target = target
        self.isOfCluster = isOfCluster
        self.begin = begin
    }
}

/// What a fault is done to: `Kind/name`, or `namespace/Kind/name`.
struct FaultTarget: Sendable, Equatable, CustomStringConvertible {
    let namespace: String?
    let kind: String
    let name: String

    /// As a diagnosis names it.
    var description: String { "\(kind)/\(name)" }

    init(namespace: String?, kind: String, name: String) {
        self.namespace = namespace
        self.kind = kind
        self.name = name
    }

    /// Of this namespace, where it names none itself.
    func home(_ namespace: String) -> FaultTarget {
        FaultTarget(namespace: self.namespace ?? namespace, kind: kind, name: name)
    }

    init(_ text: String) throws(MartletError) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard (2...3).contains(parts.count), parts.allSatisfy({ !$0.isEmpty }) else {
            throw MartletError(.usage, "\"\(text)\" names no target", fix: "give Kind/name, or namespace/Kind/name")
        }
        namespace = parts.count == 3 ? parts[0] : nil
        kind = parts[parts.count - 2]
        name = parts[parts.count - 1]
    }
}

/// A fault that is in effect, and the truth that a diagnosis of it must come to.
package struct InjectedFault: Sendable {
    package let id: Int
    /// What a diagnosis must come to.
    package let truth: Scenario.Truth
    package let since: Timestamp
    /// When it ends by itself; nil: when it is taken back.
    package let until: Timestamp?
    let undo: [FaultScene.Undo]

    package var json: JSON {
        var out: JSON = ["id": JSON(id)]
        for (key, value) in truth.json.object ?? [:] { out[key] = value }
        out["since"] = .string(since.rfc3339(decimals: 3))
        if let until { out["until"] = .string(until.rfc3339(decimals: 3)) }
        return out
    }
}
