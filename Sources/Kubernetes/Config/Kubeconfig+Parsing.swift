package import Core
import Foundation
import Yams

/// Kubernetes has a Node of its own.
private typealias YAMLNode = Yams.Node

extension Kubeconfig {
    /// Reads one file. Relative paths in it are meant relative to its folder.
    package init(parsing content: [UInt8], path: String) throws(MartletError) {
        self.init()
        sources = [path]
        let root: YAMLNode?
        do {
            root = try Yams.compose(yaml: String(decoding: content, as: UTF8.self))
        } catch { throw KubeconfigReader.refusal(path, "it is not YAML: \(KubeconfigReader.firstLine(error))") }
        guard let root, !(root.scalar?.string.isEmpty ?? false) else { return }
        guard let document = root.mapping else {
            throw KubeconfigReader.refusal(path, "it is not a mapping of clusters, users and contexts")
        }
        let reader = KubeconfigReader(path: path)
        if let kind = document["kind"]?.string, kind != "Config", !kind.isEmpty {
            throw KubeconfigReader.refusal(path, "its kind is \(kind), not Config")
        }
        clusters = try reader.named(document["clusters"], "cluster", reader.cluster)
        users = try reader.named(document["users"], "user", reader.user)
        contexts = try reader.named(document["contexts"], "context", reader.context)
        currentContext = reader.text(document["current-context"])
    }
}

/// Reads the parts of one kubeconfig file.
private struct KubeconfigReader {
    let path: String

    static func refusal(_ path: String, _ why: String) -> MartletError {
        MartletError(.invalid, "the kubeconfig \(path) cannot be used: \(why)", fix: "correct it, or name another by --kubeconfig")
    }

    static func firstLine(_ error: any Error) -> String {
        let text = (error as? YamlError)?.description ?? "\(error)"
        return text.split(whereSeparator: \.isNewline).first.map { String($0.prefix(200)) } ?? ""
    }

    func refusal(_ why: String) -> MartletError { KubeconfigReader.refusal(path, why) }

    func text(_ node: YAMLNode?) -> String? {
        guard let text = node?.scalar?.string, !text.isEmpty, node?.null == nil else { return nil }
        return text
    }

    /// A list of `{name, <field>}`; a name that stands twice is refused, as kubectl does.
    func named<Value>(_ node: YAMLNode?, _ field: String, _ read: (YAMLNode.Mapping, String) throws(MartletError) -> Value)
        throws(MartletError)
        -> [String: Value]
    {
        var result: [String: Value] = [:]
        guard let node, node.null == nil else { return result }
        guard let list = node.sequence else { throw refusal("\(field)s is not a list") }
        for entry in list {
            guard let mapping = entry.mapping, let name = text(mapping["name"]) else { throw refusal("an entry of \(field)s has no name") }
            let value = try read(mapping[field]?.mapping ?? [:], name)
            if result.updateValue(value, forKey: name) != nil { throw refusal("\(field) \"\(name)\" is there twice") }
        }
        return result
    }

    func absolute(_ file: String) -> String {
        if file.hasPrefix("/") { return file }
        let folder = path.contains("/") ? String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)]) : "."
        return folder + "/" + file
    }

    /// The `-data` form in base64, or the path; the first is used when both are there.
    func material(_ map: YAMLNode.Mapping, _ name: String, _ owner: String, _ ambiguous: inout Bool) throws(MartletError) -> Kubeconfig
        .Material?
    {
        let file = text(map[YAMLNode(name)])
        guard let data = text(map[YAMLNode(name + "-data")]) else { return file.map { .file(absolute($0)) } }
        if file != nil { ambiguous = true }
        guard let bytes = Data(base64Encoded: data, options: .ignoreUnknownCharacters), !bytes.isEmpty else {
            throw refusal("\(name)-data of \(owner) is not base64")
        }
        return .inline(Array(bytes))
    }

    func cluster(_ map: YAMLNode.Mapping, _ name: String) throws(MartletError) -> Kubeconfig.Cluster {
        var cluster = Kubeconfig.Cluster()
        cluster.server = text(map["server"]) ?? ""
        cluster.tlsServerName = text(map["tls-server-name"])
        cluster.skipsVerification = map["insecure-skip-tls-verify"]?.bool ?? false
        cluster.proxy = text(map["proxy-url"])
        cluster.pluginConfiguration = (map["extensions"]?.sequence.map(Array.init) ?? []).lazy.compactMap(\.mapping)
            .first { text($0["name"]) == "client.authentication.k8s.io/exec" }?["extension"].map(json)
        cluster.authority = try material(map, "certificate-authority", "cluster \"\(name)\"", &cluster.isAmbiguous)
        return cluster
    }

    /// What is passed on as it is. What stands in quotes is text, whatever it looks like.
    func json(_ node: YAMLNode) -> JSON {
        switch node {
        case .mapping(let mapping): return .object(JSONObject(mapping.map { ($0.key.string ?? "", json($0.value)) }))
        case .sequence(let sequence): return .array(sequence.map(json))
        case .scalar(let scalar):
            guard scalar.style == .plain || scalar.style == .any else { return .string(scalar.string) }
            if node.null != nil { return .null }
            return node.bool.map { .bool($0) } ?? node.int.map { JSON($0) } ?? node.float.map { .number($0) } ?? .string(scalar.string)
        case .alias: return .null
        }
    }

    func context(_ map: YAMLNode.Mapping, _ name: String) throws(MartletError) -> Kubeconfig.Context {
        Kubeconfig.Context(cluster: text(map["cluster"]) ?? "", user: text(map["user"]) ?? "", namespace: text(map["namespace"]))
    }

    func user(_ map: YAMLNode.Mapping, _ name: String) throws(MartletError) -> Kubeconfig.User {
        var user = Kubeconfig.User()
        user.certificate = try material(map, "client-certificate", "user \"\(name)\"", &user.isAmbiguous)
        user.key = try material(map, "client-key", "user \"\(name)\"", &user.isAmbiguous)
        user.token = text(map["token"])
        user.tokenFile = text(map["tokenFile"]).map(absolute)
        user.username = text(map["username"])
        user.password = text(map["password"])
        user.authProvider = map["auth-provider"]?.mapping.flatMap { text($0["name"]) }
        user.impersonation.user = text(map["as"])
        user.impersonation.uid = text(map["as-uid"])
        user.impersonation.groups = strings(map["as-groups"])
        for (key, values) in map["as-user-extra"]?.mapping ?? [:] {
            if let key = text(key) { user.impersonation.extra[key] = strings(values) }
        }
        if let exec = map["exec"]?.mapping { user.exec = try plugin(exec, name) }
        return user
    }

    func strings(_ node: YAMLNode?) -> [String] { (node?.sequence.map(Array.init) ?? []).compactMap { $0.scalar?.string } }

    func plugin(_ map: YAMLNode.Mapping, _ user: String) throws(MartletError) -> ExecPlugin {
        guard let command = text(map["command"]) else { throw refusal("exec of user \"\(user)\" names no command") }
        guard let version = text(map["apiVersion"]) else { throw refusal("exec of user \"\(user)\" has no apiVersion") }
        guard ExecPlugin.versions.contains(version) else {
            throw refusal("exec of user \"\(user)\" has apiVersion \(version); known are \(ExecPlugin.versions.joined(separator: " and "))")
        }
        var plugin = ExecPlugin(command: command.contains("/") ? absolute(command) : command, apiVersion: version)
        plugin.arguments = strings(map["args"])
        for entry in map["env"]?.sequence.map(Array.init) ?? [] {
            if let pair = entry.mapping, let name = text(pair["name"]) {
                plugin.environment.append((name, pair["value"]?.scalar?.string ?? ""))
            }
        }
        plugin.installHint = text(map["installHint"])
        plugin.providesClusterInfo = map["provideClusterInfo"]?.bool ?? false
        if text(map["interactiveMode"]) == "Always" {
            throw refusal("the plug-in \(command) of user \"\(user)\" always wants to ask a person, which cannot be done here")
        }
        return plugin
    }
}
