package import Core
import Documents
import Remediation

extension Configuration {
    /// The path of the file that holds, by INTERFACES section 3: the option, `$MARTLET_CONFIG`, the user's, the machine's; nil when
    /// there is none, which is fine.
    /// - Throws: `notFound` when the option or the variable names a file that cannot be read.
    package static func locate(option: String?, _ surroundings: ConfigurationSurroundings) throws(MartletError) -> String? {
        let variables = surroundings.environment
        for (path, origin) in [(option, "--config"), (variables["MARTLET_CONFIG"], "$MARTLET_CONFIG")] {
            guard let path, !path.isEmpty else { continue }
            guard surroundings.read(path) != nil else {
                throw MartletError(
                    .notFound, "the configuration file \(path) cannot be read", details: ["it was named by \(origin)"],
                    fix: "check the path, or leave it out: Martlet runs without a file")
            }
            return path
        }
        let user = variables["XDG_CONFIG_HOME"].flatMap { $0.isEmpty ? nil : $0 } ?? variables["HOME"].map { "\($0)/.config" }
        return [user.map { "\($0)/martlet/martlet.yaml" }, "/etc/martlet/martlet.yaml"].compactMap { $0 }
            .first { surroundings.read($0) != nil }
    }

    /// Locates and reads the configuration; defaults where there is no file.
    package static func load(option: String? = nil, _ surroundings: ConfigurationSurroundings = .process) throws(MartletError)
        -> Configuration
    {
        guard let path = try locate(option: option, surroundings), let bytes = surroundings.read(path) else {
            return Configuration(home: defaultHome(surroundings.environment))
        }
        return try parse(String(decoding: bytes, as: UTF8.self), file: path, surroundings)
    }

    /// `$MARTLET_HOME`, else the XDG state folder.
    package static func defaultHome(_ variables: [String: String]) -> String {
        func value(_ name: String) -> String? { variables[name].flatMap { $0.isEmpty ? nil : $0 } }
        if let home = value("MARTLET_HOME") { return home }
        return (value("XDG_STATE_HOME") ?? (value("HOME") ?? "/var/lib") + "/.local/state") + "/martlet"
    }

    /// Reads one document. All problems are reported at once, each with line and column.
    package static func parse(_ text: String, file: String, _ surroundings: ConfigurationSurroundings) throws(MartletError) -> Configuration
    {
        var reader = DocumentReader()
        var configuration = Configuration(home: defaultHome(surroundings.environment))
        configuration.file = file
        if let json = try reader.read(text, file: file, as: .martlet) {
            configuration.fill(from: json, surroundings, &reader)
            if reader.problems.isEmpty { configuration.check(&reader) }
        }
        if let failure = reader.failure(file, fix: "correct the file; `martlet config schema` prints what it may hold") { throw failure }
        return configuration
    }

    private mutating func fill(from json: JSON, _ surroundings: ConfigurationSurroundings, _ reader: inout DocumentReader) {
        server.fill(from: json["server"] ?? [:])
        clusters = (json["clusters"]?.array ?? []).enumerated().map { index, item in
            var cluster = ClusterSettings(name: item["name"]?.string ?? "")
            cluster.context = item["context"]?.string
            cluster.kubeconfig = item["kubeconfig"]?.string
            cluster.inCluster = item["inCluster"]?.bool ?? false
            cluster.environment = item["environment"]?.string ?? "prod"
            cluster.namespaces = (item["namespaces"]?.array ?? []).compactMap(\.string)
            cluster.secrets = item["secrets"]?.string.flatMap(ClusterSettings.Secrets.init) ?? .none
            func credentials(_ key: String) -> ClusterSettings.Credentials {
                let part = item[at: "credentials", key]
                return .init(
                    context: part?["context"]?.string, impersonate: part?["as"]?.string,
                    token: secret(part?["token"]?.string, at: "clusters[\(index)].credentials.\(key).token", surroundings, &reader))
            }
            cluster.read = credentials("read")
            cluster.act = credentials("act")
            return cluster
        }
        for (name, item) in json["environments"]?.object ?? [:] { environments[name] = EnvironmentPolicy(configured: item) }
        if let path = json[at: "storage", "home"]?.string { home = path }
        notifications = (json["notify"]?.array ?? []).enumerated().map { index, item in
            let url = item[at: "webhook", "url"]?.string ?? ""
            let resolved = SecretReference(url) == nil ? nil : secret(url, at: "notify[\(index)].webhook.url", surroundings, &reader)
            return NotificationSettings(
                url: resolved?.value ?? url, urlReference: resolved?.reference,
                secret: secret(item[at: "webhook", "secret"]?.string, at: "notify[\(index)].webhook.secret", surroundings, &reader),
                occasions: Set(
                    (item["on"]?.array).map { $0.compactMap { $0.string.flatMap(NotificationSettings.Occasion.init) } }
                        ?? NotificationSettings.Occasion.allCases))
        }
        redaction.names = (json[at: "redaction", "names"]?.array ?? []).compactMap(\.string)
        redaction.keep = (json[at: "redaction", "keep"]?.array ?? []).compactMap(\.string)
    }

    private func secret(
        _ text: String?, at path: String, _ surroundings: ConfigurationSurroundings, _ reader: inout DocumentReader
    ) -> Secret? {
        guard let text, let reference = SecretReference(text) else { return nil }
        do { return Secret(reference: text, value: try reference.resolve(surroundings)) } catch {
            reader.report(at: path, error.message)
            return nil
        }
    }

    /// What no single value can say.
    private func check(_ reader: inout DocumentReader) {
        if let exposure = server.exposure {
            reader.report(at: "server.listen", "server.listen: \(exposure); listen on 127.0.0.1, or set certificate and key")
        }
        for (index, cluster) in clusters.enumerated() {
            if clusters[..<index].contains(where: { $0.name == cluster.name }) {
                reader.report(at: "clusters[\(index)].name", "two clusters are called \"\(cluster.name)\"")
            }
            if cluster.inCluster, cluster.context != nil || cluster.kubeconfig != nil {
                reader.report(at: "clusters[\(index)].inCluster", "inCluster and context exclude each other")
            }
            if cluster.secrets.isReserved {
                reader.report(
                    at: "clusters[\(index)].secrets",
                    "secrets: \(cluster.secrets.rawValue) is not supported by this version, which would read no more than with keys; write keys or none"
                )
            }
            if cluster.environment != "prod", environments[cluster.environment] == nil {
                let near = Nearest.hint(cluster.environment, among: environments.keys.sorted())
                reader.report(
                    at: "clusters[\(index)].environment", "environment \"\(cluster.environment)\" is not described in environments\(near)")
            }
        }
        for (index, name) in redaction.names.enumerated() {
            let names = SensitiveNames(names: [name])
            guard let member = RedactionSettings.ownMembers.first(where: names.contains) else { continue }
            reader.report(
                at: "redaction.names[\(index)]",
                "\"\(name.terminalSafe)\" would hide \"\(member)\" of Martlet's own records; name the setting more exactly")
        }
        for (index, notification) in notifications.enumerated() where WebAddress(notification.url) == nil {
            reader.report(at: "notify[\(index)].webhook.url", "the webhook's address is not http or https")
        }
        for name in environments.keys.sorted() {
            for (index, freeze) in (environments[name]?.freezes ?? []).enumerated() where freeze.until <= freeze.from {
                reader.report(at: "environments.\(name).freeze[\(index)].until", "the freeze ends before it begins")
            }
        }
    }
}

extension ListenerSettings {
    fileprivate mutating func fill(from json: JSON) {
        if let address = json["listen"]?.string.flatMap(ListenAddress.init) { listen = address }
        if let tls = json["tls"], let certificate = tls["certificate"]?.string, let key = tls["key"]?.string {
            self.tls = TLS(certificate: certificate, key: key)
        }
        publicURL = json["publicURL"]?.string.map { $0.hasSuffix("/") ? String($0.dropLast()) : $0 }
        probes = json["probes"]?.string.flatMap(ListenAddress.init)
    }
}

extension EnvironmentPolicy {
    fileprivate init(configured json: JSON) {
        self.init()
        for risk in RiskClass.allCases {
            autonomy[risk] = (json["autonomy"]?.string ?? json[at: "autonomy", risk.rawValue]?.string).flatMap(Autonomy.init)
        }
        optionalGates = Set((json["optionalGates"]?.array ?? []).compactMap { $0.string.flatMap(GateResult.Gate.init) })
        approvals = json["approvals"]?.int ?? approvals
        func duration(_ value: JSON?) -> Duration? { value?.string.flatMap { DurationText.parse($0) } }
        verificationWindow = duration(json[at: "verification", "window"]) ?? verificationWindow
        cooldown = duration(json[at: "limits", "cooldown"]) ?? cooldown
        attempts = json[at: "limits", "attempts"]?.int ?? attempts
        breaker = json[at: "limits", "breaker"]?.int ?? breaker
        freezes = (json["freeze"]?.array ?? []).compactMap { item in
            guard let from = item["from"]?.string.flatMap({ Timestamp($0) }), let until = item["until"]?.string.flatMap({ Timestamp($0) })
            else { return nil }
            return Freeze(from: from, until: until, reason: item["reason"]?.string ?? "")
        }
    }
}
