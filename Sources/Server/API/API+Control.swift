import Core
import HTTPTypes
import Journal

extension API {
    var control: [Endpoint] {
        [
            .api(
                .get, "/status", .role(.viewer),
                Contract(operation: "getStatus", summary: "How Martlet itself is", risk: .read, answer: "Status")
            ) { _ in .json(await statusJSON()) },
            .api(
                .post, "/pause", .role(.operator),
                Contract(
                    operation: "pause", summary: "Stop acting everywhere, at once", risk: .propose,
                    body: Schema.object(["reason": Schema.string], required: ["reason"]), answer: "Status")
            ) { exchange in
                try await backend.pause(reason: Self.text(try exchange.json(), "reason"), actor: exchange.actor)
                return .json(await statusJSON())
            },
            .api(
                .post, "/resume", .role(.approver),
                Contract(operation: "resume", summary: "Act again", risk: .change, body: Schema.object([:]), answer: "Status")
            ) { exchange in
                _ = try exchange.json()
                try await backend.resume(actor: exchange.actor)
                return .json(await statusJSON())
            },
            .api(
                .post, "/login", .role(.viewer),
                Contract(
                    operation: "makeLoginLink", summary: "A link that opens one browser session of the caller, once, within ten minutes",
                    risk: .propose, body: Schema.object([:]), answer: "LoginLink", status: 201)
            ) { exchange in
                guard let caller = exchange.caller else { throw MartletError(.unauthorized, "this needs a token") }
                let secret = access.links.issue(for: caller.principal)
                return .json(
                    ["url": .string("\(baseURL())/login?secret=\(secret)"), "expiresIn": JSON(Int(LoginLinks.lifetime.secondCount))],
                    status: 201)
            },
        ]
    }

    private func statusJSON() async -> JSON {
        let status = await backend.status()
        var json: JSON = [
            "version": .string(status.version), "startedAt": .string(status.startedAt.description), "paused": .bool(status.pause != nil),
        ]
        if let pause = status.pause {
            json["pausedBy"] = .string(pause.actor)
            json["pausedReason"] = .string(pause.reason)
            json["pausedAt"] = .string(pause.since.description)
        }
        if let reason = status.notReady { json["notReady"] = .string(reason) }
        json["clusters"] = .array(
            status.clusters.map { cluster in
                var json: JSON = [
                    "name": .string(cluster.name), "environment": .string(cluster.environment), "synced": .bool(cluster.isSynced),
                    "objects": JSON(cluster.objects),
                ]
                if let error = cluster.error { json["error"] = .string(error) }
                if !cluster.unreadable.isEmpty { json["unreadable"] = .array(cluster.unreadable.map { .string($0) }) }
                if cluster.isBlind { json["blind"] = true }
                if let time = cluster.heardAt { json["heardAt"] = .string(time.description) }
                if let time = cluster.now { json["now"] = .string(time.description) }
                return json
            })
        json["journal"] = ["entries": .integer(await backend.newestEntry())]
        return json
    }
}
