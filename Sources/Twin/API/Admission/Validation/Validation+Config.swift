import Core
import Kubernetes

/// ConfigMaps and Secrets (ValidateConfigMap, ValidateSecret).
extension Validation {
    private static let sizeLimit = 1_048_576

    mutating func configMap(_ map: JSON) {
        let (plain, binary) = (members(map["data"]), members(map["binaryData"]))
        for (key, _) in plain {
            form(key, "data[\(key)]", Names.configKey)
            if map["binaryData"]?[key] != nil { invalid("data[\(key)]", .string(key), "duplicate of key present in binaryData") }
        }
        for (key, _) in binary { form(key, "binaryData[\(key)]", Names.configKey) }
        let size = plain.reduce(0) { $0 + ($1.value.string?.utf8.count ?? 0) } + binary.reduce(0) { $0 + Validation.bytes($1.value).count }
        if size > Validation.sizeLimit { tooLong("[]", Validation.sizeLimit) }
    }

    mutating func secret(_ secret: JSON) {
        let data = members(secret["data"])
        for (key, value) in data {
            form(key, "data[\(key)]", Names.configKey)
            if value.string.map({ Base64.decode($0) == nil }) ?? false {
                invalid("data[\(key)]", "<secret contents redacted>", "must be base64 encoded")
            }
        }
        if data.reduce(0, { $0 + Validation.bytes($1.value).count }) > Validation.sizeLimit { tooLong("data", Validation.sizeLimit) }
        func has(_ key: String) -> Bool { secret["data"]?[key] != nil }
        switch secret[text: "type"] {
        case "kubernetes.io/service-account-token":
            let key = "kubernetes.io/service-account.name"
            if secret[at: "metadata", "annotations", key]?.string?.isEmpty ?? true { required("metadata.annotations[\(key)]") }
        case "kubernetes.io/dockercfg": registryLogins(secret, ".dockercfg")
        case "kubernetes.io/dockerconfigjson": registryLogins(secret, ".dockerconfigjson")
        case "kubernetes.io/basic-auth":
            if !has("username"), !has("password") { for key in ["username", "password"] { required("data[\(key)]") } }
        case "kubernetes.io/ssh-auth":
            if Validation.bytes(secret["data"]?["ssh-privatekey"] ?? "").isEmpty { required("data[ssh-privatekey]") }
        case "kubernetes.io/tls": for key in ["tls.crt", "tls.key"] where !has(key) { required("data[\(key)]") }
        default: break
        }
    }

    private mutating func registryLogins(_ secret: JSON, _ key: String) {
        guard let value = secret["data"]?[key] else { return required("data[\(key)]") }
        let bytes = Validation.bytes(value)
        let mistake: String?
        switch try? JSON(parsing: bytes) {
        case .object?: mistake = nil
        case nil: mistake = GoJSONError.text(bytes)
        case .array?: mistake = "json: cannot unmarshal array into Go value of type map[string]interface {}"
        case .string?: mistake = "json: cannot unmarshal string into Go value of type map[string]interface {}"
        case .bool?: mistake = "json: cannot unmarshal bool into Go value of type map[string]interface {}"
        case .integer?, .number?: mistake = "json: cannot unmarshal number into Go value of type map[string]interface {}"
        case .null?: mistake = nil
        }
        if let mistake { invalid("data[\(key)]", "<secret contents redacted>", mistake) }
    }

    private static func bytes(_ value: JSON) -> [UInt8] { value.string.flatMap(Base64.decode) ?? [] }
}
