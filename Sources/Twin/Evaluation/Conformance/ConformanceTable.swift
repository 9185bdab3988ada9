package import Core

/// A table of inputs and of what a real cluster makes of them. A new one is one file and one line in ``ConformanceTables``.
package protocol ConformanceTable: Sendable {
    /// Whether a document is such a table; told by its members, never by the name of its file.
    static func recognises(_ document: JSON) -> Bool
    /// Runs every row, in order.
    static func evaluate(_ document: JSON) -> [EvaluationCase]
}

/// The tables that `martlet eval twin --conformance` knows.
package enum ConformanceTables {
    private static let all: [any ConformanceTable.Type] = [PodSecurityTable.self, ReplicaTable.self, ScalingBehaviourTable.self]

    /// The cases of a document; nil when no table recognises it.
    package static func evaluate(_ document: JSON) -> [EvaluationCase]? {
        all.first { $0.recognises(document) }?.evaluate(document)
    }
}
