/// How bad it is for those who use the thing. Ordered: `critical` is greatest.
package enum Severity: String, Sendable, Hashable, CaseIterable, Comparable {
    case low, medium, high, critical

    package static func < (a: Severity, b: Severity) -> Bool { a.rank < b.rank }
    package var rank: Int { Severity.allCases.firstIndex(of: self) ?? 0 }
}

/// The answer of a gate or a verification. No data is never a pass.
package enum Verdict: String, Sendable, Hashable, CaseIterable { case pass, fail, inconclusive }

/// How much an action could hurt. Ordered: `high` is greatest.
package enum RiskClass: String, Sendable, Hashable, CaseIterable, Comparable {
    case low, medium, high

    package static func < (a: RiskClass, b: RiskClass) -> Bool { a.rank < b.rank }
    private var rank: Int { RiskClass.allCases.firstIndex(of: self) ?? 0 }
}

/// What Martlet may do by itself in an environment (INTERFACES section 2).
package enum Autonomy: String, Sendable, Hashable, CaseIterable { case observe, suggest, approve, auto }
