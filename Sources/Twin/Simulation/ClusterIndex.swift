import Core
import Kubernetes

/// Look-ups over the objects that would otherwise cost a pass over all of them: pods by owner, node and namespace, dependants by
/// owner. Kept by the changes of the store.
struct ClusterIndex: Sendable {
    private(set) var pods: [ObjectKey: PodEntry] = [:]
    private var podsByOwner: [String: Set<ObjectKey>] = [:]
    private var podsByNode: [String: Set<ObjectKey>] = [:]
    private var podsByNamespace: [String: Set<ObjectKey>] = [:]
    private var dependants: [String: Set<ObjectKey>] = [:]
    private var references: [ObjectKey: [String]] = [:]
    private(set) var uids: [String: ObjectKey] = [:]

    // MARK: Asking. Answers are in the order of names.

    func pods(ownedBy uid: String) -> [PodEntry] { entries(podsByOwner[uid]) }
    /// Pods of a namespace that have no controller.
    func orphans(inNamespace namespace: String) -> [PodEntry] { entries(podsByOwner["orphans/" + namespace]) }
    func pods(onNode node: String) -> [PodEntry] { entries(podsByNode[node]) }
    func pods(inNamespace namespace: String) -> [PodEntry] { entries(podsByNamespace[namespace]) }
    func podCount(ownedBy uid: String) -> Int { podsByOwner[uid]?.count ?? 0 }
    func podCount(onNode node: String) -> Int { podsByNode[node]?.count ?? 0 }
    func dependants(of uid: String) -> [ObjectKey] { dependants[uid]?.sorted() ?? [] }
    func dependants(of uid: String, type: ResourceType) -> [ObjectKey] { dependants(of: uid).filter { $0.type == type } }
    func owners(of key: ObjectKey) -> [String] { references[key] ?? [] }

    /// Pods of a namespace, or all, in no order: for sums.
    func forEachPod(inNamespace namespace: String?, _ body: (PodEntry) -> Void) {
        guard let namespace else { for pod in pods.values { body(pod) }; return }
        for key in podsByNamespace[namespace] ?? [] { if let pod = pods[key] { body(pod) } }
    }

    /// Pods of an owner, in no order: for sums.
    func forEachPod(ownedBy uid: String, _ body: (PodEntry) -> Void) {
        for key in podsByOwner[uid] ?? [] { if let pod = pods[key] { body(pod) } }
    }

    private func entries(_ keys: Set<ObjectKey>?) -> [PodEntry] {
        guard let keys else { return [] }
        return keys.compactMap { pods[$0] }.sorted { ($0.key.namespace, $0.key.name) < ($1.key.namespace, $1.key.name) }
    }

    // MARK: Keeping

    /// Takes a change in; of a pod, says what it was before.
    mutating func apply(_ change: StoreChange) -> PodEntry? {
        let key = change.key
        guard key.type != .events, key.type != .leases else { return nil }
        for uid in references.removeValue(forKey: key) ?? [] { Self.remove(key, from: &dependants, at: uid) }
        if change.kind == .deleted {
            if let uid = change.object["metadata"]?["uid"]?.string, uids[uid] == key { uids[uid] = nil }
        } else {
            let metadata = change.object["metadata"]
            if change.kind == .added, let uid = metadata?["uid"]?.string { uids[uid] = key }
            if let owners = metadata?["ownerReferences"]?.array {
                let owners = owners.compactMap { $0["uid"]?.string }
                references[key] = owners
                for uid in owners { dependants[uid, default: []].insert(key) }
            }
        }
        guard key.type == .pods else { return nil }
        let old = pods.removeValue(forKey: key)
        let new = change.kind == .deleted ? nil : PodEntry(change.object, key)
        if let new { pods[key] = new }
        let orphans = "orphans/" + key.namespace
        Self.move(key, &podsByOwner, from: old.map { $0.owner ?? orphans }, to: new.map { $0.owner ?? orphans })
        Self.move(key, &podsByNode, from: old?.node, to: new?.node)
        Self.move(key, &podsByNamespace, from: old.map { _ in key.namespace }, to: new.map { _ in key.namespace })
        return old
    }

    private static func move(_ key: ObjectKey, _ map: inout [String: Set<ObjectKey>], from old: String?, to new: String?) {
        guard old != new else { return }
        if let old { remove(key, from: &map, at: old) }
        if let new, !new.isEmpty { map[new, default: []].insert(key) }
    }

    private static func remove(_ key: ObjectKey, from map: inout [String: Set<ObjectKey>], at place: String) {
        map[place]?.remove(key)
        if map[place]?.isEmpty == true { map[place] = nil }
    }
}
