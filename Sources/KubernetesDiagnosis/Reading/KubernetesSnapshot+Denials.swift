extension KubernetesSnapshot {
    /// Namespaces in which the log of a pod says that its own service account was refused something: of these, and of these only, roles
    /// and bindings tell more.
    package func namespacesWithDenials() -> [String] {
        var found: Set<String> = []
        for (key, log) in logs where !found.contains(key.namespace) {
            guard case .text(let bytes) = log else { continue }
            let isDenied = LogReading.tail(of: bytes).contains { line in
                guard LogReading.isDenial(line) else { return false }
                return AccessDenial(line.text)?.namespace == key.namespace
            }
            if isDenied { found.insert(key.namespace) }
        }
        return found.sorted()
    }
}
