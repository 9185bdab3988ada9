import Core
import Kubernetes

/// Webhook configurations (pkg/apis/admissionregistration/validation).
extension Validation {
    mutating func webhooks(_ configuration: JSON) {
        var names: Set<String> = []
        for (at, hook) in each(configuration["webhooks"], "webhooks") {
            let name = hook[text: "name"]
            webhook(hook, at)
            reviewVersions(hook["admissionReviewVersions"], "\(at).admissionReviewVersions")
            if !name.isEmpty, !names.insert(name).inserted { duplicate("\(at).name", .string(name)) }
        }
    }

    private mutating func webhook(_ hook: JSON, _ at: String) {
        let name = hook[text: "name"]
        let mistakes = Names.subdomain(name)
        if name.isEmpty {
            required("\(at).name")
        } else if !mistakes.isEmpty {
            invalid("\(at).name", .string(name), mistakes.joined(separator: ","))
        } else if name.split(separator: ".").count < 3 {
            invalid("\(at).name", .string(name), "should be a domain with at least three segments separated by dots")
        }
        for (at, rule) in each(hook["rules"], "\(at).rules") { webhookRule(rule, at) }
        choice(hook["failurePolicy"], "\(at).failurePolicy", ["Fail", "Ignore"])
        choice(hook["matchPolicy"], "\(at).matchPolicy", ["Equivalent", "Exact"])
        if hook["sideEffects"] == nil {
            required("\(at).sideEffects", "must specify one of None, NoneOnDryRun")
        } else {
            choice(hook["sideEffects"], "\(at).sideEffects", ["None", "NoneOnDryRun"])
        }
        if let seconds = hook["timeoutSeconds"], !(1...30).contains(seconds.int ?? 1) {
            invalid("\(at).timeoutSeconds", seconds, "the timeout value must be between 1 and 30 seconds")
        }
        labelSelector(hook["namespaceSelector"], "\(at).namespaceSelector")
        labelSelector(hook["objectSelector"], "\(at).objectSelector")
        choice(hook["reinvocationPolicy"], "\(at).reinvocationPolicy", ["IfNeeded", "Never"])
        client(hook["clientConfig"] ?? [:], "\(at).clientConfig")
    }

    private mutating func client(_ client: JSON, _ field: String) {
        switch (client["url"], client["service"]) {
        case (let url?, nil): webhookURL(url.string ?? "", "\(field).url")
        case (nil, let service?):
            for member in ["name", "namespace"] where service[text: member].isEmpty {
                required("\(field).service.\(member)", "service \(member) is required")
            }
            if let port = service["port"], !(1...65535).contains(port.int ?? 1) {
                invalid("\(field).service.port", port, "port is not valid: must be between 1 and 65535, inclusive")
            }
            if let path = service["path"]?.string, !path.hasPrefix("/") {
                invalid("\(field).service.path", .string(path), "must start with a '/'")
            }
        default: required(field, "exactly one of url or service is required")
        }
    }

    private mutating func webhookURL(_ url: String, _ field: String) {
        let form = "; desired format: https://host[/path]"
        let parts = url.split(separator: ":", maxSplits: 1).map(String.init)
        let scheme = url.contains("://") ? parts[0] : ""
        if scheme != "https" { invalid(field, .string(scheme), "'https' is the only allowed URL scheme\(form)") }
        let rest = url.contains("://") ? url.split(separator: "//", maxSplits: 1).last.map(String.init) ?? "" : ""
        let host = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        if host.isEmpty { invalid(field, "", "host must be specified\(form)") }
        if host.contains("@") { invalid(field, nil, "user information is not permitted in the URL") }
        if url.contains("#") { invalid(field, nil, "fragments are not permitted in the URL") }
        if url.contains("?") { invalid(field, nil, "query parameters are not permitted in the URL") }
    }

    private mutating func webhookRule(_ rule: JSON, _ at: String) {
        func words(_ member: String) -> [String] { (rule[member]?.array ?? []).compactMap(\.string) }
        if words("operations").isEmpty { required("\(at).operations") }
        if words("operations").count > 1, words("operations").contains("*") {
            invalid("\(at).operations", rule["operations"], "if '*' is present, must not specify other operations")
        }
        for (at, word) in each(rule["operations"], "\(at).operations") {
            choice(word, at, ["*", "CONNECT", "CREATE", "DELETE", "UPDATE"])
        }
        for (member, what) in [("apiGroups", "API groups"), ("apiVersions", "API versions")] {
            if words(member).isEmpty { required("\(at).\(member)") }
            if words(member).count > 1, words(member).contains("*") {
                invalid("\(at).\(member)", rule[member], "if '*' is present, must not specify other \(what)")
            }
        }
        let resources = words("resources")
        if resources.isEmpty { required("\(at).resources") }
        if resources.count > 1, resources.contains("*/*") {
            invalid("\(at).resources", rule["resources"], "if '*/*' is present, must not specify other resources")
        }
        if resources.contains("*"), resources.contains(where: { $0 != "*" && !$0.contains("/") }) {
            invalid(
                "\(at).resources", rule["resources"], "if '*' is present, must not specify other resources without subresources")
        }
        choice(rule["scope"], "\(at).scope", ["*", "Cluster", "Namespaced"])
    }

    private mutating func reviewVersions(_ versions: JSON?, _ field: String) {
        let words = (versions?.array ?? []).compactMap(\.string)
        if words.isEmpty { return required(field, "must specify one of v1, v1beta1") }
        var seen: Set<String> = []
        for (at, version) in each(versions, field) {
            if !seen.insert(version.string ?? "").inserted {
                invalid(at, version, "duplicate version")
            } else {
                form(version.string ?? "", at, Names.serviceName)
            }
        }
        if !words.contains("v1"), !words.contains("v1beta1") { invalid(field, versions, "must include at least one of v1, v1beta1") }
    }
}
