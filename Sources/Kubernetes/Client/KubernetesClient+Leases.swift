import Core

extension KubernetesClient {
    /// Takes or renews a lease; true when `holder` has it then. False when another holds it and it has not run out, or was faster.
    ///
    /// Times are the cluster's. As leader election of client-go does, an expired lease is taken over under its resource version.
    package func holdLease(_ name: String, namespace: String, holder: String, seconds: Int) async throws -> Bool {
        let key = ObjectKey(type: .leases, namespace: namespace, name: name)
        do {
            var object = try await get(key)
            // After the answer, so that the cluster's clock has been followed.
            let now = clusterClock.now()
            let lease = Lease(object) ?? Lease()
            let isOurs = lease.spec.holderIdentity == holder
            let end = (lease.spec.renewTime ?? Timestamp(nanoseconds: 0)) + .seconds(lease.spec.leaseDurationSeconds ?? seconds)
            guard isOurs || lease.spec.holderIdentity ?? "" == "" || end <= now else { return false }
            object[at: "spec", "holderIdentity"] = .string(holder)
            object[at: "spec", "leaseDurationSeconds"] = JSON(seconds)
            object[at: "spec", "renewTime"] = .string(now.rfc3339(decimals: 6))
            if !isOurs {
                object[at: "spec", "acquireTime"] = .string(now.rfc3339(decimals: 6))
                object[at: "spec", "leaseTransitions"] = JSON((lease.spec.leaseTransitions ?? 0) + 1)
            }
            _ = try await update(object, at: key)
            return true
        } catch let error as APIError where error.isConflict {
            return false
        } catch let error as APIError where error.isNotFound {
            return try await createLease(key, holder: holder, seconds: seconds)
        }
    }

    private func createLease(_ key: ObjectKey, holder: String, seconds: Int) async throws -> Bool {
        let now = JSON.string(clusterClock.now().rfc3339(decimals: 6))
        let lease: JSON = [
            "kind": "Lease", "apiVersion": "coordination.k8s.io/v1",
            "metadata": ["name": .string(key.name), "namespace": .string(key.namespace)],
            "spec": ["holderIdentity": .string(holder), "leaseDurationSeconds": JSON(seconds), "acquireTime": now, "renewTime": now],
        ]
        do {
            _ = try await create(lease, as: .leases, namespace: key.namespace)
            return true
        } catch let error as APIError where error.isAlreadyExists { return false }
    }
}
