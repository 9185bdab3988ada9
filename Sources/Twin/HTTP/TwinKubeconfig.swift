package import Core
import Foundation

/// The kubeconfig with which any client reaches a twin as its administrator.
package struct TwinKubeconfig: Sendable {
    package let server: String
    package let authority: String
    package let token: String
    /// PEM of the administrator's certificate and its key.
    package let client: (certificate: String, key: String)

    /// YAML (JSON is YAML) with one cluster and two contexts: `martlet-twin`, which is current, identifies the administrator by a token, and
    /// `martlet-twin-certificate` by a client certificate.
    package var text: String {
        func encoded(_ text: String) -> JSON { .string(Data(text.utf8).base64EncodedString()) }
        let config: JSON = [
            "apiVersion": "v1", "kind": "Config", "current-context": "martlet-twin",
            "clusters": [
                [
                    "name": "martlet-twin",
                    "cluster": [
                        "server": .string(server), "certificate-authority-data": encoded(authority),
                    ],
                ]
            ],
            "users": [
                ["name": "martlet-twin", "user": ["token": .string(token)]],
                [
                    "name": "martlet-twin-certificate",
                    "user": ["client-certificate-data": encoded(client.certificate), "client-key-data": encoded(client.key)],
                ],
            ],
            "contexts": .array(
                ["martlet-twin", "martlet-twin-certificate"].map { user in
                    ["name": .string(user), "context": ["cluster": "martlet-twin", "user": .string(user), "namespace": "default"]]
                }),
        ]
        return config.text(pretty: true) + "\n"
    }

    /// Writes it, readable by its owner only; a file that is there is replaced at once or not at all.
    package func write(to path: String) throws(MartletError) {
        let temporary = path + ".new"
        unlink(temporary)
        let file = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw TwinKubeconfig.failure("create", temporary) }
        let bytes = Array(text.utf8)
        let written = bytes.withUnsafeBytes { Foundation.write(file, $0.baseAddress, $0.count) }
        close(file)
        guard written == bytes.count, rename(temporary, path) == 0 else {
            unlink(temporary)
            throw TwinKubeconfig.failure("write", path)
        }
    }

    private static func failure(_ verb: String, _ path: String) -> MartletError {
        MartletError(
            .io, "cannot \(verb) the kubeconfig \(path): \(String(cString: strerror(errno)))", fix: "choose another file with --kubeconfig")
    }
}
