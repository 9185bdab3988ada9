/// What a cache follows: a type, where, and what of it is held.
package struct CachedResource: Sendable {
    /// A type in one namespace or in all: what is listed, watched and allowed or refused by itself.
    package struct Source: Hashable, Comparable, Sendable {
        package let type: ResourceType
        package let scope: ListScope

        package static func < (a: Source, b: Source) -> Bool { (a.type, a.scope.namespace ?? "") < (b.type, b.scope.namespace ?? "") }
    }

    package let source: Source
    package var type: ResourceType { source.type }
    let follow: @Sendable (ClusterCache, KubernetesClient) async throws -> Void
    let emptyTable: @Sendable () -> any Sendable

    /// Follows all objects of a type in `scope`. `keep` may take out what is not used, or drop the object by nil.
    package static func resource<Item: KubernetesResource>(
        _ type: Item.Type, in scope: ListScope = .all, keep: @escaping @Sendable (Item) -> Item? = { $0 }
    ) -> CachedResource {
        let source = Source(type: Item.type, scope: scope)
        return CachedResource(
            source: source,
            follow: { cache, client in try await Reflector<Item>(cache: cache, client: client, source: source).run() },
            emptyTable: { CacheTable<Item>(keep: keep) })
    }
}
