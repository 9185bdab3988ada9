import Core
import Testing

@testable import Kubernetes

/// The variables as kubectl takes them.
@Suite struct EnvironmentProxyTests {
    private func proxy(of server: String, noProxy: String = "", https: String = "http://proxy:3128") throws -> String? {
        let environment = ["HTTPS_PROXY": https, "http_proxy": "plain:80", "no_proxy": noProxy]
        return EnvironmentProxy(for: try #require(ServerAddress(server)), environment: environment)?.url
    }

    @Test func theSchemeOfTheServerChoosesTheVariable() throws {
        #expect(try proxy(of: "https://k8s.example:6443") == "http://proxy:3128")
        #expect(try proxy(of: "http://k8s.example") == "http://plain:80")
        #expect(try proxy(of: "https://k8s.example", https: "") == nil)
    }

    @Test(arguments: ["https://localhost:6443", "https://127.0.0.1:6443", "https://127.8.9.1", "https://[::1]:6443"])
    func thisMachineIsReachedWithoutOne(_ server: String) throws { #expect(try proxy(of: server) == nil) }

    @Test(
        arguments: [
            ("https://a.example.com", "example.com", true), ("https://example.com", "example.com", true),
            ("https://badexample.com", "example.com", false), ("https://example.com", ".example.com", false),
            ("https://a.example.com", "*.example.com", true), ("https://10.1.2.3:6443", "10.0.0.0/8", true),
            ("https://11.1.2.3:6443", "10.0.0.0/8", false), ("https://10.1.2.3", "192.168.0.1, 10.1.2.3", true),
            ("https://10.1.2.3:6443", "10.1.2.3:443", false), ("https://K8S.example:6443", "k8s.example:6443", true),
            ("https://[fd00::7]:6443", "fd00::/16", true), ("https://[fd00::7]:6443", "[fd00::7]:6443", true),
            ("https://anything", "*", true), ("https://anything", ",,", false), ("https://10.1.2.3", "10.0.0.0/99", false),
        ])
    func exceptions(_ server: String, _ list: String, _ isExempt: Bool) throws {
        #expect(try (proxy(of: server, noProxy: list) == nil) == isExempt)
    }

    @Test func theKubeconfigComesFirstAndWhatIsUnknownIsRefusedWithoutItsPassword() throws {
        let text = """
            current-context: a
            clusters:
            - {name: a, cluster: {server: "https://k", proxy-url: "socks5://own:1080"}}
            - {name: b, cluster: {server: "https://k"}}
            contexts: [{name: a, context: {cluster: a}}, {name: b, context: {cluster: b}}]
            """
        let files = LocalFiles { _ in Array(text.utf8) }
        func connection(_ context: String, _ proxy: String) throws -> Connection {
            try Connection.resolve(
                ConnectionOptions(kubeconfig: "/k", context: context), environment: ["HTTPS_PROXY": proxy], files: files)
        }
        #expect(try connection("a", "http://p:1").proxy == "socks5://own:1080")
        #expect(try connection("b", "http://p:1").proxy == "http://p:1")
        for bad in ["ftp://me:hunter2@p:1", "socks5://me:hunter2@p:1", "gopher://me:hunter2@p"] {
            let error = #expect(throws: MartletError.self) { try connection("b", bad) }
            #expect(error?.description.contains("HTTPS_PROXY") == true && error?.description.contains("hunter2") == false)
        }
    }
}
