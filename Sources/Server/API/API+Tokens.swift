import Core
import HTTPTypes
import Journal

extension API {
    var tokens: [Endpoint] {
        [
            .api(
                .get, "/tokens", .role(.administrator),
                Contract(operation: "listTokens", summary: "Named tokens, without their text", risk: .read, answer: "TokenList")
            ) { _ in
                ListPage.answer(
                    access.tokens.all.map { entry in
                        var json = entry.principal.json
                        json["createdAt"] = .string(entry.createdAt.description)
                        json["createdBy"] = .string(entry.createdBy)
                        return json
                    }, next: nil)
            },
            .api(
                .post, "/tokens", .role(.administrator),
                Contract(
                    operation: "createToken", summary: "Make a token; its text is shown this once", risk: .change,
                    body: Schema.object(
                        ["name": Schema.string, "role": Schema.choice(Role.allCases.map(\.rawValue)), "ingest": Schema.string],
                        required: ["name"]), answer: "NewToken", status: 201)
            ) { exchange in
                let body = try exchange.json()
                let name = try Self.text(body, "name")
                let principal = Principal(name: name, grant: try Self.grant(body))
                try TokenFile.check(name)
                guard !access.tokens.all.contains(where: { $0.principal.name == name }) else {
                    throw MartletError(.conflict, "there is a token called \"\(name)\"", fix: "choose another name, or revoke it")
                }
                try await backend.record(entry(.tokenCreated, principal, exchange.actor))
                var json = principal.json
                json["token"] = .string(try await access.tokens.create(name: name, grant: principal.grant, by: exchange.actor))
                return .json(json, status: 201)
            },
            .api(
                .delete, "/tokens/{name}", .role(.administrator),
                Contract(operation: "revokeToken", summary: "End a token and its sessions", risk: .change, answer: "Token")
            ) { exchange in
                let name = exchange.parameter("name")
                guard let token = access.tokens.all.first(where: { $0.principal.name == name }) else {
                    throw MartletError(.notFound, "there is no token called \"\(name.prefix(100))\"")
                }
                try await backend.record(entry(.tokenRevoked, token.principal, exchange.actor))
                try await access.tokens.revoke(name: name)
                access.sessions.close(name: name)
                access.links.revoke(name: name)
                return .json(token.principal.json)
            },
        ]
    }

    private static func grant(_ body: JSON) throws(MartletError) -> Principal.Grant {
        switch (body["role"]?.string, body["ingest"]?.string) {
        case (let role?, nil):
            guard let role = Role(rawValue: role) else {
                throw MartletError(
                    .invalid, "there is no role \"\(role.prefix(40))\"", details: [Role.allCases.map(\.rawValue).joined(separator: ", ")])
            }
            return .role(role)
        case (nil, _?): return .ingest(source: try text(body, "ingest", limit: 64))
        default: throw MartletError(.invalid, "a token has either a role or a source that it ingests")
        }
    }

    private func entry(_ type: EntryType, _ principal: Principal, _ actor: String) -> NewEntry {
        NewEntry(type: type, cluster: "", environment: "", subject: principal.name, actor: actor, payload: principal.json)
    }
}

extension Principal {
    var json: JSON {
        switch grant {
        case .role(let role): ["name": .string(name), "role": .string(role.rawValue)]
        case .ingest(let source): ["name": .string(name), "ingest": .string(source)]
        }
    }
}
