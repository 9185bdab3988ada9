import Core

/// The fault of the cluster itself that a case is about, and when it began as the capture shows.
struct ClusterFault: Sendable {
    let slug: String
    let target: String
    let onset: Timestamp

    /// nil when the category is no fault of a cluster.
    init?(_ recorded: RecordedCase) {
        guard FaultRegistry.fault(recorded.category)?.isOfCluster == true else { return nil }
        slug = recorded.category
        target = recorded.resource
        onset = Self.onset(recorded) ?? recorded.start
    }

    /// Whether it had begun when something was made; that time is told in whole seconds.
    func isBefore(_ made: Timestamp) -> Bool { onset < made + .seconds(1) }

    func inject(into twin: SimulatedCluster) async throws(MartletError) { _ = try await twin.inject(slug, target: target) }

    /// A silent lease tells best; else the latest change of a condition that is not as it should be.
    private static func onset(_ recorded: RecordedCase) -> Timestamp? {
        let sides = recorded.resource.split(separator: "/", maxSplits: 1).map(String.init)
        guard sides.count == 2 else { return nil }
        func time(_ value: JSON?) -> Timestamp? { value?.string.flatMap { Timestamp($0) } }
        func named(_ list: String) -> JSON? { recorded.lists[list]?.first { $0.metadataName == sides[1] } }
        switch sides[0] {
        case "Lease":
            let lease = named("kube-system.leases")?["spec"]
            guard let renewed = time(lease?["renewTime"]), recorded.end - renewed > .seconds(lease?["leaseDurationSeconds"]?.int ?? 15)
            else { return nil }
            return renewed
        case "Node":
            let lease = time(named("kube-node-lease.leases")?["spec"]?["renewTime"])
            if let lease, recorded.end - lease > .seconds(40) { return lease }
            let bad = (named("nodes")?["status"]?["conditions"]?.array ?? []).filter {
                ($0["status"]?.string == "True") != ($0["type"]?.string == "Ready")
            }
            return bad.compactMap { time($0["lastTransitionTime"]) }.max()
        case "APIService":
            return time(named("apiservices")?.condition("Available")?["lastTransitionTime"])
        default:
            let events = (recorded.lists["kube-system.events"] ?? []).filter {
                $0["involvedObject"]?["name"]?.string == sides[1] && $0["message"]?.string?.hasPrefix("Scaled down") == true
            }
            return events.compactMap { time($0["lastTimestamp"]) }.max()
        }
    }
}
