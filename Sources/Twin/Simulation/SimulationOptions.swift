package import Core
package import Kubernetes

/// How a simulation runs.
package struct SimulationOptions: Sendable {
    /// Same seed, same objects and same calls at the same times: same run.
    package var seed: UInt64
    package var catalogue: BehaviourCatalogue
    /// Which parts run; a part that is left out stands still, as if its process were down.
    package var parts: Set<Part>
    /// In a loaded cluster Secrets may be unknown (INTERFACES section 7): references to them are then taken as fulfilled.
    package var assumeSecretsExist: Bool
    /// Nodes renew their leases this often; the real period is 10 s.
    package var leasePeriod: Duration
    /// What the API server does to an object that a controller creates, and what it refuses (defaults, quota, limit ranges, Pod Security).
    package var admit: @Sendable (_ object: JSON, _ type: ResourceType, _ store: inout ObjectStore) throws(APIFailure) -> JSON
    /// Hears of annotations `twin.martlet/behaviour` that are passed over, of each mistake once.
    package var hear: @Sendable (_ mistake: String) -> Void = { _ in }

    package enum Part: String, Sendable, CaseIterable {
        case controllers, scheduler, kubelets, nodeLeases
        /// Whether metrics.k8s.io is served.
        case resourceMetrics
    }

    package init(
        seed: UInt64 = 1, catalogue: BehaviourCatalogue = BehaviourCatalogue(), parts: Set<Part> = Set(Part.allCases),
        assumeSecretsExist: Bool = false, leasePeriod: Duration = .seconds(10),
        admit: @escaping @Sendable (JSON, ResourceType, inout ObjectStore) throws(APIFailure) -> JSON = {
            (object, _, _) throws(APIFailure) in object
        }
    ) {
        self.seed = seed
        self.catalogue = catalogue
        self.parts = parts
        self.assumeSecretsExist = assumeSecretsExist
        self.leasePeriod = leasePeriod
        self.admit = admit
    }
}
