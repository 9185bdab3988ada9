import Core
import Kubernetes
import KubernetesDiagnosis

/// What can be reached and what may be done, asked of the cluster itself. Nothing is stored there.
enum ClusterChecks {
    /// - Parameters:
    ///   - namespaces: those that are asked about; empty: all of them.
    ///   - readsSecrets: whether names and keys of its Secrets are to be read.
    static func run(_ client: KubernetesClient, namespaces: [String], readsSecrets: Bool, _ report: inout DoctorReport) async throws {
        let place = client.server.url + (client.server.context.map { " (context \"\($0)\")" } ?? "")
        let start = ContinuousClock.now
        do {
            let version = try await client.version()
            let milliseconds = Int(((ContinuousClock.now - start).secondCount * 1000).rounded())
            report.add("server", .ok, "\(place) answers in \(milliseconds) ms: Kubernetes \(version.gitVersion)")
        } catch let error as APIError {
            report.fail("server", error.martletError(now: SystemClock().now()))
            return
        }
        clock(client, &report)
        let user = try await identity(client, &report)
        let places = namespaces.isEmpty ? [nil] : namespaces.map(Optional.some)
        try await permissions(client, user: user, in: places, required: RequiredAccess.all(readsSecrets: readsSecrets), &report)
        try await annotations(client, in: places, &report)
    }

    /// Reads, and so tells whether that works; and what `martlet/ignore` names that is none. What may not be listed is passed over: the
    /// permissions were said before.
    private static func annotations(_ client: KubernetesClient, in places: [String?], _ report: inout DoctorReport) async throws {
        var ignoring = 0
        var details: [String] = []
        for type in IgnoreAnnotations.types {
            var objects: [ObjectMeta] = []
            for namespace in type.isNamespaced ? places : [nil] {
                do { objects += try await client.listMetadata(type, in: ListScope(namespace: namespace)) } catch let error as APIError {
                    if error.isForbidden || error.isNotFound { continue }
                    return report.fail("reading", error.martletError(now: SystemClock().now()))
                }
            }
            for object in objects {
                guard let text = object.annotations[IgnoreAnnotations.key] else { continue }
                ignoring += 1
                let place = (object.namespace.isEmpty ? "" : object.namespace + "/") + "\(type.kind)/\(object.name)"
                details += IgnoreAnnotations.unknownNames(in: text).map { "\(place): \($0.prefix(60))" }
            }
        }
        if details.isEmpty {
            if ignoring > 0 { report.add("ignored", .note, "\(ignoring) objects are annotated \(IgnoreAnnotations.key)") }
        } else {
            report.add(
                "ignored", .warning, "\(IgnoreAnnotations.key) names what is no rule and no category: nothing is ignored by that",
                details: details, fix: "use names that martlet diagnose prints, or * for all")
        }
    }

    private static func clock(_ client: KubernetesClient, _ report: inout DoctorReport) {
        let offset = (client.clusterClock.now() - SystemClock().now()).secondCount
        let rate = client.clusterClock.rate
        if rate != 1 {
            report.add("clock", .note, "this is a simulated cluster: its time runs \(rate) times as fast, and every age is counted on it")
        } else if abs(offset) > 5 {
            report.add(
                "clock", .warning,
                "the cluster's clock is \(Int(abs(offset).rounded())) s \(offset > 0 ? "ahead of" : "behind") this machine's",
                details: ["ages are counted on the cluster's time, so that diagnosis is right; logs and metrics of both will not line up"],
                fix: "synchronise both clocks")
        } else {
            report.add("clock", .ok, "the cluster's clock agrees with this machine's")
        }
    }

    private static func identity(_ client: KubernetesClient, _ report: inout DoctorReport) async throws -> String {
        do {
            if let user = try await client.whoAmI() {
                report.add("identity", .ok, "the server knows this client as \(user)")
                return user
            }
        } catch is APIError {
            // Kubernetes before 1.28 has no SelfSubjectReview; the kubeconfig's own name for the user is what is left.
        }
        report.add("identity", .note, "the server does not tell as whom it knows this client")
        return client.server.user ?? "unknown"
    }

    private static func permissions(
        _ client: KubernetesClient, user: String, in places: [String?], required: [RequiredAccess], _ report: inout DoctorReport
    ) async throws {
        var missing: [MissingAccess] = []
        do {
            for access in required {
                for namespace in access.type.isNamespaced ? places : [nil] {
                    let denied = try await denied(access, client, namespace)
                    if !denied.isEmpty { missing.append(MissingAccess(access, verbs: denied, namespace: namespace)) }
                }
            }
        } catch let error as APIError {
            report.fail("permissions", error.martletError(now: SystemClock().now()))
            return
        }
        let named = places.compactMap { $0 }
        let place =
            named.isEmpty ? "in all namespaces" : "in namespace\(named.count == 1 ? "" : "s") " + named.joined(separator: ", ")
        for purpose in [RequiredAccess.Purpose.diagnose, .detail, .act, .errorRate] {
            let wanted = required.count { $0.purpose == purpose }
            let lacking = missing.filter { $0.access.purpose == purpose }
            let details = lacking.map { $0.text(namesNamespace: named.count > 1) }
            let kinds = Set(lacking.map(\.access)).count
            switch (purpose, lacking.isEmpty) {
            case (.diagnose, true): report.add("diagnosis", .ok, "all \(wanted) kinds that diagnosis needs may be read \(place)")
            case (.diagnose, false):
                report.add(
                    "diagnosis", .error, "\(kinds) of \(wanted) kinds that diagnosis needs may not be read \(place)", details: details)
            case (.detail, true): report.add("detail", .ok, "all \(wanted) further kinds may be read")
            case (.detail, false):
                report.add("detail", .warning, "\(kinds) of \(wanted) further kinds may not be read", details: details)
            case (.act, true): report.add("acting", .ok, "these credentials may also carry out plans")
            case (.act, false):
                report.add("acting", .note, "these credentials may not carry out plans: they can only be read with", details: details)
            case (.errorRate, true): report.add("error rate", .ok, "pods that ask to be scraped may be read")
            case (.errorRate, false):
                report.add(
                    "error rate", .note, "pods that ask to be scraped may not be read: a repair of theirs is verified by a person",
                    details: details)
            }
        }
        let forReading = missing.filter { $0.access.purpose == .diagnose || $0.access.purpose == .detail }
        if !forReading.isEmpty { report.manifest = MissingAccessManifest.yaml(forReading, user: user) }
        let forErrorRate = missing.filter { $0.access.purpose == .errorRate }
        if !forErrorRate.isEmpty { report.optional = MissingAccessManifest.yaml(forErrorRate, user: user, name: "martlet-error-rate") }
    }

    /// The verbs that are not allowed; the questions go out together and the client's rate limit holds.
    private static func denied(_ access: RequiredAccess, _ client: KubernetesClient, _ namespace: String?) async throws -> [String] {
        try await withThrowingTaskGroup(of: String?.self) { group in
            for question in access.questions(namespace: namespace) {
                group.addTask { try await client.mayI(question).isAllowed ? nil : question.verb }
            }
            var denied: [String] = []
            for try await verb in group { if let verb { denied.append(verb) } }
            return access.verbs.filter(denied.contains)
        }
    }
}
