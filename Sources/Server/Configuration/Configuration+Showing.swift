package import Core
import Documents
import Remediation

extension Configuration {
    /// What holds, defaults included, with every secret masked: the answer of `martlet config show`.
    package var shown: JSON {
        var server: JSON = ["listen": .string(self.server.listen.description)]
        if let tls = self.server.tls { server["tls"] = ["certificate": .string(tls.certificate), "key": .string(tls.key)] }
        if let url = self.server.publicURL { server["publicURL"] = .string(url) }
        if let probes = self.server.probes { server["probes"] = .string(probes.description) }
        return [
            "version": 1, "server": server, "clusters": .array(clusters.map(\.shown)),
            "environments": .object(JSONObject(environments.sorted { $0.key < $1.key }.map { ($0.key, $0.value.shown) })),
            "storage": ["home": .string(home)], "notify": .array(notifications.map(\.shown)),
            "redaction": ["names": JSON(redaction.names), "keep": JSON(redaction.keep)],
        ]
    }

    /// What `martlet config migrate` does with a file of this version: nothing, and it says so.
    package static func migration(of version: Int) throws(MartletError) -> String {
        guard version == 1 else {
            throw MartletError(.invalid, "version \(version) of the configuration is unknown", fix: "this Martlet reads version 1")
        }
        return "the file is of version 1, which is the newest: nothing to do"
    }
}

extension ClusterSettings {
    fileprivate var shown: JSON {
        var json: JSON = ["name": .string(name)]
        if let context { json["context"] = .string(context) }
        if let kubeconfig { json["kubeconfig"] = .string(kubeconfig) }
        if inCluster { json["inCluster"] = true }
        json["environment"] = .string(environment)
        for (key, credentials) in [("read", read), ("act", act)] where credentials != Credentials() {
            if let context = credentials.context { json[at: "credentials", key, "context"] = .string(context) }
            if let user = credentials.impersonate { json[at: "credentials", key, "as"] = .string(user) }
            if let token = credentials.token { json[at: "credentials", key, "token"] = .string("*** (\(token.reference))") }
        }
        json["namespaces"] = JSON(namespaces)
        json["secrets"] = .string(secrets.rawValue)
        return json
    }
}

extension EnvironmentPolicy {
    fileprivate var shown: JSON {
        [
            "autonomy": .object(JSONObject(RiskClass.allCases.map { ($0.rawValue, .string(autonomy(for: $0).rawValue)) })),
            "optionalGates": JSON(GateResult.Gate.allCases.filter(optionalGates.contains).map(\.rawValue)),
            "approvals": JSON(approvals), "verification": ["window": .string(DurationText.text(verificationWindow))],
            "limits": ["cooldown": .string(DurationText.text(cooldown)), "attempts": JSON(attempts), "breaker": JSON(breaker)],
            "freeze": .array(
                freezes.map {
                    ["from": .string($0.from.description), "until": .string($0.until.description), "reason": .string($0.reason)]
                }),
        ]
    }
}

extension NotificationSettings {
    fileprivate var shown: JSON {
        // The host says where it goes; path and query may be what keeps strangers out.
        var webhook: JSON = ["url": .string("\(WebAddress(url)?.origin ?? "")/***" + (urlReference.map { " (\($0))" } ?? ""))]
        if let secret { webhook["secret"] = .string("*** (\(secret.reference))") }
        return ["webhook": webhook, "on": JSON(Occasion.allCases.filter(occasions.contains).map(\.rawValue))]
    }
}
