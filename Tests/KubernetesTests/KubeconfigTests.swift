import Core
import Kubernetes
import Testing

@Suite struct KubeconfigTests {
    private func files(_ contents: [String: String]) -> LocalFiles {
        LocalFiles { path in
            if path == "/secret" { throw MartletError(.io, "/secret cannot be read: Permission denied") }
            return contents[path].map { Array($0.utf8) }
        }
    }

    private let base = """
        apiVersion: v1
        kind: Config
        current-context: a
        contexts:
        - name: a
          context: {cluster: c, user: u, namespace: shop}
        - {name: b, context: {cluster: c, user: cert}}
        - {name: broken, context: {cluster: gone, user: u}}
        - {name: nobody, context: {cluster: c, user: gone}}
        - {name: anonymous, context: {cluster: c}}
        clusters:
        - name: c
          cluster: {server: "https://10.0.0.4:6443", certificate-authority: ca.crt, tls-server-name: kubernetes, proxy-url: "http://p:3128"}
        users:
        - {name: u, user: {token: "12345", as: jane, as-groups: [dev, ops], as-uid: "7", as-user-extra: {Scopes/x: [view]}}}
        - {name: cert, user: {client-certificate: pki/me.crt, client-key-data: a2V5}}
        """

    @Test func contextsAreResolvedAsKubectlDoes() throws {
        let files = files(["/home/me/.kube/config": base, "/home/me/.kube/ca.crt": "CA", "/home/me/.kube/pki/me.crt": "CERT"])
        let environment = ["HOME": "/home/me"]
        let a = try Connection.resolve(environment: environment, files: files)
        #expect(a.server == "https://10.0.0.4:6443")
        #expect(a.contextName == "a" && a.userName == "u" && a.namespace == "shop")
        #expect(a.authority == Array("CA".utf8))
        #expect(a.tlsServerName == "kubernetes" && a.proxy == "http://p:3128")
        #expect(a.user.token == "12345")
        #expect(a.user.impersonation == Impersonation(user: "jane", uid: "7", groups: ["dev", "ops"], extra: ["Scopes/x": ["view"]]))
        let b = try Connection.resolve(ConnectionOptions(context: "b"), environment: environment, files: files)
        #expect(b.user.certificate == .file("/home/me/.kube/pki/me.crt"))
        #expect(b.user.key == .inline(Array("key".utf8)))
        #expect(b.namespace == "default")
        let options = ConnectionOptions(context: "anonymous", impersonation: Impersonation(user: "x"))
        #expect(try Connection.resolve(options, environment: environment, files: files).user.impersonation.user == "x")
    }

    @Test(arguments: ["http://p", "https://p:8443", "https://me:secret@p", "socks5://p:1080", "socks5h://p"])
    func proxiesThatKubectlTakesAreTaken(_ proxy: String) throws {
        let text =
            "clusters: [{name: c, cluster: {server: 'https://k', proxy-url: '\(proxy)'}}]\ncontexts: [{name: x, context: {cluster: c}}]\ncurrent-context: x"
        #expect(try Connection.resolve(environment: ["KUBECONFIG": "/k"], files: files(["/k": text])).proxy == proxy)
    }

    @Test func listsAreMergedAndTheFirstWins() throws {
        let files = files([
            "/1": "contexts: [{name: x, context: {cluster: c, user: u}}]\nusers: [{name: u, user: {token: one}}]",
            "/2":
                "current-context: x\nusers: [{name: u, user: {token: two, as: z}}, {name: v, user: {token: v}}]\nclusters: [{name: c, cluster: {server: 'http://k:80'}}]",
        ])
        let config = try #require(try Kubeconfig.load(environment: ["KUBECONFIG": "/none:/1::/2"], files: files))
        let connection = try config.connection(files: files)
        #expect(connection.user.token == "one")
        #expect(connection.user.impersonation.user == nil)
        #expect(config.users.keys.sorted() == ["u", "v"])
        #expect(config.sources == ["/1", "/2"])
        #expect(try Kubeconfig.load(environment: ["KUBECONFIG": "/none"], files: files) == nil)
    }

    @Test(arguments: [
        ("broken", "names cluster \"gone\", which is not there"), ("nobody", "names user \"gone\", which is not there"),
        ("missing", "there is no context \"missing\""), ("b", "pki/me.crt does not exist"),
    ])
    func missingPartsAreNamed(_ context: String, _ text: String) throws {
        let files = files(["/k/config": base, "/k/ca.crt": "CA"])
        let error = #expect(throws: MartletError.self) {
            try Connection.resolve(ConnectionOptions(kubeconfig: "/k/config", context: context), environment: [:], files: files)
        }
        #expect(error?.description.contains(text) == true, "\(String(describing: error))")
        #expect(error?.fix != nil)
    }

    private static let server =
        "clusters: [{name: c, cluster: {server: 'https://k'}}]\ncontexts: [{name: x, context: {cluster: c, user: u}}]\ncurrent-context: x\n"

    @Test(arguments: [
        (": : [", "not YAML"), ("- a\n- b", "not a mapping"), ("kind: Pod", "its kind is Pod"),
        ("clusters: {a: b}", "clusters is not a list"),
        ("clusters: [{cluster: {}}]", "has no name"), ("users: [{name: u, user: {}}, {name: u, user: {}}]", "user \"u\" is there twice"),
        ("", "no context is chosen"), ("clusters: [{name: c, cluster: {certificate-authority-data: '%%%'}}]", "not base64"),
        (
            server + "users: [{name: u, user: {token: t, exec: {command: x, apiVersion: client.authentication.k8s.io/v1}}}]",
            "more than one way"
        ),
        (server + "users: [{name: u, user: {username: a, token: t}}]", "more than one way"),
        (server + "users: [{name: u, user: {client-certificate-data: YQ==}}]", "without its key"),
        (
            server + "users: [{name: u, user: {client-certificate-data: YQ==, client-certificate: f, client-key-data: YQ==}}]",
            "both inline and as a file"
        ),
        (server + "users: [{name: u, user: {exec: {command: x, apiVersion: v0}}}]", "apiVersion v0"),
        (server + "users: [{name: u, user: {exec: {apiVersion: client.authentication.k8s.io/v1}}}]", "names no command"),
        (server + "users: [{name: u, user: {auth-provider: {name: gcp}}}]", "auth-provider gcp"),
        (server + "users: [{name: u, user: {tokenFile: /secret}}]", "Permission denied"),
        (server + "users: [{name: u, user: {as-groups: [a]}}]", "not as whom"),
        ("clusters: [{name: c, cluster: {}}]\ncontexts: [{name: x, context: {cluster: c}}]\ncurrent-context: x", "has no server"),
        (
            "clusters: [{name: c, cluster: {server: 'ftp://x'}}]\ncontexts: [{name: x, context: {cluster: c}}]\ncurrent-context: x",
            "is no address"
        ),
        (
            "clusters: [{name: c, cluster: {server: 'https://x', insecure-skip-tls-verify: true, certificate-authority-data: YQ==}}]\ncontexts: [{name: x, context: {cluster: c}}]\ncurrent-context: x",
            "insecure-skip-tls-verify"
        ),
        (
            "clusters: [{name: c, cluster: {server: 'https://x', proxy-url: 'gopher://x'}}]\ncontexts: [{name: x, context: {cluster: c}}]\ncurrent-context: x",
            "proxy-url"
        ),
    ])
    func contradictionsAreRefused(_ text: String, _ why: String) throws {
        let error = #expect(throws: MartletError.self) {
            try Connection.resolve(environment: ["KUBECONFIG": "/k"], files: files(["/k": text]))
        }
        #expect(error?.description.contains(why) == true, "\(String(describing: error))")
    }

    @Test func withoutAKubeconfigThePodsOwnAccountIsUsed() throws {
        let folder = "/var/run/secrets/kubernetes.io/serviceaccount"
        let files = files([folder + "/token": "T", folder + "/ca.crt": "CA", folder + "/namespace": "martlet\n"])
        let environment = ["KUBERNETES_SERVICE_HOST": "fd00::1", "KUBERNETES_SERVICE_PORT": "443", "HOME": "/"]
        let connection = try Connection.resolve(environment: environment, files: files)
        #expect(connection.server == "https://[fd00::1]:443")
        #expect(connection.namespace == "martlet")
        #expect(connection.user.tokenFile == folder + "/token")
        #expect(throws: MartletError.self) { try Connection.resolve(environment: ["HOME": "/"], files: self.files([:])) }
    }
}
