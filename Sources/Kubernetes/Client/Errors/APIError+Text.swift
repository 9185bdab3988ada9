package import Core

extension APIError: CustomStringConvertible {
    package var description: String { martletError(now: nil).description }

    /// What went wrong in words, with the server, the reason and what to do. `now` lets it tell an expired certificate.
    package func martletError(now: Timestamp?) -> MartletError {
        switch reason {
        case .credentials(let error): return error
        case .tooLarge(let limit):
            return MartletError(
                .io, "the answer of \(server.url) to \(method) \(place) is larger than \(limit >> 20) MiB",
                fix: "narrow it down by namespace or label selector")
        case .unreadable(let error):
            return MartletError(
                .corrupt, "the answer of \(server.url) to \(method) \(place) cannot be read: \(error)",
                fix: "check that this address is a Kubernetes API server and that no proxy cuts its answers")
        case .endlessList(let sign):
            return MartletError(
                .corrupt, "the list at \(place) of \(server.url) does not end: \(sign)",
                fix: "see which API serves it (an aggregated one may page wrongly), and what stands before the API server")
        case .transport(let error): return transportText(error, now: now)
        case .status(let status): return statusText(status, now: now)
        }
    }

    private var place: String { String(path.prefix { $0 != "?" }) }
    private var ofContext: String { server.context.map { " of context \"\($0)\"" } ?? "" }

    private func transportText(_ error: TransportError, now: Timestamp?) -> MartletError {
        switch error.kind {
        case .unreachable:
            MartletError(
                .unavailable, "no connection to the server at \(server.url)\(ofContext)", details: [error.text],
                fix: error.fix ?? "check that the cluster runs and that its address is right, or choose another context with --context")
        case .identity:
            MartletError(
                .unauthorized, "the server at \(server.url) refused the credentials\(ofContext)", details: [error.text] + expiryText(now),
                fix: "renew client-certificate and client-key of the user in the kubeconfig, or choose another context with --context")
        case .tls, .untrusted:
            MartletError(
                .unavailable, "no secure connection to the server at \(server.url)\(ofContext)", details: [error.text],
                fix: error.fix ?? "check certificate-authority and tls-server-name of the cluster in the kubeconfig")
        case .timeout:
            MartletError(
                .timeout, "the server at \(server.url)\(ofContext) did not answer \(method) \(place) in time", details: [error.text],
                fix: "try again; if it stays so, check the API server and its etcd")
        case .closed:
            MartletError(
                .unavailable, "the server at \(server.url)\(ofContext) closed the connection during \(method) \(place)",
                details: [error.text], fix: "try again; if it stays so, check the API server and what stands before it")
        }
    }

    private func statusText(_ status: APIStatus, now: Timestamp?) -> MartletError {
        let causes = status.causes.map { [$0.field, $0.message].filter { !$0.isEmpty }.joined(separator: ": ") }.filter { !$0.isEmpty }
        let said = status.message.isEmpty ? [] : [status.message]
        switch status.code {
        case 300..<400:
            return MartletError(
                .unavailable, "\(server.url) points elsewhere instead of answering \(method) \(place) (\(status.code))", details: said,
                fix: "this is no API server, or a sign-in page stands before it: correct the server's address in the kubeconfig")
        case 401:
            return MartletError(
                .unauthorized, "the server at \(server.url) refused the credentials\(ofContext) (401)", details: expiryText(now),
                fix: "renew \(certificateIsOver(now) ? "it" : "them"), or choose another context with --context")
        case 403 where status.isAccessDenied:
            return MartletError(
                .forbidden, status.message + " (403)",
                fix: "grant this permission by a Role or ClusterRole; `martlet doctor` prints what Martlet needs")
        case 403:
            return MartletError(
                .refused, "\(server.url) refused \(method) \(place) (403)", details: said + causes,
                fix: "see who refuses: an admission webhook or policy, a quota, or a proxy before the API server")
        case 404 where !status.name.isEmpty: return MartletError(.notFound, "\(status.message) (404)", details: [place])
        case 404:
            return MartletError(
                .notFound, "the server at \(server.url)\(ofContext) has nothing at \(place) (404)", details: said,
                fix: "check that this is the address of a Kubernetes API server, and that it serves this kind")
        case 409: return MartletError(.conflict, status.message + " (409)", details: causes, fix: "read the object again and repeat")
        case 410: return MartletError(.conflict, "the version asked for is no longer kept (410)", details: said, fix: "list again")
        case 400, 422:
            return MartletError(
                .invalid, "\(server.url) does not take \(method) \(place) (\(status.code))", details: said + causes,
                fix: "correct what it names; if it names nothing, check that it is a Kubernetes API server")
        case 429:
            return MartletError(
                .tooMany, status.isBlockedByBudget ? status.message : "\(server.url) asks to slow down (429)",
                details: status.isBlockedByBudget ? causes : said + waitText(status),
                fix: status.isBlockedByBudget
                    ? "wait until more pods are ready, or look at the PodDisruptionBudget"
                    : "try again later; if it stays so, see who keeps the API server busy (API priority and fairness)")
        case 504:
            return MartletError(
                .timeout, "\(server.url) ran out of time on \(method) \(place) (504)", details: said,
                fix: "try again; if it stays so, check the API server and its etcd")
        case 500...:
            return MartletError(
                .unavailable, "\(server.url) could not carry out \(method) \(place) (\(status.code))",
                details: said + causes + waitText(status),
                fix: "check the API server, its etcd, and webhooks and aggregated APIs that it calls")
        default: return MartletError(.internalError, "\(server.url) answered \(status.code) to \(method) \(place)", details: said)
        }
    }

    private func waitText(_ status: APIStatus) -> [String] {
        status.retryAfter.map { ["it asks to wait \($0.components.seconds) s"] } ?? []
    }

    private func certificateIsOver(_ now: Timestamp?) -> Bool {
        if let now, let expiry = server.certificateExpiry { expiry <= now } else { false }
    }

    private func expiryText(_ now: Timestamp?) -> [String] {
        guard let now, let expiry = server.certificateExpiry, expiry <= now else {
            return server.user.map { ["the credentials are those of user \"\($0)\""] } ?? []
        }
        let of = server.user.map { " of user \"\($0)\"" } ?? ""
        let when = expiry.rfc3339().replacing("T", with: " ").dropLast(4)
        return ["the client certificate\(of) expired \(APIError.roughly(now - expiry)) ago (\(when) UTC)"]
    }

    /// `3 days`, `5 hours`, `1 minute`.
    static func roughly(_ duration: Duration) -> String {
        let seconds = duration.components.seconds
        for (size, word) in [(86_400, "day"), (3600, "hour"), (60, "minute")] as [(Int64, String)] where seconds >= size {
            return "\(seconds / size) \(word)\(seconds / size == 1 ? "" : "s")"
        }
        return "\(seconds) second\(seconds == 1 ? "" : "s")"
    }
}
