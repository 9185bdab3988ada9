import Core
import HTTPTypes
import Journal
import Remediation
import Testing

@testable import Server

@Suite struct PageTests {
    let desk: Desk

    init() async throws {
        desk = try Desk { configuration in
            var policy = EnvironmentPolicy(autonomy: .approve)
            policy.optionalGates = [.policy]
            configuration.environments["staging"] = policy
        }
        try await Story.begin(desk.backend)
    }

    private func page(_ target: String, _ role: Role = .approver) async throws -> Answer {
        await desk.call(.get, target, cookie: try desk.session(role).cookie)
    }

    @Test func theListSaysWhatWaits() async throws {
        let text = try await page("/").text
        #expect(text.contains("open, 1 waits for you"))
        #expect(
            text.contains(#"<a class="title" href="/incidents/12">checkout does not start: PAYMENTS_URL is not set since revision 7</a>"#))
        #expect(text.contains("97 % sure · plan: roll back checkout to revision 6"))
        #expect(try await page("/?q=nothing-such").text.contains("No incident fits"))
        #expect(try await page("/?state=nonsense").status == 400)
    }

    @Test func theRoomAnswersInOrder() async throws {
        let answer = try await page("/incidents/12")
        let text = answer.text
        #expect(answer.bytes.count < 100_000)
        let order = [
            "<h1>", "id=\"strip\"", "97 % sure · 4 kinds of evidence agree · nothing speaks against it",
            "- env PAYMENTS_URL = http://payments:8080",
            "Ruled out:", "class=\"facts gates\"", "Risk <strong>medium</strong> · undo: roll forward to revision 7", "Approve: roll back",
        ]
        let places = order.map { text.firstRange(of: $0)?.lowerBound }
        #expect(!places.contains(nil), "\(zip(order, places).filter { $0.1 == nil }.map(\.0))")
        #expect(places.compactMap { $0 } == places.compactMap { $0 }.sorted())
        for gate in ["Dry run", "Policy", "Error budget", "Drift", "Blast radius", "Rehearsal"] { #expect(text.contains(">\(gate)</th>")) }
        #expect(text.contains("optional in staging"))
        #expect(text.split(separator: "type=\"checkbox\"").count == 2, "one box: the error budget")
        #expect(text.contains(#"aria-label="The cause is shop/Deployment/checkout; it reaches mobile-api and storefront""#))
        #expect(!text.contains("style="), "the content-security policy forbids inline styles")
        #expect(!text.contains("onclick"))
    }

    @Test func aFreezeIsShownWithItsReasonAndNobodyCanApprove() async throws {
        let text = "environment staging is frozen until 2026-12-01T00:00:00Z: Black Friday"
        try await desk.backend.play(
            .planChecked, Story.plan,
            [
                "incident": .string(Story.incident), "gates": [GateResult(.policy, .fail, text).json], "awaiting": false,
            ])
        let page = try await page("/incidents/12").text
        #expect(page.contains("This plan cannot be approved.<ul><li>Policy: \(text)</li></ul>"))
        #expect(!page.contains("/plans/\(Story.plan)/approve"))
        #expect(page.contains("The plan may not be approved: policy is fail, \(text)"))
    }

    @Test func ofSeveralApprovalsItSaysHowManyThereAre() async throws {
        let id = "01JD9Z6Q7M00000000000000P2"
        try await desk.backend.play(
            .planProposed, id,
            [
                "incident": .string(Story.incident), "plan": Story.plan(id: id).json, "gates": .array(Story.gates.map(\.json)),
                "awaiting": true, "approvals": 2,
            ])
        #expect(try await page("/incidents/12").text.contains("0 of 2 approvals. They must come from different people."))
        try await desk.backend.play(
            .planApproved, id, actor: "ben", ["incident": .string(Story.incident), "accepted": ["error-budget"], "missing": 1])
        #expect(try await page("/incidents/12").text.contains("1 of 2 approvals, by ben."))
    }

    @Test func hostileTextIsEscapedEverywhere() async throws {
        let attack = #"<script>alert(1)</script>"'&<img src=x onerror=alert(1)>"#
        let path = EntityPath(cluster: attack, namespace: attack, kind: attack, name: attack)
        let now = desk.clock.now()
        let evidence = Evidence(.log, source: attack, text: attack, time: now)
        let change = Change(
            time: now, kind: attack, entity: path, revision: attack, author: attack,
            fields: [FieldChange(path: attack, from: .string(attack), to: .array([.string(attack)]))], source: attack)
        let cause = Cause(
            severity: .high, category: attack, resource: path, title: attack, text: attack, confidence: 7, since: now, change: change,
            chain: [.init(resource: path, effect: attack)], symptoms: [path, Story.path(attack)], reach: [Story.path(attack + "2")],
            evidence: [evidence], against: [evidence], ruledOut: [attack], undecided: [attack],
            alternatives: [.init(category: attack, resource: path, confidence: -3)], next: [attack])
        let id = "01JD9Z6Q7M0000000000000099"
        try await desk.backend.play(.incidentOpened, id, ["number": 99, "cause": cause.json])
        var plan = Story.plan(id: "01JD9Z6Q7M00000000000000P9", incident: id)
        plan.title = attack
        plan.undo = attack
        plan.blastRadius = attack
        plan.commands = [attack]
        plan.environment = attack
        plan.diff = change.fields
        let gates = GateResult.Gate.allCases.map { GateResult($0, .inconclusive, attack, details: [attack]) }
        for (index, awaiting) in [true, false].enumerated() {
            let planID = "01JD9Z6Q7M0000000000000\(index)P9"
            plan.id = planID
            try await desk.backend.play(
                .planProposed, planID,
                ["incident": .string(id), "plan": plan.json, "gates": .array(gates.map(\.json)), "awaiting": .bool(awaiting)])
        }
        try await desk.backend.play(.incidentEscalated, id, actor: attack, ["reason": .string(attack)])
        try await desk.backend.play(.incidentAssigned, id, actor: attack, ["to": .string(attack)])
        try await desk.backend.play(.controlPaused, attack, actor: attack, ["reason": .string(attack)])
        await desk.backend.set(
            ServerStatus(
                version: attack, startedAt: now, clusters: [.init(name: attack, environment: attack, isSynced: false, error: attack)]))
        for target in [
            "/", "/incidents/99", "/journal", "/?q=%3Cscript%3E&environment=%22%3E%3Cscript%3E", "/incidents/%3Cscript%3E",
            "/%3Cimg%20src=x%3E",
        ] {
            for role in [Role.viewer, .approver] {
                let text = try await page(target, role).text
                #expect(!text.contains("<script>"), "\(target)")
                #expect(!text.contains("<img"), "\(target)")
            }
        }
        let token = try await desk.token(.viewer)
        #expect(await desk.call(.get, "/api/v1/incidents/99", token: token).headers[.contentType] == "application/json")
    }

    @Test func formsNeedTheirToken() async throws {
        let session = try desk.session()
        let other = try desk.session(.approver, name: "eve")
        let digest = Story.plan().digest
        let path = "/plans/\(Story.plan)/approve"
        for form in ["digest=\(digest)", "digest=\(digest)&form=", "digest=\(digest)&form=\(other.form)"] {
            #expect(await desk.call(.post, path, cookie: session.cookie, form: form).status == 403)
        }
        #expect(await desk.backend.calls.isEmpty)
        let good = await desk.call(.post, path, cookie: session.cookie, form: "digest=\(digest)&accept=error-budget&form=\(session.form)")
        #expect(good.status == 303)
        #expect(good.headers[.location] == "/incidents/12")
        #expect(await desk.backend.calls == ["approve \(Story.plan) [\"error-budget\"] by ana"])
        let again = await desk.call(.post, path, cookie: session.cookie, form: "digest=\(digest)&form=\(session.form)")
        #expect(again.status == 409)
        #expect(again.text.contains("The plan is approved"))
        // The API takes a session too, with the same token in a header.
        let api = "/api/v1/incidents/12/acknowledge"
        #expect(await desk.call(.post, api, cookie: session.cookie, json: [:]).status == 403)
        #expect(await desk.call(.post, api, cookie: session.cookie, json: [:], headers: [.formToken: session.form]).status == 200)
    }

    @Test func everyFormWorksWithoutAScript() async throws {
        let session = try desk.session()
        func post(_ path: String, _ fields: String) async -> Int {
            await desk.call(.post, path, cookie: session.cookie, form: "form=\(session.form)&\(fields)").status
        }
        #expect(await post("/incidents/12/acknowledge", "") == 303)
        #expect(await post("/incidents/12/assign", "to=ben") == 303)
        #expect(await post("/incidents/12/suppress", "for=8h&reason=known") == 303)
        #expect(await post("/incidents/12/unsuppress", "") == 303)
        #expect(await post("/plans/\(Story.plan)/reject", "reason=not+now") == 303)
        #expect(await post("/incidents/12/resolve", "reason=by+hand") == 303)
        #expect(await post("/incidents/12/suppress", "for=forever&reason=x") == 400)
        #expect(await post("/pause", "") == 303)
        #expect(try await page("/").text.contains("<strong>Paused.</strong>"))
        #expect(await post("/resume", "") == 303)
        #expect(await post("/logout", "") == 303)
        #expect(await desk.call(.get, "/", cookie: session.cookie).status == 401)
    }

    @Test func pausedFailedAndForbiddenPlansCannotBeApproved() async throws {
        #expect(try await page("/incidents/12", .viewer).text.contains("approving needs the role approver"))
        try await desk.backend.pause(reason: "x", actor: "ben")
        let paused = try await page("/incidents/12").text
        #expect(paused.contains("Martlet is paused") && !paused.contains("data-approve>"))
        try await desk.backend.resume(actor: "ben")
        let gates = Story.gates.map { $0.gate == .drift ? GateResult(.drift, .fail, "Argo CD owns it") : $0 }
        try await desk.backend.play(
            .planClosed, Story.plan, ["incident": .string(Story.incident), "state": "void", "reason": "the state changed"])
        let id = "01JD9Z6Q7M00000000000000P3"
        try await desk.backend.play(
            .planProposed, id,
            ["incident": .string(Story.incident), "plan": Story.plan(id: id).json, "gates": .array(gates.map(\.json)), "awaiting": true])
        let text = try await page("/incidents/12").text
        #expect(text.contains("<li>Drift: Argo CD owns it</li>"))
        #expect(text.contains("Plan 1 of 2"))
        #expect(text.contains("<strong>Void</strong>: the state changed"))
    }

    @Test func thePlanThatWasProposedFirstStandsFirst() async throws {
        let second = "01JD9Z6Q7M00000000000000P2"
        var pause = Story.plan(id: second)
        pause.title = "pause the rollout of checkout"
        try await desk.backend.play(
            .planProposed, second,
            ["incident": .string(Story.incident), "plan": pause.json, "gates": .array(Story.gates.map(\.json)), "awaiting": true])
        let room = try await page("/incidents/12").text
        #expect(room.contains("Plan 1 of 2 · roll back checkout to revision 6"))
        #expect(room.contains("Plan 2 of 2 · pause the rollout of checkout"))
        #expect(room.contains(#"<div class="bar"><button class="main" form="approve-\#(Story.plan)">"#))
        #expect(try await page("/").text.contains("plan: roll back checkout to revision 6"))
    }

    @Test func statesOfMartletItselfAreShown() async throws {
        let now = desk.clock.now()
        await desk.backend.set(
            ServerStatus(
                version: "x", startedAt: now,
                clusters: [.init(name: "eu-1", environment: "prod", isSynced: false, error: "401 Unauthorized", heardAt: now)]))
        #expect(try await page("/").text.contains("eu-1 cannot be watched"))
        await desk.backend.set(
            ServerStatus(version: "x", startedAt: now, clusters: [.init(name: "eu-1", environment: "prod", isSynced: false, objects: 40)]))
        #expect(try await page("/").text.contains("Reading cluster eu-1: 40 objects so far"))
        await desk.backend.set(
            ServerStatus(
                version: "x", startedAt: now,
                clusters: [.init(name: "eu-1", environment: "prod", isSynced: true, unreadable: ["pods in b"], isBlind: true)]))
        #expect(try await page("/").text.contains("not allowed to list pods in b"))
        #expect(await desk.call(.get, "/metrics").text.contains("martlet_cluster_blind{cluster=\"eu-1\"} 1"))
        let signIn = await desk.call(.get, "/incidents/12")
        #expect(signIn.status == 401)
        #expect(signIn.text.contains("martlet login"))
        for secret in ["checkout", "eu-1"] { #expect(!signIn.text.contains(secret), "strangers learn nothing") }
    }

    @Test func aPartOfThePageIsThePartThatChanges() async throws {
        let text = try await page("/incidents/12?part=page").text
        #expect(text.hasPrefix(#"<div id="page">"#))
        #expect(!text.contains("<html"))
    }

    @Test func loginLeadsOnlyToOurselves() async throws {
        for (to, expected) in [
            ("/incidents/12", "/incidents/12"), ("//evil.com", "/"), ("https://evil.com", "/"), ("/%5Cevil.com", "/"), ("/a%0d%0ab", "/"),
        ] {
            let secret = desk.access.links.issue(for: Principal(name: "ana", role: .viewer))
            let answer = await desk.call(.get, "/login?secret=\(secret)&to=\(to)")
            #expect(answer.headers[.location] == expected, "\(to)")
        }
    }

    @Test func assetsAreKeptByBrowsers() async throws {
        let plain = await desk.call(.get, "/assets/app.css")
        #expect(plain.status == 200)
        #expect(plain.headers[.contentType] == "text/css; charset=utf-8")
        #expect(
            await desk.call(.get, "/assets/app.css?v=\(Asset.css.version)").headers[.cacheControl] == "public, max-age=31536000, immutable")
        #expect(await desk.call(.get, "/assets/../token").status == 404)
    }

    @Test(
        arguments: [
            ("spec.template.spec.containers[checkout].env[A.B]", "spec.template.spec.containers[checkout]", "env A.B"),
            ("spec.replicas", "spec", "replicas"), ("x", "", "x"),
            ("metadata.annotations[example.com/a.b]", "metadata", "annotations example.com/a.b"),
        ])
    func fieldPathsAreSplit(_ path: String, _ parent: String, _ name: String) {
        #expect(FieldDiff.split(path) == (parent, name))
    }

    @Test func theStripFollowsTheLife() async throws {
        func steps() async throws -> [String] {
            let incident = try #require(await desk.backend.boards().incident("12"))
            return LifeCycleStrip(incident).steps.map { "\($0.label) \($0.kind.rawValue)" }
        }
        #expect(
            try await steps() == [
                "Opened done", "Diagnosed done", "Awaiting approval now", "Acting later", "Verifying later", "Resolved later",
            ])
        try await desk.backend.play(.incidentEscalated, Story.incident, ["reason": "no plan"])
        #expect(try await steps().suffix(2) == ["A person decides person", "Resolved later"])
        try await desk.backend.play(.incidentResolved, Story.incident, ["outcome": "manual"])
        #expect(try await steps().last == "Resolved done")
    }

    @Test(arguments: [
        (0.4, "0.4 s"), (12, "12 s"), (250, "4 min 10 s"), (7_500, "2 h 5 min"), (180_000, "2 d 2 h"), (-4, "0 s"), (3, "3 s"),
    ])
    func lengths(_ seconds: Double, _ text: String) { #expect(Words.length(.milliseconds(Int64(seconds * 1000))) == text) }
}
