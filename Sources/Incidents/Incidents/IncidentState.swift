/// Where an incident stands (INTERFACES section 2).
package enum IncidentState: String, Sendable, Hashable, CaseIterable {
    case open, diagnosed
    case awaitingApproval = "awaiting-approval"
    case acting, verifying
    case rollingBack = "rolling-back"
    case resolved, escalated, suppressed

    /// Neither resolved nor suppressed: somebody or something still has to do with it.
    package var isActive: Bool { self != .resolved && self != .suppressed }
    /// Martlet is changing the cluster, or looking at what it changed: observation alone does not close the incident.
    package var isOperating: Bool { self == .acting || self == .verifying || self == .rollingBack }
}
