import Kubernetes

/// Which objects select a pod by plain labels, found by the pod's labels and not by a pass over all selectors.
struct SelectorIndex: Sendable {
    private struct Pair: Hashable, Sendable {
        let namespace: String
        let key: String
        let value: String
    }

    private var selectors: [ObjectKey: [String: String]] = [:]
    /// By one pair of the selector, which a pod that matches must have.
    private var byPair: [Pair: Set<ObjectKey>] = [:]

    /// Notes an object's selector; an empty or absent one selects nothing.
    mutating func set(_ key: ObjectKey, _ selector: [String: String]?) {
        if let old = selectors.removeValue(forKey: key), let pair = Self.pair(key, old) {
            byPair[pair]?.remove(key)
            if byPair[pair]?.isEmpty == true { byPair[pair] = nil }
        }
        guard let selector, let pair = Self.pair(key, selector) else { return }
        selectors[key] = selector
        byPair[pair, default: []].insert(key)
    }

    /// The objects that select a pod with these labels, in order.
    func matches(_ labels: [String: String], in namespace: String) -> [ObjectKey] {
        if selectors.isEmpty { return [] }
        var result: [ObjectKey] = []
        for (key, value) in labels {
            for object in byPair[Pair(namespace: namespace, key: key, value: value)] ?? [] {
                if selectors[object]?.allSatisfy({ labels[$0.key] == $0.value }) == true { result.append(object) }
            }
        }
        return result.sorted()
    }

    private static func pair(_ key: ObjectKey, _ selector: [String: String]) -> Pair? {
        selector.min { $0.key < $1.key }.map { Pair(namespace: key.namespace, key: $0.key, value: $0.value) }
    }
}
