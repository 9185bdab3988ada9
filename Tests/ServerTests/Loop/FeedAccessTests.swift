import Core
import Diagnosis
import Incidents
import Journal
import Kubernetes
import KubernetesDiagnosis
import Testing
import Twin

@testable import Server

/// Roles and their bindings are looked at while a program says that the API refuses it something, and at no other time.
@Suite struct FeedAccessTests {
    private static let denied =
        #"{listen: 8080, exit: {code: 1, after: 1}, log: ['User "system:serviceaccount:shop:default" cannot list resource "pods" in API group "" in the namespace "shop"']}"#

    private func rolesAreRefused(_ shop: WatchedShop) {
        for part in ["roles", "rolebindings"] { shop.refusals.add(part) }
    }

    /// The service account of the shop's pods may read ConfigMaps, and eve may read all.
    private func bind(_ kind: String, in shop: WatchedShop) async throws {
        let isOfCluster = kind == "ClusterRole"
        for (name, resource, subject) in [
            ("reader", "configmaps", ["kind": "ServiceAccount", "name": "default", "namespace": "shop"]),
            ("other", "*", ["kind": "User", "name": "eve", "apiGroup": "rbac.authorization.k8s.io"]),
        ] as [(String, String, JSON)] {
            let metadata: JSON = isOfCluster ? ["name": .string(name)] : ["name": .string(name), "namespace": "shop"]
            try await shop.client.create(
                ["metadata": metadata, "rules": [["apiGroups": [""], "resources": [.string(resource)], "verbs": ["get"]]]],
                as: isOfCluster ? .clusterRoles : .roles)
            try await shop.client.create(
                [
                    "metadata": metadata, "subjects": [subject],
                    "roleRef": ["apiGroup": "rbac.authorization.k8s.io", "kind": .string(kind), "name": .string(name)],
                ], as: isOfCluster ? .clusterRoleBindings : .roleBindings)
        }
    }

    private func watching(_ shop: WatchedShop, _ body: (CachedFeed) async throws -> Void) async throws {
        let feed = CachedFeed(client: shop.client, cluster: "eu-1")
        let run = Task { try await feed.run() }
        defer { run.cancel() }
        await feed.cache.waitUntilSynced()
        try await body(feed)
    }

    @Test(arguments: ["Role", "ClusterRole"]) func theRoleThatLacksTheRuleIsBlamedAsInDiagnose(_ kind: String) async throws {
        let shop = try await WatchedShop()
        try await bind(kind, in: shop)
        try await shop.release(1, Self.denied)
        try await watching(shop) { feed in
            let snapshot = try await feed.snapshot()
            #expect(snapshot.roles.map(\.metadata.name) == ["reader"] && snapshot.roleBindings.count == 1, "what others may do is not kept")
            let cause = try #require(diagnose(snapshot).causes.first)
            #expect(cause.category == "rbac-forbidden" && cause.resource.resource == "\(kind)/reader")
            let looked = try await SnapshotCollector(client: shop.client, cluster: "eu-1").collect()
            #expect(diagnose(looked).causes.first?.resource == cause.resource)

            // It is mended, which is seen once roles are looked at again.
            let rule: JSON = ["rules": [["apiGroups": [""], "resources": ["pods"], "verbs": ["list"]]]]
            let (type, namespace) = kind == "Role" ? (ResourceType.roles, "shop") : (.clusterRoles, "")
            try await shop.client.patch(ObjectKey(type: type, namespace: namespace, name: "reader"), .merge(rule))
            await shop.cluster.advance(by: .seconds(31))
            #expect(try await feed.snapshot().roles.first?.json()["rules"]?.array?.first?["resources"] == ["pods"])
        }
    }

    @Test func whileNothingIsRefusedTheyAreNotAskedFor() async throws {
        let shop = try await WatchedShop()
        try await bind("Role", in: shop)
        try await shop.release(1, WatchedShop.crashes)
        try await watching(shop) { feed in
            let snapshot = try await feed.snapshot()
            #expect(!snapshot.logs.isEmpty && snapshot.roles.isEmpty && !snapshot.listed.contains("roles"))
        }
    }

    @Test func withoutTheRightTheAccountIsBlamedAndThatIsSaid() async throws {
        let shop = try await WatchedShop()
        try await bind("Role", in: shop)
        try await shop.release(1, Self.denied)
        rolesAreRefused(shop)
        try await watching(shop) { feed in
            let snapshot = try await feed.snapshot()
            #expect(snapshot.notes.isEmpty && snapshot.forbidden.isSuperset(of: ["roles", "rolebindings", "clusterroles"]))
            let report = diagnose(snapshot)
            let cause = try #require(report.causes.first)
            #expect(cause.category == "rbac-forbidden" && cause.resource.resource == "ServiceAccount/default")
            #expect(cause.evidence.contains { $0.text.contains("not read: rolebindings, clusterrolebindings") })
            #expect(report.undetermined.contains("not allowed to list rolebindings"))
        }
    }

    @Test func losingTheRightKeepsNoIncidentOpen() async throws {
        let shop = try await WatchedShop()
        try await bind("Role", in: shop)
        try await shop.release(1, Self.denied)
        let martlet = try await shop.martlet()
        await martlet.loop.round()
        #expect(try await martlet.incident.cause.resource.resource == "Role/reader")
        rolesAreRefused(shop)
        await martlet.loop.round()
        #expect(await martlet.ledger.incidents.incidents.count == 1)
        #expect(await martlet.loop.hasLostSight == false)
        try await shop.release(2, WatchedShop.good)
        for _ in 0..<10 {
            await shop.cluster.advance(by: .seconds(60))
            await martlet.loop.round()
        }
        #expect(await martlet.ledger.incidents.incidents.map(\.state) == [.resolved])
        await martlet.store.close()
    }
}
