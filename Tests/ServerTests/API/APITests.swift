import Core
import HTTPTypes
import Journal
import Testing

@testable import Server

@Suite struct APITests {
    let desk: Desk

    init() async throws {
        desk = try Desk()
        try await Story.begin(desk.backend)
    }

    @Test func incidentsAreListedAndFound() async throws {
        let token = try await desk.token(.viewer)
        let list = await desk.call(.get, "/api/v1/incidents", token: token)
        #expect(list.status == 200)
        #expect(list.json["items"]?[0]?["number"] == 12)
        #expect(list.json["items"]?[0]?["state"] == "awaiting-approval")
        #expect(list.json["next"] == nil)
        for name in ["12", Story.incident, "INC-12"] {
            #expect(await desk.call(.get, "/api/v1/incidents/\(name)", token: token).json["id"]?.string == Story.incident)
        }
        #expect(await desk.call(.get, "/api/v1/incidents/99", token: token).status == 404)
        #expect(await desk.call(.get, "/api/v1/incidents?state=resolved", token: token).json["items"] == [])
        #expect(await desk.call(.get, "/api/v1/incidents?severity=critical&q=payments_url", token: token).json["items"]?.array?.count == 1)
        #expect(await desk.call(.get, "/api/v1/incidents?state=broken", token: token).status == 400)
    }

    @Test func cursorsWalkThroughEverythingOnce() async throws {
        let token = try await desk.token(.viewer)
        for number in 13..<40 {
            try await desk.backend.play(
                .incidentOpened, "01JD9Z6Q7M00000000000000\(number)",
                ["number": JSON(number), "cause": Story.cause(at: desk.clock.now()).json])
        }
        var numbers: [Int] = []
        var cursor = ""
        repeat {
            let page = await desk.call(.get, "/api/v1/incidents?limit=10\(cursor)", token: token).json
            numbers += (page["items"]?.array ?? []).compactMap { $0["number"]?.int }
            cursor = page["next"]?.string.map { "&cursor=\($0)" } ?? ""
        } while !cursor.isEmpty
        #expect(numbers == Array((12..<40).reversed()))
        #expect(await desk.call(.get, "/api/v1/incidents?cursor=%3Cx%3E", token: token).status == 400)
        #expect(await desk.call(.get, "/api/v1/incidents?limit=0", token: token).status == 400)
    }

    @Test(
        arguments: [
            ("GET", "/api/v1/incidents", Role.viewer), ("POST", "/api/v1/incidents/12/acknowledge", .operator),
            ("POST", "/api/v1/plans/\(Story.plan)/approve", .approver), ("POST", "/api/v1/plans/\(Story.plan)/reject", .approver),
            ("POST", "/api/v1/pause", .operator), ("POST", "/api/v1/resume", .approver), ("GET", "/api/v1/tokens", .administrator),
            ("POST", "/api/v1/tokens", .administrator),
        ])
    func eachRoleMayWhatItMay(_ method: String, _ path: String, _ needed: Role) async throws {
        let method = try #require(HTTPRequest.Method(method))
        #expect(await desk.call(method, path, json: method == .get ? nil : [:]).status == 401)
        let ingest = try await desk.access.tokens.create(name: "in", grant: .ingest(source: "loki"), by: "test")
        #expect(await desk.call(method, path, token: ingest, json: method == .get ? nil : [:]).status == 403)
        for role in Role.allCases {
            let status = await desk.call(method, path, token: try await desk.token(role), json: method == .get ? nil : [:]).status
            #expect((status == 403) == (role < needed), "\(role) got \(status)")
        }
    }

    @Test func approvalCarriesDigestGatesAndActor() async throws {
        let token = try await desk.token(.approver, name: "ana")
        let plan = await desk.call(.get, "/api/v1/plans/\(Story.plan)", token: token).json
        let digest = try #require(plan["digest"]?.string)
        let wrong = await desk.call(.post, "/api/v1/plans/\(Story.plan)/approve", token: token, json: ["digest": "0"])
        #expect(wrong.status == 409)
        #expect(wrong.headers[.contentType] == "application/problem+json")
        #expect(wrong.json["code"] == "refused")
        #expect(wrong.json["fix"] == "look at the new one")
        let approved = await desk.call(
            .post, "/api/v1/plans/\(Story.plan)/approve", token: token,
            json: ["digest": .string(digest), "accept": ["policy", "error-budget"]])
        #expect(approved.status == 200)
        #expect(approved.json["state"] == "approved")
        #expect(approved.json["approvals"]?[0]?["actor"] == "ana")
        #expect(await desk.backend.calls.last == "approve \(Story.plan) [\"policy\", \"error-budget\"] by ana")
        let bad = await desk.call(.post, "/api/v1/plans/\(Story.plan)/approve", token: token, json: ["digest": "x", "accept": ["magic"]])
        #expect(bad.status == 400)
    }

    @Test func anIdempotencyKeyReplaysTheAnswer() async throws {
        let token = try await desk.token(.operator)
        let headers: HTTPFields = [.idempotencyKey: "k-1"]
        func assign(_ to: String) async -> Answer {
            await desk.call(.post, "/api/v1/incidents/12/assign", token: token, json: ["to": .string(to)], headers: headers)
        }
        let first = await assign("ben")
        let entries = await desk.backend.newestEntry()
        let second = await assign("ben")
        #expect(first.status == 200 && second.status == 200)
        #expect(first.bytes == second.bytes)
        #expect(second.headers[.idempotentReplayed] == "true")
        #expect(await desk.backend.newestEntry() == entries)
        #expect(await assign("eve").status == 400)
        let other = try await desk.token(.operator, name: "other")
        let theirs = await desk.call(.post, "/api/v1/incidents/12/assign", token: other, json: ["to": "zoe"], headers: headers)
        #expect(theirs.json["assignee"] == "zoe", "keys belong to their callers")
    }

    @Test func commandsOnIncidents() async throws {
        let token = try await desk.token(.operator, name: "op")
        func post(_ verb: String, _ json: JSON) async -> Answer {
            await desk.call(.post, "/api/v1/incidents/12/\(verb)", token: token, json: json)
        }
        #expect(await post("acknowledge", [:]).json["acknowledgedBy"] == "op")
        #expect(await post("suppress", ["until": "2020-01-01T00:00:00Z", "reason": "x"]).status == 400)
        #expect(await post("suppress", ["until": "2026-11-23T00:00:00Z"]).status == 400)
        #expect(await post("suppress", ["until": "2026-11-23T00:00:00Z", "reason": "known"]).json["state"] == "suppressed")
        #expect(await post("unsuppress", [:]).json["state"] != "suppressed")
        #expect(await post("resolve", ["reason": " "]).status == 400)
        #expect(await post("resolve", ["reason": "fixed by hand"]).json["outcome"] == "manual")
        #expect(await post("resolve", ["reason": "again"]).status == 409)
    }

    @Test func pauseResumeAndStatus() async throws {
        let token = try await desk.token(.approver)
        let paused = await desk.call(.post, "/api/v1/pause", token: token, json: ["reason": "release"])
        #expect(paused.json["paused"] == true)
        #expect(paused.json["pausedBy"] == "approver")
        #expect(paused.json["clusters"]?[0]?["synced"] == true)
        #expect(await desk.call(.post, "/api/v1/resume", token: token).json["paused"] == false)
    }

    @Test func tokensAreMadeListedAndRevokedAndRecorded() async throws {
        let admin = try await desk.token(.administrator, name: "root")
        let made = await desk.call(.post, "/api/v1/tokens", token: admin, json: ["name": "ci", "role": "viewer"])
        #expect(made.status == 201)
        let secret = try #require(made.json["token"]?.string)
        #expect(await desk.call(.get, "/api/v1/incidents", token: secret).status == 200)
        #expect(await desk.call(.post, "/api/v1/tokens", token: admin, json: ["name": "ci", "role": "viewer"]).status == 409)
        #expect(await desk.call(.post, "/api/v1/tokens", token: admin, json: ["name": "x"]).status == 400)
        #expect(await desk.call(.post, "/api/v1/tokens", token: admin, json: ["name": "x", "role": "king"]).status == 400)
        let listed = await desk.call(.get, "/api/v1/tokens", token: admin)
        #expect(!listed.text.contains(secret))
        #expect(await desk.call(.delete, "/api/v1/tokens/ci", token: admin).status == 200)
        #expect(await desk.call(.get, "/api/v1/incidents", token: secret).status == 401)
        let entries = try await desk.backend.entries(after: 0, limit: 100)
        let about = entries.filter { $0.entry.subject == "ci" }
        #expect(about.map(\.entry.type) == ["token.created", "token.revoked"])
        #expect(about.allSatisfy { $0.entry.actor == "root" })
        #expect(!about.contains { $0.json.text().contains(secret) })
    }

    @Test func theJournalIsRead() async throws {
        let token = try await desk.token(.viewer)
        let page = await desk.call(.get, "/api/v1/journal?limit=2", token: token).json
        #expect(page["items"]?.array?.count == 2)
        #expect(page["items"]?[0]?["seq"] == 1)
        let next = try #require(page["next"]?.string)
        let rest = await desk.call(.get, "/api/v1/journal?limit=2&cursor=\(next)", token: token).json
        #expect(rest["items"]?[0]?["seq"] == 3)
        #expect(rest["next"] == nil)
        #expect(await desk.call(.get, "/api/v1/journal?after=2", token: token).json["items"]?.array?.count == 1)
        #expect(await desk.call(.get, "/api/v1/journal/checkpoint", token: token).json["root"] == "00ff")
        #expect(await desk.call(.get, "/api/v1/records/\(Story.plan)", token: token).status == 404)
        try await desk.backend.play(.planApproved, Story.plan, actor: "ana", ["incident": .string(Story.incident), "missing": 0])
        try await Story.act(desk.backend)
        let record = await desk.call(.get, "/api/v1/records/\(Story.plan)", token: token)
        #expect(record.text.contains("approved     by ana"))
    }

    @Test func aLoginLinkOpensASessionOfItsOwner() async throws {
        let token = try await desk.token(.operator, name: "op")
        let link = await desk.call(.post, "/api/v1/login", token: token, json: [:])
        #expect(link.status == 201)
        let url = try #require(link.json["url"]?.string)
        #expect(url.hasPrefix("http://127.0.0.1:8420/login?secret="))
        let opened = await desk.call(.get, String(url.dropFirst("http://127.0.0.1:8420".count)))
        #expect(opened.status == 303)
        let cookie = try #require(opened.headers[.setCookie])
        #expect(cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict"))
        let value = try #require(cookie.split(separator: ";")[0].split(separator: "=").last)
        #expect(await desk.call(.get, "/", cookie: String(value)).status == 200)
        #expect(await desk.call(.get, String(url.dropFirst("http://127.0.0.1:8420".count))).status == 401)
    }

    /// Each route is described, and each described route answers as described.
    @Test func theDocumentDescribesWhatAnswers() async throws {
        let document = await desk.call(.get, "/api/v1/openapi.json").json
        #expect(document["openapi"] == "3.1.0")
        let schemas = document[at: "components", "schemas"]
        let admin = try await desk.token(.administrator)
        var count = 0
        for (path, operations) in document["paths"]?.object ?? [:] {
            for (method, operation) in operations.object ?? [:] {
                count += 1
                #expect(["read", "propose", "change"].contains(operation["x-martlet-risk"]?.string))
                #expect(operation["operationId"]?.string?.isEmpty == false)
                let concrete = path.replacing("{incident}", with: "12").replacing("{plan}", with: Story.plan).replacing(
                    "{name}", with: "none")
                let method = try #require(HTTPRequest.Method(method.uppercased()))
                let answer = await desk.call(method, concrete, token: admin, json: method == .get ? nil : [:])
                #expect(answer.status != 405 && answer.status < 500, "\(method) \(path): \(answer.status)")
                if answer.status == 404 { #expect(answer.json["detail"]?.string?.hasPrefix("there is nothing at") == false, "\(path)") }
                for (_, response) in operation["responses"]?.object ?? [:] {
                    for (_, content) in response["content"]?.object ?? [:] {
                        guard let reference = content[at: "schema", "$ref"]?.string else { continue }
                        #expect(schemas?[String(reference.split(separator: "/").last ?? "")] != nil, "\(reference)")
                    }
                }
            }
        }
        #expect(count >= 24)
    }

    @Test func problemsAreProblems() async throws {
        let token = try await desk.token(.viewer)
        let missing = await desk.call(.get, "/api/v1/nothing", token: token)
        #expect(missing.status == 404)
        #expect(missing.headers[.contentType] == "application/problem+json")
        #expect(missing.json["type"] == "urn:martlet:problem:not-found" || missing.json["type"] == "urn:martlet:problem:notFound")
        #expect(missing.json["instance"]?.string?.contains(missing.headers[.requestID] ?? "?") == true)
        let method = await desk.call(.delete, "/api/v1/incidents", token: token)
        #expect(method.status == 405)
        #expect(method.headers[.allow] == "GET")
        let anonymous = await desk.call(.get, "/api/v1/incidents")
        #expect(anonymous.status == 401)
        #expect(anonymous.headers[.wwwAuthenticate] != nil)
        let op = try await desk.token(.operator)
        let large = await desk.call(
            .post, "/api/v1/incidents/12/assign", token: op, headers: [.contentType: "application/json"],
            body: Array(repeating: 0x20, count: 70_000))
        #expect(large.status == 413)
        for body in ["{", "[]", "\u{0}", "{\"to\":1}", "{\"to\":\"\"}"] {
            let answer = await desk.call(
                .post, "/api/v1/incidents/12/assign", token: op, headers: [.contentType: "application/json"], body: Array(body.utf8))
            #expect(answer.status == 400, "\(body)")
        }
        let untyped = await desk.call(.post, "/api/v1/incidents/12/assign", token: op, body: Array("{\"to\":\"x\"}".utf8))
        #expect(untyped.status == 400)
    }

    @Test func everyAnswerCarriesAnIdAndIsGuarded() async throws {
        for target in ["/", "/api/v1/incidents", "/healthz", "/nothing", "/assets/app.css"] {
            let answer = await desk.call(.get, target, headers: [.requestID: "abc-123"])
            #expect(answer.headers[.requestID] == "abc-123", "\(target)")
            #expect(answer.headers[.init("Content-Security-Policy")!]?.contains("default-src 'none'") == true)
            #expect(answer.headers[.init("X-Content-Type-Options")!] == "nosniff")
        }
        let odd = await desk.call(.get, "/healthz", headers: [.requestID: "a b<"])
        #expect(odd.headers[.requestID] != "a b<")
    }

    @Test(arguments: ["/", "/api/v1/incidents", "/healthz", "/login?secret=x", "/assets/app.js"])
    func foreignHostsAndOriginsAreRefused(_ target: String) async throws {
        #expect(await desk.call(.get, target, host: "evil.example.com").status == 403)
        #expect(await desk.call(.get, target, headers: [.origin: "https://evil.example.com"]).status == 403)
        #expect(await desk.call(.get, target, host: nil).status == 400)
    }

    @Test func theProcessTellsOfItself() async throws {
        #expect(await desk.call(.get, "/healthz").text == "ok\n")
        #expect(await desk.call(.get, "/readyz").status == 200)
        var status = await desk.backend.current
        status.notReady = "reading cluster eu-1"
        await desk.backend.set(status)
        #expect(await desk.call(.get, "/readyz").status == 503)
        let metrics = await desk.call(.get, "/metrics").text
        #expect(metrics.contains("martlet_build_info{version=\"0.1.0-test\"} 1\n"))
        #expect(metrics.contains("martlet_incidents{state=\"awaiting-approval\"} 1\n"))
        #expect(metrics.contains("martlet_journal_entries 3\n"))
        #expect(metrics.contains("martlet_cluster_synced{cluster=\"eu-1\"} 1\n"))
        #expect(metrics.contains("martlet_http_requests_total{method=\"GET\",route=\"/healthz\",status=\"200\"} 1\n"))
        #expect(!metrics.contains("checkout"))
    }

    @Test func headAnswersWithoutBody() async throws {
        let answer = await desk.call(.head, "/healthz")
        #expect(answer.status == 200)
        #expect(answer.bytes.isEmpty)
    }
}
