package import Core

/// A piece of evidence and how much it decides by itself.
package struct Support: Sendable, Hashable {
    /// The chance that the cause is so, given only this piece. The scale is coarse on purpose: rules say which of four words fits.
    package enum Weight: Double, Sendable, Hashable {
        /// The component itself names the cause: `configmap "x" not found`, `OOMKilled`.
        case decisive = 0.9
        /// Consistent with this cause and with few others.
        case strong = 0.7
        /// Consistent with this cause and with several others.
        case supporting = 0.4
        /// Colour.
        case weak = 0.15
    }

    package let evidence: Evidence
    package let weight: Weight

    package init(_ weight: Weight, _ evidence: Evidence) {
        self.evidence = evidence
        self.weight = weight
    }
}

/// Confidence as a number computed from evidence.
///
/// Kinds of evidence (status, event, log, spec, change, …) from kinds of objects are taken as independent witnesses and joined by noisy-or (Pearl,
/// Probabilistic Reasoning in Intelligent Systems, 1988, section 4.3.2): 1 − ∏(1 − w). What comes from the same kind of source tells
/// the same story, so only the best of each counts. What speaks against divides what is left in the same way.
package enum Confidence {
    /// Nothing seen from outside is ever certain.
    package static let ceiling = 0.99
    /// Below this an answer is not given as one.
    package static let threshold = 0.5

    package static func of(_ support: [Support], against: [Support] = []) -> Double {
        min(ceiling, joint(support) * (1 - joint(against)))
    }

    private static func joint(_ support: [Support]) -> Double {
        // A handful: gone through rather than looked up.
        var best: [(witness: Witness, weight: Double)] = []
        for piece in support {
            let witness = Witness(piece.evidence), weight = piece.weight.rawValue
            if let at = best.firstIndex(where: { $0.witness == witness }) {
                best[at].weight = max(best[at].weight, weight)
            } else {
                best.append((witness, weight))
            }
        }
        // Multiplied in a fixed order: floating-point products depend on their order in the last bit.
        return 1 - best.map(\.weight).sorted().reduce(1.0) { $0 * (1 - $1) }
    }

    /// The status of a Node and that of a Lease are two witnesses, those of two pods are one.
    struct Witness: Hashable {
        let kind: Evidence.Kind
        let source: Substring

        init(_ evidence: Evidence) {
            kind = evidence.kind
            source = evidence.source.prefix { $0 != "/" }
        }
    }
}
