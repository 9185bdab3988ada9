import Core
import Foundation
import Incidents
import Kubernetes
import Logging
import Remediation
import Testing
import Twin

@testable import Server

/// A real browser in front of the real thing: a simulated cluster, the loop that watches it, the page that approves, and what the
/// approval leads to (issue 3, "Done when" 5). Without a Chromium it says that it was not run.
@Suite(.serialized) struct WholeLoopTests {
    @Test func aBadReleaseIsApprovedOnThePageAndSeenToItsEnd() async throws {
        guard let path = Chromium.path else {
            print("WholeLoopTests: not run, there is no chromium (apt-get install chromium)")
            return
        }
        // So fast that nobody waits, and so slow that a process that gets its turn late does not miss a window of verification.
        let cluster = SimulatedCluster(TwinOptions(seed: 3, start: SystemClock().now()), images: BehaviourCatalogue())
        await cluster.set(speed: 20)
        let pacer = Pacer(cluster, real: SystemClock(), speed: 20)
        let time = Task { await pacer.run() }
        defer { time.cancel() }
        let client = KubernetesClient(transport: InProcessTransport(cluster))
        let folder = try TemporaryFolder()
        let composition = try await Self.composition(client, home: folder.path)
        try await composition.composition.run(handlesSignals: false) {
            guard await composition.listening.first(where: { _ in true }) != nil else { return }
            let browser = try Chromium(path: path)
            defer { browser.end() }
            try await Self.play(try await BrowserPage.open(browser), client, composition.composition, pacer)
        }
    }

    private static func play(
        _ page: BrowserPage, _ client: KubernetesClient, _ composition: Composition, _ pacer: Pacer
    ) async throws {
        try await client.create(["apiVersion": "v1", "kind": "Namespace", "metadata": ["name": "shop"]], as: .namespaces)
        try await release("http://payments", client)
        try await page.show(width: 1280, height: 1190, dark: false)
        try await page.go(composition.http.loginLink(for: Principal(name: "ana", role: .approver)))
        try await page.wait(for: "document.body.innerText.includes('Nothing is wrong')")
        try await page.wait(for: "document.getElementById('live').dataset.state === 'live'")
        while try await client.get(Deployment.self, namespace: "shop", name: "checkout").status.readyReplicas != 2 { await Task.yield() }

        // The bad release shows on the list by itself, as waiting for somebody.
        try await release(nil, client)
        try await page.wait(for: "document.querySelector('tr[data-href] .waits') !== null")
        #expect(try await page.evaluate("document.querySelector('.title').textContent").string?.contains("PAYMENTS_URL is not set") == true)
        try await page.press("j")
        try await page.evaluate("document.activeElement.click()")
        try await page.wait(for: "location.pathname === '/incidents/1' && document.querySelector('[data-approve]') !== null")
        try await page.wait(for: "document.getElementById('live').dataset.state === 'live'")

        try await picture("whole-waiting", page)

        // The error budget is not optional here: the button waits until its missing answer is accepted by name.
        try await page.press("a")
        #expect(try await page.evaluate("document.activeElement.value") == "error-budget")
        try await page.evaluate("document.activeElement.click()")
        try await page.press("a")
        #expect(try await page.evaluate("document.activeElement.textContent") == "Approve: roll back checkout to revision 1")
        // So slow that what is verified stays so until it was seen.
        await pacer.change(speed: 1)
        try await page.evaluate("document.activeElement.click()")

        // From here on nothing is touched: the marker would not survive a reload.
        try await page.wait(for: "document.querySelector('.strip .now')?.textContent.startsWith('Verifying')")
        try await page.evaluate("window.marker = 'same page'")
        await pacer.change(speed: 20)
        try await page.wait(for: "document.querySelector('h1 .badge')?.textContent === 'resolved'")
        try await page.wait(for: "document.querySelector('.record')?.textContent.includes('it helped')")
        #expect(try await page.evaluate("window.marker") == "same page")
        #expect(try await page.evaluate("document.querySelector('[data-approve]')") == .null)

        try await picture("whole-resolved", page)

        let plan = try #require(await composition.ledger.plans.plans(of: composition.ledger.incidents.incidents[0].id).first)
        #expect(plan.outcome == "repaired")
        #expect(plan.approver == "ana")
        #expect(plan.accepted == [.errorBudget])
        let template = try await client.get(ObjectKey(type: .deployments, namespace: "shop", name: "checkout"))[at: "spec", "template"]
        #expect(template?[at: "spec", "containers"]?[0]?["env"]?[0]?["value"] == "http://payments")
    }

    /// Saves what the page shows, light and dark, into the folder that `MARTLET_PICTURES` names.
    private static func picture(_ name: String, _ page: BrowserPage) async throws {
        guard let folder = ProcessInfo.processInfo.environment["MARTLET_PICTURES"] else { return }
        for dark in [true, false] {
            try await page.show(width: 1280, height: 1190, dark: dark)
            let file = URL(fileURLWithPath: "\(folder)/\(name)-\(dark ? "dark" : "light").png")
            try Data(try await page.picture(full: true)).write(to: file)
        }
    }

    private static func composition(
        _ client: KubernetesClient, home: String
    ) async throws -> (composition: Composition, listening: AsyncStream<String>) {
        var configuration = Configuration(home: home)
        configuration.server.listen = ListenAddress(host: "127.0.0.1", port: 0)
        var policy = EnvironmentPolicy(autonomy: .approve)
        policy.optionalGates = [.policy]
        policy.verificationWindow = .seconds(60)
        configuration.environments = ["staging": policy]
        let (listening, isListening) = AsyncStream.makeStream(of: String.self)
        let composition = try await Composition(
            configuration: configuration,
            clusters: [ConnectedCluster(name: "eu-1", environment: "staging", read: client, act: client)], version: "0.1.0-test",
            clock: SystemClock(), seed: 3, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
            onListening: { isListening.yield($0) })
        return (composition, listening)
    }

    /// A Deployment that exits without its setting; nil leaves it out.
    private static func release(_ setting: String?, _ client: KubernetesClient) async throws {
        let container: JSON = [
            "name": "checkout", "image": "registry.example/shop/checkout:2.4.0", "ports": [["containerPort": 8080]],
            "env": setting.map { [["name": "PAYMENTS_URL", "value": .string($0)]] } ?? [],
            "resources": ["requests": ["cpu": "50m", "memory": "64Mi"], "limits": ["memory": "128Mi"]],
            "readinessProbe": ["httpGet": ["path": "/", "port": 8080], "periodSeconds": 2],
        ]
        let object: JSON = [
            "apiVersion": "apps/v1", "kind": "Deployment", "metadata": ["name": "checkout", "namespace": "shop"],
            "spec": [
                "replicas": 2, "selector": ["matchLabels": ["app": "checkout"]],
                "template": [
                    "metadata": [
                        "labels": ["app": "checkout"],
                        "annotations": ["twin.martlet/behaviour": "checkout: {listen: 8080, needsEnv: [PAYMENTS_URL]}"],
                    ],
                    "spec": ["containers": [container]],
                ],
            ],
        ]
        _ = try await client.apply(object, at: ObjectKey(type: .deployments, namespace: "shop", name: "checkout"), manager: "ana")
    }
}
