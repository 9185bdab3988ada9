package import Core
package import Kubernetes
package import Remediation

/// Carries steps out as patches. Reading and acting may use different credentials.
package struct KubernetesRunner: Runner {
    private let reader: WorkloadReader
    private let act: KubernetesClient

    package init(read: KubernetesClient, act: KubernetesClient) {
        reader = WorkloadReader(read)
        self.act = act
    }

    package func clusterUID() async throws -> String {
        do { return try await reader.client.clusterUID() } catch let error as APIError {
            let failure = error.martletError(now: reader.client.clock.now())
            guard error.isForbidden else { throw failure }
            throw MartletError(
                .forbidden, "namespace kube-system, by whose uid clusters are told apart, may not be read: \(failure.message)",
                fix: "allow get on that namespace; martlet doctor prints a role")
        }
    }

    package func read(_ target: EntityPath) async throws -> ObservedTarget? { try await reader.read(target) }

    package func write(_ write: StepWrite, on seen: ObservedTarget) async throws -> ObservedTarget {
        guard let key = WorkloadReader.key(seen.path) else {
            throw MartletError(.invalid, "no action is known for \(seen.path.shortDescription)")
        }
        let patch = try PlannedPatch.resolve(write.patch, on: seen, annotation: write.annotation)
        do {
            let object = try await act.patch(key, patch)
            return ObservedTarget(
                path: seen.path, uid: object[at: "metadata", "uid"]?.string ?? "",
                resourceVersion: object[at: "metadata", "resourceVersion"]?.string ?? "", object: object, related: seen.related)
        } catch let error as APIError { throw error.martletError(now: act.clock.now()) }
    }
}
