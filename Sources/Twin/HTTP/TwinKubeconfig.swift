package import Core
import Foundation

/// The kubeconfig with which any client reaches a twin as its administrator.
package struct TwinKubeconfig: Sendable {
    package let server: String
    package let authority: String
    package let token: String

    package init(server: String, authority: String, token: String) {
        self.server = server
        self.authority = authority
        self.token = token
    }

    /// YAML (JSON is YAML) with one cluster, user and context, all named `martlet-twin`.
    package var text: String {
        let config: JSON = [
            "apiVersion": "v1", "kind": "Config", "current-context": "martlet-twin",
            "clusters": [
                [
                    "name": "martlet-twin",
                    "cluster": [
                        "server": .string(server), "certificate-authority-data": .string(Data(authority.utf8).base64EncodedString()),
                    ],
                ]
            ],
            "users": [["name": "martlet-twin", "user": ["token": .string(token)]]],
            "contexts": [
                ["name": "martlet-twin", "context": ["cluster": "martlet-twin", "user": "martlet-twin", "namespace": "default"]]
            ],
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
