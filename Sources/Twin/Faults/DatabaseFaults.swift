import Core
import Foundation
import Kubernetes

/// What is wrong between databases and those that use them. The words are those of MySQL's and PostgreSQL's clients for Go, not captured ones.
enum DatabaseFaults {
    static let all: [Fault] = [
        refusal(
            "db-connections-exhausted", "has no connection left for whoever comes",
            mysql: "Error 1040 (08004): Too many connections", postgres: "pq: sorry, too many clients already"),
        refusal(
            "db-read-only", "takes no writes any more, from anybody",
            mysql: "Error 1290 (HY000): The MySQL server is running with the --read-only option so it cannot execute this statement",
            postgres: "pq: cannot execute INSERT in a read-only transaction"),
        WorkloadFaults.workload(
            "db-credentials", "the password in its Secret is not the one that the database knows; without one it gets one"
        ) { (key, scene) throws(MartletError) in
            let (name, secret, entry) = try password(of: key, &scene)
            let wrong = "changed-\(key.name)"
            try scene.set(["data", entry], to: .string(Data(wrong.utf8).base64EncodedString()), of: secret)
            try scene.recreate(key)
            try scene.replacePods(of: key)
            let database = scene.variables(of: key).first { scene.service($0.peer, from: key.namespace) != nil }
            let place = database.map { " at \($0.peer.host):\($0.peer.port)" } ?? ""
            // The database knows another one: whoever comes with this is sent away.
            let refusal = Behaviour.Variant(
                conditions: [.variable(name, is: wrong)],
                changes: [
                    "exit": [
                        "code": 1, "after": "1s",
                        "log": .string(
                            "FATAL cannot log in to the database\(place): pq: password authentication failed for user \"\(key.name)\""),
                    ]
                ], place: "db-credentials")
            scene.flaw(key) { $0.variants.append(refusal) }
        },
    ]

    /// Whoever connects gets these words; its processes run on.
    private static func refusal(_ slug: String, _ about: String, mysql: String, postgres: String) -> Fault {
        WorkloadFaults.workload(slug, about) { (key, scene) throws(MartletError) in
            let port = scene.store.get(key)?["spec"]?["template"]?["spec"]?["containers"]?.array?.first?["ports"]?.array?.first
            let words = port?["containerPort"]?.int == 3306 ? mysql : postgres
            try scene.disorder(key) { $0.refuses = words }
        }
    }

    /// The variable that holds a password, and where it comes from.
    private static func password(
        of key: ObjectKey, _ scene: inout FaultScene
    ) throws(MartletError) -> (variable: String, secret: ObjectKey, entry: String) {
        guard let container = scene.store.get(key)?["spec"]?["template"]?["spec"]?["containers"]?.array?.first else {
            throw FaultScene.missing(key)
        }
        for variable in container["env"]?.array ?? [] {
            guard let reference = variable["valueFrom"]?["secretKeyRef"], let name = reference["name"]?.string,
                let entry = reference["key"]?.string
            else { continue }
            let secret = ObjectKey(type: .secrets, namespace: key.namespace, name: name)
            if scene.store.get(secret) != nil { return (variable["name"]?.string ?? "", secret, entry) }
        }
        let secret = ObjectKey(type: .secrets, namespace: key.namespace, name: "\(key.name)-database")
        try scene.make(
            ["metadata": ["name": .string(secret.name)], "type": "Opaque", "data": ["password": "c2VjcmV0"]], .secrets, in: key.namespace)
        try scene.changeContainer(of: key) { (container) throws(MartletError) in
            let reference: JSON = ["secretKeyRef": ["name": .string(secret.name), "key": "password"]]
            WorkloadFaults.add(["name": "DATABASE_PASSWORD", "valueFrom": reference], to: "env", of: &container)
        }
        return ("DATABASE_PASSWORD", secret, "password")
    }
}
