import Core

/// Requests for certificates: who asks is written by the server (registry/certificates/certificates/strategy.go).
enum SigningRequest {
    static func sign(_ request: inout JSON, by user: UserInfo) {
        request[at: "spec", "username"] = .string(user.name)
        request[at: "spec", "uid"] = user.uid.map { .string($0) }
        request[at: "spec", "groups"] = JSON(user.groups)
        request[at: "spec", "extra"] = user.credential.map { ["authentication.kubernetes.io/credential-id": [.string($0)]] }
    }
}

extension Validation {
    /// pkg/apis/certificates/validation.
    mutating func signingRequest(_ spec: JSON) {
        let text = Base64.decode(spec[text: "request"]).map { String(decoding: $0, as: UTF8.self) } ?? ""
        if !text.contains("-----BEGIN CERTIFICATE REQUEST-----") || !text.contains("-----END CERTIFICATE REQUEST-----") {
            invalid("spec.request", spec["request"] ?? "", "PEM block type must be CERTIFICATE REQUEST")
        }
        if spec["usages"]?.array?.isEmpty ?? true { required("spec.usages") }
        let name = spec[text: "signerName"]
        let parts = name.split(separator: "/", omittingEmptySubsequences: false)
        if name.isEmpty {
            required("spec.signerName")
        } else if parts.count != 2 {
            invalid(
                "spec.signerName", .string(name), "must be a fully qualified domain and path of the form \"example.com/signer-name\"")
        } else if !parts[0].contains(".") {
            invalid("spec.signerName", .string(name), "should be a domain with at least two segments separated by dots")
        }
        if let seconds = spec["expirationSeconds"]?.int, seconds < 600 {
            invalid("spec.expirationSeconds", JSON(seconds), "may not specify a duration less than 600 seconds (10 minutes)")
        }
    }

    /// kube-aggregator pkg/apis/apiregistration/validation.
    mutating func apiService(_ object: JSON) {
        let spec = object["spec"] ?? [:]
        let expected = "\(spec[text: "version"]).\(spec[text: "group"])"
        let name = object[at: "metadata", "name"]?.string ?? ""
        if name != expected {
            invalid("metadata.name", .string(name), "must be `spec.version+\".\"+spec.group`: \"\(expected)\"")
        }
        for (member, limit) in [("groupPriorityMinimum", 20_000), ("versionPriority", 1000)] {
            let value = spec[member]?.int ?? 0
            if value <= 0 || value > limit {
                invalid("spec.\(member)", JSON(value), "must be positive and less than \(limit)")
            }
        }
    }
}
