import Core
import Documents
import Kubernetes
import Yams

/// The form of an answer, from `Accept`.
struct Representation: Sendable, Hashable {
    enum Form: Sendable { case whole, table, partialMetadata }

    var form = Form.whole
    var isYAML = false
    /// An answer is made as JSON and turned into protocol buffers when it leaves.
    var isProtobuf = false
    /// Of the group `meta.k8s.io`, for what is no object itself.
    private var metaVersion = "v1"

    var contentType: String { isYAML ? "application/yaml" : "application/json" }

    var watchContentType: String { isProtobuf ? ProtobufBody.mediaType + ";stream=watch" : contentType }

    /// Whether an answer can take a form of the list: 406 otherwise. What is no object (logs, streams) has a form of its own.
    static func isAcceptable(_ accept: String?, to target: RequestTarget.Object) -> Bool {
        guard let accept, !["log", "exec", "attach", "portforward", "proxy"].contains(target.subresource) else { return true }
        return accept.split(separator: ",").allSatisfy { $0.allSatisfy { $0 == " " } }
            || accept.split(separator: ",").contains { Representation(part: $0).map { $0.suits(target.resource) } ?? false }
    }

    /// The first form of the list that the twin speaks; JSON when there is none.
    init(accept: String?, of resource: APIResource? = nil) {
        self =
            (accept ?? "").split(separator: ",").lazy.compactMap { Representation(part: $0) }.first {
                resource.map($0.suits) ?? true
            } ?? Representation()
    }

    /// Custom resources and measures have no messages; their metadata have.
    private func suits(_ resource: APIResource) -> Bool {
        !isProtobuf || form == .partialMetadata || resource.custom == nil && resource.type.group != "metrics.k8s.io"
    }

    private init() {}

    /// One media range with its parameters; nil for one that the twin does not speak.
    private init?(part: Substring) {
        let pieces = part.split(separator: ";").map { $0.filter { $0 != " " } }
        func parameter(_ name: String) -> String? {
            pieces.dropFirst().first { $0.hasPrefix(name + "=") }.map { String($0.dropFirst(name.count + 1)) }
        }
        switch pieces.first {
        case "application/json", "*/*", "application/*": break
        case "application/yaml": isYAML = true
        case ProtobufBody.mediaType: isProtobuf = true
        default: return nil
        }
        guard let kind = parameter("as") else { return }
        guard let version = parameter("v"), ["v1", "v1beta1"].contains(version) else { return nil }
        metaVersion = version
        switch kind {
        case "Table" where !isProtobuf: form = .table
        case "PartialObjectMetadata", "PartialObjectMetadataList": form = .partialMetadata
        default: return nil
        }
    }

    func encode(_ value: JSON) -> [UInt8] {
        var value = value
        if form != .whole, metaVersion != "v1" { value["apiVersion"] = .string("meta.k8s.io/\(metaVersion)") }
        return isYAML ? Array(((try? Yams.serialize(node: Representation.node(value))) ?? "").utf8) : value.serialized()
    }

    /// Keys sorted, as the real server writes YAML.
    private static func node(_ value: JSON) -> Yams.Node {
        switch value {
        case .null: return Yams.Node("null", Tag(.null))
        case .bool(let flag): return Yams.Node(flag ? "true" : "false", Tag(.bool))
        case .integer(let number): return Yams.Node(String(number), Tag(.int))
        case .number: return Yams.Node(value.text(), Tag(.float))
        case .string(let text): return Yams.Node(text, Tag(.str), needsQuotes(text) ? .doubleQuoted : .any)
        case .array(let elements): return Yams.Node(elements.map(node), Tag(.seq))
        case .object(let members):
            return Yams.Node(members.keys.sorted().map { (Yams.Node($0, Tag(.str)), node(members[$0] ?? .null)) }, Tag(.map))
        }
    }

    private static func needsQuotes(_ text: String) -> Bool {
        text.isEmpty || Double(text) != nil || ["true", "false", "null", "yes", "no", "on", "off", "~"].contains(text.lowercased())
            || Timestamp(text) != nil
    }
}

extension JSON {
    /// What stands in a request: JSON, or YAML where that is allowed.
    init(requestBody: [UInt8], allowsYAML: Bool) throws(APIFailure) {
        do {
            self = try JSON(parsing: requestBody)
        } catch {
            guard allowsYAML else { throw APIFailure.badRequest(error.description) }
            do { self = try DocumentReader.json(String(decoding: requestBody, as: UTF8.self), place: "body") } catch {
                let unfolds = error.message.contains("unfolds")
                throw APIFailure.badRequest(unfolds ? "yaml: document contains excessive aliasing" : error.message)
            }
        }
    }
}
