import Core
import Kubernetes

/// Fills Secrets of type `kubernetes.io/service-account-token` with a token of the account that they name, and takes them away with it
/// (pkg/controller/serviceaccount/tokens_controller.go).
enum TokenSecrets {
    private static let uid = "kubernetes.io/service-account.uid"

    static func isMeant(_ secret: JSON) -> Bool { secret["type"]?.string == "kubernetes.io/service-account-token" }

    /// The account that a Secret names; nil where it names none.
    private static func account(of secret: JSON, in namespace: String) -> ObjectKey? {
        secret.annotation("kubernetes.io/service-account.name").map {
            ObjectKey(type: .serviceAccounts, namespace: namespace, name: $0)
        }
    }

    static func reconcile(_ key: ObjectKey, _ world: inout World) {
        guard var secret = world.store.get(key), isMeant(secret), !secret.isBeingDeleted, let home = account(of: secret, in: key.namespace),
            let account = world.store.get(home)
        else { return }
        if let known = secret.annotation(uid), known != account.uid { return world.delete(key) }
        guard secret["data"]?["token"] == nil else { return }
        let root = world.store.get(ObjectKey(type: .configMaps, namespace: key.namespace, name: "kube-root-ca.crt"))
        let claims: JSON = [
            "iss": "kubernetes/serviceaccount", "kubernetes.io/serviceaccount/namespace": .string(key.namespace),
            "kubernetes.io/serviceaccount/secret.name": .string(key.name),
            "kubernetes.io/serviceaccount/service-account.name": .string(home.name),
            "kubernetes.io/serviceaccount/service-account.uid": .string(account.uid),
            "sub": .string("system:serviceaccount:\(key.namespace):\(home.name)"),
        ]
        guard let token = try? ServiceAccountIssuer(seed: world.options.seed).token(claims) else { return }
        func encoded(_ text: String) -> JSON { .string(Base64.encode(Array(text.utf8))) }
        secret[at: "data", "ca.crt"] = encoded(root?["data"]?["ca.crt"]?.string ?? "")
        secret[at: "data", "namespace"] = encoded(key.namespace)
        secret[at: "data", "token"] = encoded(token)
        secret[at: "metadata", "annotations", uid] = .string(account.uid)
        world.write(secret, key)
    }

    static func accountGone(_ key: ObjectKey, _ world: inout World) {
        for secret in world.store.list(.secrets, namespace: key.namespace)
        where isMeant(secret) && account(of: secret, in: key.namespace) == key {
            world.delete(ObjectKey(type: .secrets, namespace: key.namespace, name: secret.metadataName))
        }
    }

    /// Whom a bearer token names that is in one of these Secrets; nil where it is in none.
    static func holder(of token: String, in store: ObjectStore) -> UserInfo? {
        let wanted = JSON.string(Base64.encode(Array(token.utf8)))
        guard let secret = store.list(.secrets, namespace: nil).first(where: { isMeant($0) && $0["data"]?["token"] == wanted }),
            let home = account(of: secret, in: secret.metadataNamespace), let account = store.get(home)
        else { return nil }
        return .serviceAccount(namespace: home.namespace, name: home.name, uid: account.uid)
    }
}
