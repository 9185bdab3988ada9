/// What a named token or a session may do. Each role may do all that the ones before it may.
package enum Role: String, Sendable, Hashable, CaseIterable, Comparable {
    /// Read.
    case viewer
    /// Acknowledge, assign, suppress, resolve, pause.
    case `operator`
    /// Approve, reject, undo, resume.
    case approver
    /// Tokens.
    case administrator

    package static func < (a: Role, b: Role) -> Bool { a.rank < b.rank }
    private var rank: Int { Role.allCases.firstIndex(of: self) ?? 0 }
}

/// Who is calling. The name is the actor of every journal entry that the call leads to.
package struct Principal: Sendable, Hashable {
    package enum Grant: Sendable, Hashable {
        case role(Role)
        /// May only deliver signals of this source.
        case ingest(source: String)
    }

    package let name: String
    package let grant: Grant

    package init(name: String, grant: Grant) {
        self.name = name
        self.grant = grant
    }

    package init(name: String, role: Role) { self.init(name: name, grant: .role(role)) }

    package func may(_ role: Role) -> Bool {
        if case .role(let own) = grant { own >= role } else { false }
    }

    package var role: Role? { if case .role(let role) = grant { role } else { nil } }
}
