import Core
import Kubernetes
import Yams

/// The form of an answer, from `Accept`.
struct Representation: Sendable, Equatable {
    enum Form: Sendable { case whole, table, partialMetadata }

    var form = Form.whole
    var isYAML = false

    var contentType: String { isYAML ? "application/yaml" : "application/json" }

    /// The first form of the list that the twin speaks; JSON when there is none (the real server says 406 for fewer).
    init(accept: String?) {
        for part in (accept ?? "").split(separator: ",") {
            let pieces = part.split(separator: ";").map { $0.filter { $0 != " " } }
            guard let media = pieces.first else { continue }
            func parameter(_ name: String) -> String? {
                pieces.dropFirst().first { $0.hasPrefix(name + "=") }.map { String($0.dropFirst(name.count + 1)) }
            }
            switch media {
            case "application/json", "*/*", "application/*":
                switch (parameter("as"), parameter("v")) {
                case (nil, _): return
                case ("Table", "v1"): form = .table; return
                case ("PartialObjectMetadata", "v1"), ("PartialObjectMetadataList", "v1"): form = .partialMetadata; return
                default: continue
                }
            case "application/yaml": isYAML = true; return
            default: continue
            }
        }
    }

    func encode(_ value: JSON) -> [UInt8] {
        isYAML ? Array(((try? Yams.serialize(node: Representation.node(value))) ?? "").utf8) : value.serialized()
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
            guard allowsYAML, let node = try? Yams.compose(yaml: String(decoding: requestBody, as: UTF8.self)) else {
                throw APIFailure.badRequest(error.description)
            }
            self = JSON(node)
        }
    }

    private init(_ node: Yams.Node) {
        switch node {
        case .scalar(let scalar):
            if scalar.style == .singleQuoted || scalar.style == .doubleQuoted || scalar.style == .literal || scalar.style == .folded {
                self = .string(scalar.string)
            } else if let flag = node.bool, ["true", "false"].contains(scalar.string.lowercased()) {
                self = .bool(flag)
            } else if let number = Int64(scalar.string) {
                self = .integer(number)
            } else if let number = Double(scalar.string), scalar.string.first.map({ $0.isNumber || $0 == "-" || $0 == "." }) == true {
                self = .number(number)
            } else if node.null != nil {
                self = .null
            } else {
                self = .string(scalar.string)
            }
        case .mapping(let mapping): self = .object(JSONObject(mapping.map { ($0.key.string ?? "", JSON($0.value)) }))
        case .sequence(let sequence): self = .array(sequence.map { JSON($0) })
        case .alias: self = .null
        }
    }
}
