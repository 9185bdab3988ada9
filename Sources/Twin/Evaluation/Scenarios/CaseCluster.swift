import Core
import Kubernetes

/// The API of a twin as a person's kubectl uses it, in the same process.
struct CaseCluster: Sendable {
    let twin: SimulatedCluster

    /// An object that is named on a command line.
    struct Reference: Sendable {
        let resource: APIResource
        let namespace: String
        let name: String

        var target: String { CaseCluster.target(resource, namespace, name) }
    }

    /// The path of a resource, or of one object of it.
    static func target(_ resource: APIResource, _ namespace: String, _ name: String? = nil) -> String {
        let group = resource.type.group.isEmpty ? "/api/v1" : "/apis/\(resource.groupVersion)"
        return group + (resource.type.isNamespaced ? "/namespaces/\(namespace)" : "") + "/\(resource.type.plural)"
            + (name.map { "/" + $0 } ?? "")
    }

    /// A resource by its plural, singular, short name or kind.
    static func resource(_ word: String) -> APIResource? {
        let word = word.lowercased()
        return APIResources.served.all.first {
            $0.type.plural == word || $0.singular == word || $0.shortNames.contains(word) || $0.type.kind.lowercased() == word
        }
    }

    /// Sends one request; a refusal is thrown in the server's words.
    @discardableResult
    func call(_ method: String, _ target: String, _ body: JSON? = nil, type: String = "application/json") async throws(MartletError) -> JSON
    {
        let answer = await twin.handle(
            TwinRequest(method, target: target, headers: ["content-type": type], body: body.map { Array($0.text().utf8) } ?? []))
        let json = answer.bytes.flatMap { try? JSON(parsing: $0) } ?? .null
        guard answer.status < 400 else {
            throw MartletError(.refused, "\(method) \(target): \(json["message"]?.string ?? "status \(answer.status)")")
        }
        return json
    }

    /// The object as it is now; nil when there is none.
    func get(_ reference: Reference) async -> JSON? { try? await call("GET", reference.target) }

    /// Changes an object by what `change` makes of it, as a client does that read it just before.
    func change(_ reference: Reference, _ change: (inout JSON) -> Void) async throws(MartletError) {
        var object = try await call("GET", reference.target)
        change(&object)
        try await call("PUT", reference.target, object)
    }

    /// Makes the objects of a manifest, in its order.
    func create(_ objects: [JSON], namespace: String) async throws(MartletError) {
        for object in objects {
            guard let resource = APIResources.served.resource(kind: object.kind, apiVersion: object.apiVersion) else {
                throw MartletError(.invalid, "the manifest has a \(object.apiVersion) \(object.kind), which the twin does not serve")
            }
            let home = object.metadataNamespace.isEmpty ? namespace : object.metadataNamespace
            try await call("POST", Self.target(resource, home), object)
        }
    }
}
