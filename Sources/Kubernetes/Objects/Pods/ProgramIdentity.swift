package import Core

/// Names for the program that a container runs, by which it is found again in another pod or revision.
package enum ProgramIdentity {
    /// Hashes from the most to the least particular: with probes and ports, the program with its settings, the image. Resources are in
    /// none of them: a program needs what it needs.
    package static func hashes(of container: JSON) -> [String] {
        func hash(_ name: String, _ members: [String]) -> String {
            var subject: JSON = [:]
            for member in members { subject[member] = container[member] }
            // Admission mounts the account's token into every container.
            if let mounts = subject["volumeMounts"]?.array {
                let own = mounts.filter { $0["mountPath"] != "/var/run/secrets/kubernetes.io/serviceaccount" }
                subject["volumeMounts"] = own.isEmpty ? nil : .array(own)
            }
            return name + Digest.sha256Hex(subject.canonical())
        }
        let program = ["image", "command", "args", "env", "envFrom", "workingDir", "volumeMounts"]
        return [
            hash("exact ", program + ["ports", "livenessProbe", "readinessProbe", "startupProbe", "lifecycle", "securityContext"]),
            hash("program ", program), hash("image ", ["image"]),
        ]
    }
}
