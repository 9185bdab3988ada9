import Core
import Journal

/// All incidents: the fold of the journal's entries, and the decisions about which entries come next. It does no I/O and knows no
/// clock; the loop appends what it decides, and applies what was appended.
///
/// Number and order of new incidents depend on the board, so one loop owns it: observe, append, apply, then observe again.
package struct IncidentBoard: Sendable {
    package let rules: IncidentRules
    /// By ULID.
    var byID: [String: Incident] = [:]
    /// In the order of their numbers.
    var order: [String] = []
    /// Which incident a plan belongs to.
    var incidentOfPlan: [String: String] = [:]
    /// The highest number given.
    package internal(set) var lastNumber = 0

    package init(rules: IncidentRules = IncidentRules()) { self.rules = rules }

    /// Every incident, by number.
    package var incidents: [Incident] { order.compactMap { byID[$0] } }
    package subscript(id: String) -> Incident? { byID[id] }
    package func incident(number: Int) -> Incident? { order.lazy.compactMap { byID[$0] }.first { $0.number == number } }

    /// The incident that people named: a ULID, `12`, `#12` or `INC-12`.
    package func incident(named name: String) -> Incident? {
        if let incident = byID[name.uppercased()] { return incident }
        let digits = name.uppercased().hasPrefix("INC-") ? name.dropFirst(4) : name.hasPrefix("#") ? name.dropFirst(1) : name[...]
        return Int(digits).flatMap { incident(number: $0) }
    }
}
