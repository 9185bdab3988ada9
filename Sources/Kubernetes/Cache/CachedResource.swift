/// What a cache follows: a type, where, and what of it is held.
package struct CachedResource: Sendable {
    package let type: ResourceType
    package let scope: ListScope
    let follow: @Sendable (ClusterCache, KubernetesClient) async throws -> Void
    let emptyTable: @Sendable () -> any Sendable

    /// Follows all objects of a type in `scope`. `keep` may take out what is not used, or drop the object by nil.
    package static func resource<Item: KubernetesResource>(
        _ type: Item.Type, in scope: ListScope = .all, keep: @escaping @Sendable (Item) -> Item? = { $0 }
    ) -> CachedResource {
        CachedResource(
            type: Item.type, scope: scope,
            follow: { cache, client in try await Reflector<Item>(cache: cache, client: client, scope: scope).run() },
            emptyTable: { CacheTable<Item>(keep: keep) })
    }
}
