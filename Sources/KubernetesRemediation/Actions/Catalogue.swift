package import Remediation

extension ActionCatalogue {
    /// What Martlet can do on Kubernetes.
    package static let kubernetes = ActionCatalogue([Rollback(), SetMemoryLimit(), Scale(), Restart(), PauseRollout()])
}
