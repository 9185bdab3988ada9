import Core
import Foundation
import Kubernetes

/// The environment of a container, references resolved as the kubelet does (kuberuntime, makeEnvironmentVariables).
enum Environment {
    /// A reference that cannot be resolved, in the kubelet's words.
    struct Missing: Error { let message: String }

    static func of(_ container: JSON, in pod: PodWorker, _ world: World) throws(Missing) -> [String: String] {
        var result: [String: String] = [:]
        for source in container["envFrom"]?.array ?? [] {
            let prefix = source["prefix"]?.string ?? ""
            for (field, type) in [("configMapRef", ResourceType.configMaps), ("secretRef", ResourceType.secrets)] {
                guard let reference = source[field] else { continue }
                for (key, value) in try data(reference, type, pod, world) ?? [:] { result[prefix + key] = value }
            }
        }
        for variable in container["env"]?.array ?? [] {
            guard let name = variable["name"]?.string else { continue }
            if let from = variable["valueFrom"] {
                if let value = try value(from, container, pod, world) { result[name] = value }
            } else {
                result[name] = expand(variable["value"]?.string ?? "", result)
            }
        }
        return result
    }

    private static func value(_ from: JSON, _ container: JSON, _ pod: PodWorker, _ world: World) throws(Missing) -> String? {
        for (field, type) in [("configMapKeyRef", ResourceType.configMaps), ("secretKeyRef", ResourceType.secrets)] {
            guard let reference = from[field] else { continue }
            guard let data = try data(reference, type, pod, world) else { return nil }
            let key = reference["key"]?.string ?? ""
            if let value = data[key] { return value }
            if reference["optional"]?.bool == true { return nil }
            if type == .secrets, world.options.assumeSecretsExist { return "" }
            throw Missing(message: KubeletTexts.keyNotFound(key, type.kind, pod.key.namespace, reference["name"]?.string ?? ""))
        }
        switch from["fieldRef"]?["fieldPath"]?.string {
        case "metadata.name": return pod.key.name
        case "metadata.namespace": return pod.key.namespace
        case "metadata.uid": return pod.uid
        case "spec.nodeName": return pod.node
        case "spec.serviceAccountName": return pod.spec["serviceAccountName"]?.string ?? "default"
        case "status.podIP", "status.podIPs": return pod.ip ?? ""
        case "status.hostIP", "status.hostIPs": return world.nodes.address(of: pod.node)
        case nil: break
        case let path?:
            if let key = member(of: "metadata.labels", path) { return world.index.pods[pod.key]?.labels[key] ?? "" }
            return member(of: "metadata.annotations", path).flatMap { pod.annotations[$0] } ?? ""
        }
        if let resource = from["resourceFieldRef"]?["resource"]?.string {
            let parts = resource.split(separator: ".")
            guard parts.count == 2 else { return "" }
            let amount = container["resources"]?[String(parts[0])]?[String(parts[1])]
            return String(parts[1] == "cpu" ? (Amount.milli(amount) + 999) / 1000 : Amount.whole(amount))
        }
        return nil
    }

    /// KEY of `MAP['KEY']`.
    private static func member(of map: String, _ path: String) -> String? {
        guard path.hasPrefix(map + "['"), path.hasSuffix("']") else { return nil }
        return String(path.dropFirst(map.count + 2).dropLast(2))
    }

    /// The data of a ConfigMap or Secret; nil: it is optional and not there.
    private static func data(_ reference: JSON, _ type: ResourceType, _ pod: PodWorker, _ world: World) throws(Missing) -> [String: String]?
    {
        let name = reference["name"]?.string ?? ""
        guard let object = world.store.get(ObjectKey(type: type, namespace: pod.key.namespace, name: name)) else {
            if reference["optional"]?.bool == true { return nil }
            if type == .secrets, world.options.assumeSecretsExist { return [:] }
            throw Missing(message: KubeletTexts.objectNotFound(type.kind.lowercased(), name))
        }
        return decoded(object, type)
    }

    /// Keys and texts of a ConfigMap or Secret.
    static func decoded(_ object: JSON, _ type: ResourceType) -> [String: String] {
        var result = object["data"]?.stringMap ?? [:]
        if type == .secrets {
            for (key, value) in result { result[key] = Data(base64Encoded: value).map { String(decoding: $0, as: UTF8.self) } ?? "" }
            for (key, value) in object["stringData"]?.stringMap ?? [:] { result[key] = value }
        } else {
            for key in object["binaryData"]?.object?.keys ?? [] { result[key] = "" }
        }
        return result
    }

    /// Replaces `$(NAME)` by variables that came before; `$$` is a dollar.
    static func expand(_ text: String, _ variables: [String: String]) -> String {
        guard text.contains("$") else { return text }
        var out = ""
        var rest = Substring(text)
        while let dollar = rest.firstIndex(of: "$") {
            out += rest[..<dollar]
            rest = rest[rest.index(after: dollar)...]
            if rest.first == "$" {
                out += "$"
                rest = rest.dropFirst()
            } else if rest.first == "(", let end = rest.firstIndex(of: ")") {
                let name = String(rest[rest.index(after: rest.startIndex)..<end])
                out += variables[name] ?? "$(\(name))"
                rest = rest[rest.index(after: end)...]
            } else {
                out += "$"
            }
        }
        return out + rest
    }
}
