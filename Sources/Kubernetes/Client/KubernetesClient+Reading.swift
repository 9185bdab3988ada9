package import Core

/// Which objects of a type a list or a watch is about.
package struct ListScope: Sendable, Hashable {
    /// Nil: all namespaces.
    package var namespace: String?
    /// As `-l` has it.
    package var labels: String?
    /// As `--field-selector` has it.
    package var fields: String?

    package init(namespace: String? = nil, labels: String? = nil, fields: String? = nil) {
        self.namespace = namespace
        self.labels = labels
        self.fields = fields
    }

    package static let all = ListScope()

    func add(to query: inout Query) {
        query.add("labelSelector", labels)
        query.add("fieldSelector", fields)
    }
}

extension KubernetesClient {
    /// One object as a tree.
    package func get(_ key: ObjectKey, subresource: String? = nil) async throws -> JSON {
        try await send(HTTPCall(path: key.path(subresource), headers: KubernetesClient.acceptJSON)) { try JSON(parsing: $0) }
    }

    /// One object as a typed value.
    package func get<Item: KubernetesResource>(_ type: Item.Type = Item.self, namespace: String = "", name: String) async throws -> Item {
        let key = ObjectKey(type: Item.type, namespace: namespace, name: name)
        return try await send(HTTPCall(path: key.path(nil), headers: KubernetesClient.acceptJSON)) { try Item(parsing: $0) }
    }

    /// All objects of a type, in pages of ``Limits/pageSize``.
    package func list<Item: KubernetesResource>(_ type: Item.Type = Item.self, in scope: ListScope = .all) async throws -> ObjectList<Item>
    {
        try await list(Item.type, in: scope, as: Item.self)
    }

    /// All objects of a resource type with their raw bytes.
    package func listObjects(_ type: ResourceType, in scope: ListScope = .all) async throws -> KubernetesObjectList {
        var result = KubernetesObjectList()
        try await pages(type, in: scope, kind: \.kind, restart: { result = KubernetesObjectList() }) { (page: KubernetesObjectList) in
            result.apiVersion = page.apiVersion
            result.kind = page.kind
            result.metadata = page.metadata
            result.items += page.items
            return (page.metadata, page.items.isEmpty)
        }
        return result
    }

    /// All objects of a resource type read as `Item`, which need not be the usual one.
    package func list<Item: JSONReadable>(_ type: ResourceType, in scope: ListScope, as: Item.Type) async throws -> ObjectList<Item> {
        var result = ObjectList<Item>()
        try await pages(type, in: scope, kind: \.kind, restart: { result = ObjectList<Item>() }) { (page: ObjectList<Item>) in
            result.apiVersion = page.apiVersion
            result.kind = page.kind
            result.metadata = page.metadata
            if result.items.isEmpty { result.items = page.items } else { result.items += page.items }
            return (page.metadata, page.items.isEmpty)
        }
        return result
    }

    /// The metadata of all objects of a type: nothing else of them is sent.
    package func listMetadata(_ type: ResourceType, in scope: ListScope = .all) async throws -> [ObjectMeta] {
        var result: [ObjectMeta] = []
        let accept = "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,application/json"
        try await pages(type, in: scope, accept: [("Accept", accept)], kind: \.kind, restart: { result = [] }) {
            (page: ObjectList<MetadataOnly>) in
            result += page.items.map(\.metadata)
            return (page.metadata, page.items.isEmpty)
        }
        return result
    }

    /// Goes through the pages of a listing. What is JSON and no list is an error: taken for an empty list, it would say that nothing
    /// is there. When the token expires on the way, `restart` is called and it begins anew: pages of two
    /// versions must not be mixed. A list that does not get on is an error: the token that was asked with comes back, or page after page
    /// is empty (one may be, where nothing of a stretch is selected).
    private func pages<Page: JSONReadable>(
        _ type: ResourceType, in scope: ListScope, accept: [(name: String, value: String)] = KubernetesClient.acceptJSON,
        kind: @escaping @Sendable (Page) -> String, restart: () -> Void,
        _ body: (Page) -> (metadata: ListMeta, isEmpty: Bool)
    ) async throws {
        var token: String?
        var restarts = 0
        var emptyPages = 0
        while true {
            var query = Query()
            scope.add(to: &query)
            query.add("limit", limits.pageSize)
            query.add("continue", token)
            let call = HTTPCall(path: type.path(namespace: scope.namespace) + query.text, headers: accept)
            do {
                let page = try await send(call) { bytes throws(JSONError) in
                    let page = try Page(parsing: bytes)
                    guard kind(page).hasSuffix("List") else { throw JSONError(0, "expected a list of \(type.plural)") }
                    return page
                }
                let (metadata, isEmpty) = body(page)
                guard let next = metadata.continueToken, !next.isEmpty else { return }
                if next == token { throw failure(.endlessList("the same continue token came back"), call) }
                emptyPages = isEmpty ? emptyPages + 1 : 0
                if emptyPages >= KubernetesClient.mostEmptyPages {
                    throw failure(.endlessList("\(emptyPages) pages in a row were empty"), call)
                }
                token = next
            } catch let error as APIError where error.isExpired && token != nil && restarts < 3 {
                restarts += 1
                (token, emptyPages) = (nil, 0)
                restart()
            }
        }
    }

    /// So many empty pages in a row, each with a token to go on, end a listing.
    static let mostEmptyPages = 100

    static let acceptJSON: [(name: String, value: String)] = [("Accept", "application/json")]
}

private struct MetadataOnly: JSONReadable {
    var metadata = ObjectMeta()

    init() {}

    mutating func read(from reader: inout JSONReader) throws(JSONError) {
        try reader.members { (r, key) throws(JSONError) in
            switch key {
            case "metadata": metadata = try r.read() ?? ObjectMeta()
            default: try r.skip()
            }
        }
    }
}

extension ObjectKey {
    func path(_ subresource: String?) -> String { type.path(namespace: namespace, name: name, subresource: subresource) }
}
