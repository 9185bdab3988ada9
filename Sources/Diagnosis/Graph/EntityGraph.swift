package import Core

/// How one entity hangs on another. An edge points from the one that depends to the one it depends on.
package enum Relation: String, Sendable, Hashable, CaseIterable {
    /// pod → workload
    case owner
    /// service → workload
    case selects
    /// workload → configuration, volume claim
    case mounts
    /// workload → configuration, secret, service account; autoscaler → workload
    case references
    /// workload → node
    case runsOn = "runs-on"
    /// ingress → service
    case routes
    /// workload → service or workload that it calls
    case calls
}

/// Entities and how they hang together: what symptoms travel along.
///
/// Holds only what diagnosis needs: healthy pods need not be in it. Look-up is O(1) a neighbour list; lists are in the order of
/// insertion, so that a deterministic builder gives a deterministic graph.
package struct EntityGraph: Sendable {
    package struct Edge: Sendable, Hashable {
        package let from: EntityPath
        package let to: EntityPath
        package let relation: Relation
    }

    private var outgoing: [EntityPath: [Edge]] = [:]
    private var incoming: [EntityPath: [Edge]] = [:]
    private var known: Set<Edge> = []

    package init() {}

    /// Adding the same edge again changes nothing.
    package mutating func add(_ from: EntityPath, _ relation: Relation, _ to: EntityPath) {
        let edge = Edge(from: from, to: to, relation: relation)
        guard known.insert(edge).inserted else { return }
        outgoing[from, default: []].append(edge)
        incoming[to, default: []].append(edge)
    }

    /// What `entity` depends on.
    package func targets(of entity: EntityPath, _ relation: Relation) -> [EntityPath] {
        (outgoing[entity] ?? []).compactMap { $0.relation == relation ? $0.to : nil }
    }

    /// What depends on `entity`.
    package func sources(of entity: EntityPath, _ relation: Relation) -> [EntityPath] {
        (incoming[entity] ?? []).compactMap { $0.relation == relation ? $0.from : nil }
    }

    /// Everything that is hurt when `entity` does not work: its callers and routes, theirs in turn, in breadth-first order without
    /// `entity` itself. Each entity stands once; cycles end.
    package func dependants(of entity: EntityPath, limit: Int = 100) -> [EntityPath] {
        var seen: Set<EntityPath> = [entity]
        var queue = [entity]
        var result: [EntityPath] = []
        var next = 0
        while next < queue.count, result.count < limit {
            for edge in incoming[queue[next]] ?? [] where edge.relation != .owner && seen.insert(edge.from).inserted {
                queue.append(edge.from)
                result.append(edge.from)
            }
            next += 1
        }
        return result
    }
}
