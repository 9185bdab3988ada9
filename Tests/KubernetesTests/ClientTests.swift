import Core
import Kubernetes
import Testing

@Suite struct ClientTests {
    private func client(_ transport: ScriptedTransport, _ clock: HastyClock = HastyClock()) -> KubernetesClient {
        KubernetesClient(transport: transport, server: ServerIdentity(url: "https://k:6443", context: "staging", user: "me"), clock: clock)
    }

    private let podList = #"{"kind":"PodList","apiVersion":"v1","metadata":{"resourceVersion":"7"},"items":[{"metadata":{"name":"a"}}]}"#

    @Test func readsAreRepeatedAndWaitAsLongAsTheServerAsks() async throws {
        let transport = ScriptedTransport([
            .success(.failure(429, "TooManyRequests", "slow", [("Retry-After", "7")])), .failure(TransportError(.closed, "reset")),
            .success(.json(200, #"{"kind":"PodList","items":[{"metadata"#)), .success(.json(200, podList)),
        ])
        let clock = HastyClock()
        let start = clock.now()
        let pods = try await client(transport, clock).list(Pod.self)
        #expect(pods.items.map(\.metadata.name) == ["a"])
        #expect(transport.calls.count == 4)
        #expect(clock.now() - start >= .seconds(7))
    }

    @Test func whoDoesNotAnswerInTimeIsNotAskedAgain() async throws {
        let transport = ScriptedTransport([.failure(TransportError(.timeout, "no answer in time")), .success(.json(200, podList))])
        let client = client(transport)
        let error = await #expect(throws: APIError.self) { try await client.list(Pod.self) }
        #expect(error?.martletError(now: nil).code == .timeout)
        #expect(transport.calls.count == 1)
    }

    @Test(arguments: ["null", "[1,2]", "{}", #"{"kind":"Foo","items":"x"}"#, #""List""#])
    func whatIsNoListIsNotAnEmptyOne(_ body: String) async throws {
        let client = client(ScriptedTransport((0..<4).map { _ in .success(.json(200, body)) }))
        let error = await #expect(throws: APIError.self) { try await client.list(Pod.self) }
        #expect(error?.martletError(now: nil).code == .corrupt)
        let raw = self.client(ScriptedTransport((0..<4).map { _ in .success(.json(200, body)) }))
        await #expect(throws: APIError.self) { try await raw.listObjects(.pods) }
    }

    @Test func readsAreRepeatedOnlySoOften() async throws {
        let transport = ScriptedTransport((0..<10).map { _ in .success(.failure(500, "InternalError")) })
        let client = client(transport)
        await #expect(throws: APIError.self) { try await client.list(Pod.self) }
        #expect(transport.calls.count == 4)
    }

    @Test func writesAreRepeatedOnlyWhenTheyWereNotCarriedOut() async throws {
        let key = ObjectKey(type: .deployments, namespace: "shop", name: "web")
        let breaks: [Result<HTTPAnswer, TransportError>] = [
            .failure(TransportError(.closed, "reset")), .success(.failure(500, "InternalError")),
        ]
        for broken in breaks {
            let transport = ScriptedTransport([broken, .success(.json(200, "{}"))])
            let client = client(transport)
            await #expect(throws: APIError.self) { try await client.patch(key, .merge([:])) }
            #expect(transport.calls.count == 1)
        }
        let busy = ScriptedTransport(.failure(429, "TooManyRequests", "slow", [("Retry-After", "1")]), .json(200, "{}"))
        try await client(busy).patch(key, .merge([:]))
        #expect(busy.calls.count == 2)
    }

    @Test func dryRunsAreRepeatedAsReadsAre() async throws {
        let key = ObjectKey(type: .deployments, namespace: "shop", name: "web")
        let transport = ScriptedTransport([.failure(TransportError(.closed, "reset")), .success(.json(200, "{}"))])
        try await client(transport).patch(key, .merge([:]), options: .dryRun)
        #expect(transport.calls.map(\.method) == ["PATCH", "PATCH"])
        #expect(transport.calls.allSatisfy { $0.changesNothing })
        #expect(!HTTPCall(method: "PATCH", path: "/x?fieldManager=dryRun=All").changesNothing)
        #expect(!HTTPCall(method: "DELETE", path: "/dryRun=All").changesNothing)
    }

    @Test func evictionForbiddenByABudgetIsNotRepeated() async throws {
        let transport = ScriptedTransport(
            .json(
                429,
                #"{"kind":"Status","reason":"TooManyRequests","code":429,"message":"Cannot evict","details":{"causes":[{"reason":"DisruptionBudget","message":"needs 1"}]}}"#
            ))
        let client = client(transport)
        let error = await #expect(throws: APIError.self) { try await client.evict(pod: "p", namespace: "n", dryRun: true) }
        #expect(error?.status?.isBlockedByBudget == true)
        #expect(transport.calls.count == 1)
        #expect(transport.calls[0].path == "/api/v1/namespaces/n/pods/p/eviction?dryRun=All")
    }

    @Test func anExpiredPageStartsTheListingAnew() async throws {
        func page(_ name: String, _ next: String?) -> HTTPAnswer {
            .json(
                200,
                #"{"kind":"PodList","metadata":{"resourceVersion":"1"\#(next.map { #","continue":"\#($0)""# } ?? "")},"items":[{"metadata":{"name":"\#(name)"}}]}"#
            )
        }
        let transport = ScriptedTransport(page("a", "t/1"), .failure(410, "Expired"), page("a", "t2"), page("b", nil))
        let pods = try await client(transport).list(Pod.self, in: ListScope(namespace: "n", labels: "app in (a,b)"))
        #expect(pods.items.map(\.metadata.name) == ["a", "b"])
        #expect(transport.calls[0].path == "/api/v1/namespaces/n/pods?labelSelector=app%20in%20%28a%2Cb%29&limit=500")
        #expect(transport.calls[1].path.hasSuffix("&continue=t%2F1"))
    }

    private func page(_ items: String, next: String) -> HTTPAnswer {
        .json(200, #"{"kind":"PodList","metadata":{"resourceVersion":"1","continue":"\#(next)"},"items":[\#(items)]}"#)
    }

    /// Whether the pages hold something or not.
    @Test(arguments: ["", #"{"metadata":{"name":"a"}}"#]) func aListThatGoesRoundInACircleIsAnError(_ items: String) async throws {
        let transport = ScriptedTransport((0..<10).map { _ in .success(page(items, next: "t")) })
        let error = await #expect(throws: APIError.self) { try await client(transport).list(Pod.self) }
        let said = try #require(error).martletError(now: nil)
        #expect(said.message.contains("/api/v1/pods") && said.message.hasSuffix("does not end: the same continue token came back"))
        #expect(said.fix != nil)
        #expect(transport.calls.count == 2)
    }

    @Test func aListOfEmptyPagesEnds() async throws {
        let transport = ScriptedTransport((0..<1000).map { .success(page("", next: "t\($0)")) })
        let error = await #expect(throws: APIError.self) { try await client(transport).listMetadata(.pods) }
        #expect(try #require(error).martletError(now: nil).message.hasSuffix("100 pages in a row were empty"))
        #expect(transport.calls.count == 100)
    }

    /// Where a selector finds nothing in a stretch, a page may be empty and the next is not.
    @Test func someEmptyPagesAreRight() async throws {
        let pages = (0..<250).map { page($0 % 50 == 49 ? #"{"metadata":{"name":"p\#($0)"}}"# : "", next: $0 == 249 ? "" : "t\($0)") }
        let pods = try await client(ScriptedTransport(pages.map { .success($0) })).list(Pod.self)
        #expect(pods.items.map(\.metadata.name) == ["p49", "p99", "p149", "p199", "p249"])
    }

    @Test func everyWriteCanBeDry() async throws {
        let key = ObjectKey(type: .deployments, namespace: "n", name: "w")
        let transport = ScriptedTransport((0..<7).map { _ in .success(.json(200, "{}")) })
        let client = client(transport)
        try await client.create([:], as: .deployments, namespace: "n", options: .dryRun)
        try await client.update([:], at: key, options: .dryRun)
        try await client.patch(key, .strategic([:]), options: .dryRun)
        try await client.apply([:], at: key, force: true, dryRun: true)
        try await client.delete(key, DeleteRequest(uid: "u", propagation: .foreground), dryRun: true)
        try await client.scale(key, to: 3, options: .dryRun)
        try await client.evict(pod: "p", namespace: "n", dryRun: true)
        #expect(transport.calls.allSatisfy { $0.path.contains("dryRun=All") })
        #expect(transport.calls.map(\.method) == ["POST", "PUT", "PATCH", "PATCH", "DELETE", "PATCH", "POST"])
        #expect(transport.calls[3].headers.contains { $0.value == "application/apply-patch+yaml" })
        #expect(try JSON(parsing: transport.calls[4].body ?? [])[at: "preconditions", "uid"]?.string == "u")
    }

    @Test func logsOfARemovedRunAreAnError() async throws {
        let transport = ScriptedTransport(
            .json(200, "unable to retrieve container logs for containerd://abc"), .json(204, ""), .json(200, "one\ntwo\nthr"))
        let client = client(transport)
        var request = LogRequest(namespace: "n", pod: "p", container: "c")
        request.previous = true
        request.tail = 50
        let asked = request
        let error = await #expect(throws: APIError.self) { try await client.log(asked) }
        #expect(error?.isNotFound == true)
        #expect(transport.calls[0].path == "/api/v1/namespaces/n/pods/p/log?container=c&previous=true&tailLines=50")
        let empty = try await client.log(asked)
        #expect(empty == "")
        var lines: [String] = []
        for try await line in try await client.follow(asked) { lines.append(String(decoding: line, as: UTF8.self)) }
        #expect(lines == ["one", "two", "thr"])
    }

    @Test func leasesAreTakenRenewedAndTakenOver() async throws {
        let clock = HastyClock()
        func lease(_ holder: String, renewed: Timestamp) -> HTTPAnswer {
            .json(
                200,
                #"{"metadata":{"resourceVersion":"3"},"spec":{"holderIdentity":"\#(holder)","leaseDurationSeconds":15,"renewTime":"\#(renewed.rfc3339(decimals: 6))"}}"#
            )
        }
        let now = clock.now()
        let cases: [(HTTPAnswer, HTTPAnswer, Bool)] = [
            (.failure(404, "NotFound"), .json(201, "{}"), true), (.failure(404, "NotFound"), .failure(409, "AlreadyExists"), false),
            (lease("us", renewed: now), .json(200, "{}"), true), (lease("them", renewed: now), .json(200, "{}"), false),
            (lease("them", renewed: now - .seconds(16)), .json(200, "{}"), true),
            (lease("them", renewed: now - .seconds(16)), .failure(409, "Conflict"), false),
        ]
        for (first, second, expected) in cases {
            let holds = try await client(ScriptedTransport(first, second), clock).holdLease("l", namespace: "n", holder: "us", seconds: 15)
            #expect(holds == expected)
        }
    }

    @Test func callsAreSpacedOut() async throws {
        let clock = HastyClock()
        var limits = KubernetesClient.Limits()
        limits.callsPerSecond = 10
        limits.burst = 5
        let transport = ScriptedTransport((0..<25).map { _ in .success(.json(200, podList)) })
        let client = KubernetesClient(transport: transport, clock: clock, limits: limits)
        let start = clock.now()
        for _ in 0..<25 { _ = try await client.list(Pod.self) }
        #expect((clock.now() - start).secondCount > 1.9)
        #expect((clock.now() - start).secondCount < 2.1)
    }

    @Test func bothFormsOfDiscovery() async throws {
        let aggregated = ScriptedTransport(
            .json(
                200,
                #"{"kind":"APIGroupDiscoveryList","items":[{"metadata":{},"versions":[{"version":"v1","resources":[{"resource":"pods","responseKind":{"kind":"Pod"},"scope":"Namespaced","verbs":["get"],"shortNames":["po"],"subresources":[{"subresource":"log"}]}]}]}]}"#
            ),
            .json(
                200,
                #"{"kind":"APIGroupDiscoveryList","items":[{"metadata":{"name":"apps"},"versions":[{"version":"v1","freshness":"Stale","resources":[{"resource":"deployments","responseKind":{"kind":"Deployment"},"scope":"Namespaced","verbs":["get"]}]}]}]}"#
            ))
        let found = try await client(aggregated).discover()
        #expect(found.resources.map(\.type) == [.pods, .deployments])
        #expect(found.resources[0].subresources == ["log"])
        #expect(found.unavailable == ["apps/v1"])
        let legacy = ScriptedTransport(
            [
                .success(.json(200, #"{"kind":"APIVersions","versions":["v1"]}"#)),
                .success(
                    .json(
                        200,
                        #"{"resources":[{"name":"pods","namespaced":true,"kind":"Pod","verbs":["get"]},{"name":"pods/log","kind":"Pod"}]}"#)
                ),
                .success(
                    .json(200, #"{"kind":"APIGroupList","groups":[{"name":"dead.example.com","preferredVersion":{"version":"v1"}}]}"#)),
            ] + (0..<4).map { _ in .success(HTTPAnswer(status: 503, body: HTTPBody(Array("service unavailable".utf8)))) })
        let old = try await client(legacy).discover()
        #expect(old.resources.map(\.type) == [.pods])
        #expect(old.resources[0].subresources == ["log"])
        #expect(old.unavailable == ["dead.example.com/v1"])
    }

    @Test func errorsSayWhatWhereWhyAndWhatToDo() async throws {
        let now = try #require(Timestamp("2026-11-22T08:00:00Z"))
        var server = ServerIdentity(url: "https://10.0.0.4:6443", context: "staging", user: "me")
        server.certificateExpiry = Timestamp("2026-11-19T08:00:00Z")
        let refused = APIError(.status(APIStatus(code: 401, body: [])), method: "GET", path: "/api/v1/pods", server: server).martletError(
            now: now)
        #expect(refused.code == .unauthorized)
        #expect(
            refused.description == """
                the server at https://10.0.0.4:6443 refused the credentials of context "staging" (401)
                  the client certificate of user "me" expired 3 days ago (2026-11-19 08:00 UTC)
                  fix: renew it, or choose another context with --context
                """)
        let codes: [(Int, MartletError.Code)] = [
            (302, .unavailable), (403, .refused), (404, .notFound), (409, .conflict), (410, .conflict), (422, .invalid), (429, .tooMany),
            (500, .unavailable),
            (503, .unavailable), (504, .timeout),
        ]
        for (code, expected) in codes {
            let status = APIStatus(code: code, body: Array("some text\nmore".utf8))
            #expect(status.message == "some text")
            #expect(APIError(.status(status), method: "GET", path: "/x?y", server: server).martletError(now: now).code == expected)
        }
    }
}
