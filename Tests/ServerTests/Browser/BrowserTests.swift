import Core
import Foundation
import Testing

@testable import Server

/// The page in a real browser (issue 3, "Done when" 5). Without a Chromium it says that it was not run.
@Suite(.serialized) struct BrowserTests {
    private func drive(_ body: @escaping @Sendable (BrowserPage, LiveServer, ScriptedBackend) async throws -> Void) async throws {
        guard let path = Chromium.path else {
            print("BrowserTests: not run, there is no chromium (apt-get install chromium)")
            return
        }
        let folder = try TemporaryFolder()
        let clock = SettableClock()
        let backend = ScriptedBackend(clock: clock)
        let access = AccessControl(tokens: try TokenFile(directory: folder.path, clock: clock), clock: clock)
        try await LiveServer.with(backend, access: access, home: folder.path) { server in
            let browser = try Chromium(path: path)
            defer { browser.end() }
            let page = try await BrowserPage.open(browser)
            try await page.show(width: 1280, height: 1190, dark: false)
            try await body(page, server, backend)
        }
    }

    private static let ana = Principal(name: "ana", role: .approver)

    @Test func thePageIsOpenedApprovedAndSeesWhatFollows() async throws {
        try await drive { page, server, backend in
            try await page.go(server.service.loginLink(for: Self.ana))
            try await page.wait(for: "document.body.innerText.includes('Nothing is wrong')")
            try await page.wait(for: "document.getElementById('live').dataset.state === 'live'")

            // The incident appears without a reload, and again by keyboard.
            try await Story.begin(backend)
            try await page.wait(for: "document.querySelector('tr[data-href] .waits') !== null")
            #expect(
                try await page.evaluate("document.querySelector('.title').textContent")
                    == .string(Story.cause(at: backend.clock.now()).title))
            try await page.press("j")
            #expect(try await page.evaluate("document.activeElement.className") == "title")
            try await page.evaluate("document.activeElement.click()")
            try await page.wait(for: "location.pathname === '/incidents/12' && document.querySelector('[data-approve]') !== null")
            try await page.wait(for: "document.getElementById('live').dataset.state === 'live'")

            // `a` leads to what must be accepted first: policy is optional here, the error budget is not.
            try await page.press("a")
            #expect(try await page.evaluate("document.activeElement.value") == "error-budget")
            #expect(try await page.evaluate("document.querySelectorAll('[data-approve] input[type=checkbox]').length") == 1)
            try await page.evaluate("document.activeElement.click()")
            try await page.press("a")
            #expect(try await page.evaluate("document.activeElement.textContent") == "Approve: roll back checkout to revision 6")
            await backend.onApproval { backend, _ in try? await Story.act(backend, until: .verificationStarted) }
            try await page.evaluate("document.activeElement.click()")
            try await page.wait(for: "document.querySelector('.strip .now')?.textContent.startsWith('Verifying')")
            #expect(await backend.calls == ["approve \(Story.plan) [\"error-budget\"] by ana"])

            // What comes next is seen live: this marker would not survive a reload.
            try await page.evaluate("window.marker = 'same page'")
            let digest = Story.plan().digest
            try await backend.play(
                .verificationEnded, Story.plan,
                [
                    "incident": .string(Story.incident), "digest": .string(digest), "inverse": false, "verdict": "pass",
                    "text": "3 of 3 ready",
                ])
            try await backend.play(
                .operationEnded, Story.plan,
                [
                    "incident": .string(Story.incident), "digest": .string(digest), "outcome": "repaired",
                    "text": "Operation record: it helped",
                ])
            try await backend.play(.incidentResolved, Story.incident, ["outcome": "repaired"])
            try await page.wait(for: "document.querySelector('h1 .badge')?.textContent === 'resolved'")
            try await page.wait(for: "document.querySelector('.record')?.textContent.includes('it helped')")
            #expect(try await page.evaluate("window.marker") == "same page")
            #expect(try await page.evaluate("document.querySelector('[data-approve]')") == .null)
        }
    }

    @Test func aPageThatLostTheServerSaysSo() async throws {
        try await drive { page, server, backend in
            try await Story.begin(backend)
            try await page.go(server.service.loginLink(for: Self.ana) + "&to=/incidents/12")
            try await page.wait(for: "document.getElementById('live').dataset.state === 'live'")
            server.service.access.sessions.close(name: "ana")
            try await backend.play(.incidentAcknowledged, Story.incident, actor: "ben")
            try await page.wait(for: "document.getElementById('live').textContent.startsWith('signed out')")
        }
    }

    @Test func hostileTextStaysText() async throws {
        try await drive { page, server, backend in
            let attack = "<img src=x onerror=\"window.attacked=1\"><script>window.attacked=1</script>\u{202E}"
            var cause = Story.cause(at: backend.clock.now())
            cause.title = attack
            cause.text = attack
            cause.evidence = [Evidence(.log, source: attack, text: attack)]
            try await backend.play(.incidentOpened, Story.incident, ["number": 12, "cause": cause.json])
            try await page.go(server.service.loginLink(for: Self.ana) + "&to=/incidents/12")
            try await page.wait(for: "document.querySelector('h1').textContent.includes('<img')")
            #expect(try await page.evaluate("typeof window.attacked") == "undefined")
            #expect(try await page.evaluate("document.querySelectorAll('main img, main script').length") == 0)
        }
    }

    /// Saves pictures of the pages into the folder that `MARTLET_PICTURES` names, to be looked at.
    @Test(.enabled(if: ProcessInfo.processInfo.environment["MARTLET_PICTURES"] != nil))
    func pictures() async throws {
        let folder = try #require(ProcessInfo.processInfo.environment["MARTLET_PICTURES"])
        try await drive { page, server, backend in
            func save(_ name: String, full: Bool = false) async throws {
                try Data(try await page.picture(full: full)).write(to: URL(fileURLWithPath: "\(folder)/\(name).png"))
            }
            try await page.go(server.service.loginLink(for: Self.ana))
            try await page.wait(for: "document.getElementById('live').dataset.state === 'live'")
            try await page.show(width: 1280, height: 560, dark: false)
            try await save("empty-light")
            try await Story.others(backend)
            try await Story.begin(backend)
            backend.clock.advance(by: .seconds(187))
            try await page.go(server.url + "/")
            try await page.wait(for: "document.getElementById('live').dataset.state === 'live'")
            try await save("list-light")
            try await page.show(width: 500, height: 900, dark: true, phone: true)
            try await save("list-phone-dark")
            try await page.show(width: 1280, height: 1190, dark: false)
            try await page.go(server.url + "/incidents/12")
            try await page.wait(for: "document.getElementById('live').dataset.state === 'live'")
            try await save("room-light")
            try await page.show(width: 1280, height: 1190, dark: true)
            try await save("room-dark")
            try await page.show(width: 500, height: 1500, dark: false, phone: true)
            try await save("room-phone")
            try await page.show(width: 500, height: 900, dark: true, phone: true)
            try await save("room-phone-dark")
            try await page.show(width: 1280, height: 1190, dark: false)
            try await page.go(server.url + "/incidents/13")
            try await save("undecided-light")
            try await backend.pause(reason: "release of the year", actor: "ben")
            try await page.go(server.url + "/incidents/12")
            try await save("paused-light")
            try await backend.resume(actor: "ana")
            try await backend.play(
                .planApproved, Story.plan, actor: "ana", ["incident": .string(Story.incident), "accepted": ["error-budget"], "missing": 0])
            try await Story.act(backend)
            try await page.go(server.url + "/incidents/12")
            try await page.show(width: 1280, height: 1400, dark: false)
            try await save("resolved-light")
            try await page.go(server.url + "/journal")
            try await save("journal-light")
            try await page.show(width: 1280, height: 1400, dark: true)
            try await page.go(server.url + "/incidents/12")
            try await save("resolved-dark")
            await backend.set(
                ServerStatus(
                    version: "x", startedAt: backend.clock.now(),
                    clusters: [
                        .init(
                            name: "eu-1", environment: "staging", isSynced: true, unreadable: ["nodes", "pods in payments"], isBlind: true)
                    ]))
            try await page.show(width: 1280, height: 560, dark: false)
            try await page.go(server.url + "/")
            try await save("blind-light")
            try await page.show(width: 1280, height: 560, dark: true)
            try await save("blind-dark")
            server.service.access.sessions.close(name: "ana")
            try await page.show(width: 1280, height: 560, dark: true)
            try await page.go(server.url + "/")
            try await save("signin-dark")
        }
    }
}
