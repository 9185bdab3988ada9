import Core
import Kubernetes

// get and list.
extension TwinAPI {
    func get(_ context: RequestContext, _ state: ClusterState) throws(APIFailure) -> APIAnswer {
        if let text = context.request["resourceVersion"], !text.isEmpty {
            try RequestOptions.checkVersion(text, current: state.store.resourceVersion)
        }
        guard let object = state.store.get(context.target.key) else { throw notFound(context) }
        return respond(200, object, context, state)
    }

    func notFound(_ context: RequestContext) -> APIFailure {
        APIFailure.notFound(
            ObjectKey(type: context.resource.type, namespace: context.target.namespace ?? "", name: context.target.name ?? ""))
    }

    /// One object in the form that was asked for.
    func respond(_ status: Int, _ object: JSON, _ context: RequestContext, _ state: ClusterState) -> APIAnswer {
        let form = Representation(accept: context.request.headers["accept"], of: context.resource)
        let isLive = state.simulation.isLive && form.form != .table && context.resource.custom == nil
        let known = isLive ? Ownership.completed(object, type: context.resource.storage) : object
        let served = ServedForm.served(known, context.resource)
        let body: JSON =
            switch form.form {
            case .whole: served
            case .partialMetadata: Table.partial(served)
            case .table:
                Table.of(context.resource).json(
                    [object], metadata: ["resourceVersion": object[at: "metadata", "resourceVersion"] ?? ""], now: context.now,
                    includeObject: context.request["includeObject"])
            }
        return APIAnswer(status: status, contentType: form.contentType, body: form.encode(body))
    }

    func list(_ context: RequestContext, _ state: ClusterState) throws(APIFailure) -> APIAnswer {
        let selection = try RequestSelection(context)
        let request = context.request
        try RequestOptions.checkList(request, isWatch: false)
        var version = state.store.resourceVersion
        var objects = state.store.list(context.resource.storage, namespace: context.target.namespace)
        var start: String?
        if let token = request["continue"], !token.isEmpty {
            let (wanted, key) = try ContinueToken.read(token)
            start = key
            if wanted > 0 {
                guard let past = state.store.past(context.resource.storage, namespace: context.target.namespace, at: wanted) else {
                    throw ContinueToken.expired(key)
                }
                objects = past
                version = wanted
            }
        } else if let text = request["resourceVersion"], !text.isEmpty {
            let wanted = try RequestOptions.checkVersion(text, current: version)
            // A page of a version is of just that one, also where nobody says so.
            let match = request["resourceVersionMatch"] ?? ""
            let isPage = match.isEmpty && text != "0" && Int(request["limit"] ?? "") ?? 0 > 0
            if match == "Exact" || isPage {
                guard let past = state.store.past(context.resource.storage, namespace: context.target.namespace, at: wanted) else {
                    throw APIFailure(410, "Expired", "The resourceVersion for the provided list is too old.")
                }
                objects = past
                version = wanted
            }
        }
        let perNamespace = context.target.namespace != nil || !context.resource.type.isNamespaced
        if let start { objects.removeFirst(objects.partitioningIndex { ContinueToken.key($0, perNamespace) > start }) }
        objects = objects.filter(selection.matches)
        var metadata: JSON = ["resourceVersion": .string(String(version))]
        let limit = request["resourceVersion"] == "0" ? 0 : Int(request["limit"] ?? "") ?? 0
        if limit > 0, objects.count > limit {
            metadata["continue"] = .string(
                ContinueToken.write(version: version, after: ContinueToken.key(objects[limit - 1], perNamespace)))
            if selection.isEmpty { metadata["remainingItemCount"] = JSON(objects.count - limit) }
            objects.removeLast(objects.count - limit)
        }
        return collection(objects, metadata: metadata, context)
    }

    func collection(_ objects: [JSON], metadata: JSON, _ context: RequestContext) -> APIAnswer {
        let form = Representation(accept: context.request.headers["accept"], of: context.resource)
        let body: JSON
        switch form.form {
        case .table:
            body = Table.of(context.resource).json(
                objects, metadata: metadata, now: context.now, includeObject: context.request["includeObject"])
        case .partialMetadata:
            body = [
                "kind": "PartialObjectMetadataList", "apiVersion": "meta.k8s.io/v1", "metadata": metadata,
                "items": .array(objects.map { Table.partial(ServedForm.served($0, context.resource)) }),
            ]
        case .whole:
            if !form.isYAML, objects.count > ListBody.pieceSize {
                return APIAnswer(
                    status: 200, contentType: form.contentType, body: [], list: ListBody(objects, metadata: metadata, context.resource))
            }
            body = ListBody.whole(objects, metadata: metadata, context.resource)
        }
        return APIAnswer(status: 200, contentType: form.contentType, body: form.encode(body))
    }
}

/// The objects that a request selects by labels, fields and name.
struct RequestSelection: Sendable {
    private let labels: LabelSelector
    private let fields: FieldSelector?
    private let name: String?
    let isEmpty: Bool

    init(_ context: RequestContext) throws(APIFailure) {
        let text = context.request["labelSelector"] ?? ""
        if let why = SelectorProblem.of(text) { throw APIFailure.badRequest(why) }
        guard let labels = LabelSelector(parsing: text) else {
            throw APIFailure.badRequest("unable to parse requirement: \(JSON.string(text).text())")
        }
        self.labels = labels
        if let text = context.request["fieldSelector"], !text.isEmpty {
            fields = try FieldSelector(text, type: context.resource.type)
        } else {
            fields = nil
        }
        name = context.target.name
        isEmpty = labels.isEmpty && fields == nil
    }

    func matches(_ object: JSON) -> Bool {
        if let name, object[at: "metadata", "name"]?.string != name { return false }
        if !labels.isEmpty, !labels.matches(object[at: "metadata", "labels"]?.stringMap ?? [:]) { return false }
        return fields?.matches(object) ?? true
    }
}

/// `continue` of a list: version and last key, in the form of the real server.
enum ContinueToken {
    static func key(_ object: JSON, _ perNamespace: Bool) -> String {
        let name = object[at: "metadata", "name"]?.string ?? ""
        return perNamespace ? name : "\(object[at: "metadata", "namespace"]?.string ?? "")/\(name)"
    }

    static func write(version: Int64, after key: String) -> String {
        Base64.urlEncode(Array("{\"v\":\"meta.k8s.io/v1\",\"rv\":\(version),\"start\":\"/\(key)\\u0000\"}".utf8))
    }

    static func read(_ token: String) throws(APIFailure) -> (version: Int64, after: String) {
        func refused(_ why: String) -> APIFailure { APIFailure.badRequest("invalid continue token: continue key is not valid\(why)") }
        guard !token.contains("="), let bytes = Base64.urlDecode(token) else {
            throw refused(": illegal base64 data at input byte \(Base64.firstFault(token) ?? 0)")
        }
        guard let json = try? JSON(parsing: bytes), json.object != nil else {
            throw refused(": \(GoJSONError.text(bytes) ?? "invalid character 'i' looking for beginning of value")")
        }
        let named = json["v"]?.string ?? ""
        guard named == "meta.k8s.io/v1" else {
            throw refused(": server does not recognize this encoded version \(JSON.string(named).text())")
        }
        guard let version = json["rv"]?.int, version != 0 else {
            throw refused(": incorrect encoded start resourceVersion (version meta.k8s.io/v1)")
        }
        guard let start = json["start"]?.string, !start.isEmpty else {
            throw refused(": encoded start key empty (version meta.k8s.io/v1)")
        }
        if start.split(separator: "/", omittingEmptySubsequences: false).contains(where: { $0 == ".." || $0 == "." }) {
            throw refused(": \(JSON.string(start).text())")
        }
        var key = start[...]
        if key.hasPrefix("/") { key = key.dropFirst() }
        if key.hasSuffix("\0") { key = key.dropLast() }
        return (Int64(version), String(key))
    }

    static func expired(_ key: String) -> APIFailure {
        APIFailure(
            410, "Expired",
            "The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue "
                + "parameter, or use the continue token in this response to retrieve the remainder of the results. Continuing with the provided "
                + "token results in an inconsistent list - objects that were created, modified, or deleted between the time the first chunk was "
                + "returned and now may show up in the list.",
            continueToken: Base64.urlEncode(Array("{\"v\":\"meta.k8s.io/v1\",\"rv\":-1,\"start\":\"\(key)\\u0000\"}".utf8)))
    }
}

extension ObjectStore {
    /// The objects of a type as they were at a version, made by undoing the changes since; nil when some are forgotten.
    func past(_ type: ResourceType, namespace: String?, at version: Int64) -> [JSON]? {
        if version == resourceVersion { return list(type, namespace: namespace) }
        guard let changes = changes(after: version) else { return nil }
        var table = ObjectTable()
        for object in list(type, namespace: namespace) {
            table.set(
                object, namespace: object[at: "metadata", "namespace"]?.string ?? "", name: object[at: "metadata", "name"]?.string ?? "")
        }
        for change in changes.reversed() where change.key.type == type && (namespace == nil || change.key.namespace == namespace) {
            if let previous = change.previous {
                table.set(previous, namespace: change.key.namespace, name: change.key.name)
            } else {
                table.remove(namespace: change.key.namespace, name: change.key.name)
            }
        }
        return table.list(namespace: nil)
    }
}
