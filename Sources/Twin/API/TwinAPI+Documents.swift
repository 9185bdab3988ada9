import Core
import Kubernetes

// What is no object: health, version, discovery, OpenAPI.
extension TwinAPI {
    func document(_ request: TwinRequest, _ target: RequestTarget, _ state: ClusterState) throws(APIFailure) -> APIAnswer {
        let discovery = Discovery(resources: resources)
        switch target {
        case .discovery(let group, let version): return .json(200, discovery.list(group: group, version: version))
        case .group(let name):
            guard let group = discovery.group(name) else { return TwinAPI.notFound }
            return .json(200, group)
        case .unknownResource: throw TwinAPI.unknownResource
        case .object, .other: break
        }
        switch request.path.hasSuffix("/") && request.path.count > 1 ? String(request.path.dropLast()) : request.path {
        case "/version": return .json(200, version(state.version))
        case "/healthz", "/livez", "/readyz":
            let name = request.path.drop { $0 == "/" }
            let all = Health.checks.map { "[+]\($0) ok\n" }.joined()
            return .text(200, request["verbose"] == nil ? "ok" : "\(all)\(name) check passed\n")
        case "/api", "/apis":
            let isCore = request.path.hasPrefix("/api") && !request.path.hasPrefix("/apis")
            guard Discovery.wantsAggregated(request.headers["accept"]) else {
                return .json(200, isCore ? discovery.coreVersions : discovery.groupList)
            }
            let body = discovery.aggregated(core: isCore).serialized()
            let tag = "\"\(Digest.sha256Hex(body).uppercased())\""
            var answer = APIAnswer(status: 200, contentType: Discovery.aggregatedType, body: body)
            answer.headers = [("Etag", tag), ("Vary", "Accept")]
            if request.headers["if-none-match"] == tag { answer.status = 304; answer.body = [] }
            return answer
        case "/openapi/v2":
            guard request.headers["accept"]?.contains("proto-openapi.spec.v2") == true else {
                return .json(200, OpenAPI(resources: resources, schemas: schemas).second)
            }
            return OpenAPI.emptyV2
        case "/openapi/v3": return .json(200, OpenAPI(resources: resources, schemas: schemas).index)
        case let path where path.hasPrefix("/openapi/v3/"):
            let parts = path.dropFirst("/openapi/v3/".count).split(separator: "/").map(String.init)
            let (group, version) =
                parts.count == 2 && parts[0] == "api"
                ? ("", parts[1]) : parts.count == 3 && parts[0] == "apis" ? (parts[1], parts[2]) : ("?", "")
            guard resources.has(group: group, version: version) else { return TwinAPI.notFound }
            return .json(200, OpenAPI(resources: resources, schemas: schemas).document(group: group, version: version))
        case "/": return .json(200, ["paths": ["/api", "/apis", "/healthz", "/livez", "/openapi/v3", "/readyz", "/version"]])
        case let path where isUnavailable(path, state): return .text(503, "service unavailable\n")
        default: return TwinAPI.notFound
        }
    }

    /// Whether a path belongs to an aggregated API: its server runs nowhere in a simulated cluster.
    private func isUnavailable(_ path: String, _ state: ClusterState) -> Bool {
        let parts = path.split(separator: "/").map(String.init)
        guard parts.count >= 3, parts[0] == "apis" else { return false }
        let service = state.store.get(ObjectKey(type: .apiServices, namespace: "", name: "\(parts[2]).\(parts[1])"))
        return service?[at: "spec", "service"]?.object != nil
    }

    static let notFound = APIAnswer.text(404, "404 page not found\n")

    private func version(_ text: String) -> JSON {
        let parts = text.drop { $0 == "v" }.split(separator: ".").map(String.init)
        return [
            "major": .string(parts.first ?? "1"), "minor": .string(parts.count > 1 ? parts[1] : ""), "gitVersion": .string(text),
            "gitCommit": "martlet", "gitTreeState": "clean", "buildDate": "2026-01-01T00:00:00Z", "goVersion": "swift",
            "compiler": "swiftc",
            "platform": "linux/amd64",
        ]
    }
}
