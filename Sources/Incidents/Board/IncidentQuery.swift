package import Core

/// What a list of incidents is narrowed to. Empty sets and nil narrow nothing.
package struct IncidentQuery: Sendable, Hashable {
    package var states: Set<IncidentState> = []
    package var severities: Set<Severity> = []
    package var environments: Set<String> = []
    package var clusters: Set<String> = []
    package var categories: Set<String> = []
    package var assignee: String?
    /// Words that must all occur, in any case, in number, title, cause, category, resource, symptoms or people's names.
    package var text = ""
    /// Only incidents with a lower number: where the last page ended.
    package var before: Int?
    package var limit: Int?

    package init() {}

    package func matches(_ incident: Incident) -> Bool {
        guard states.isEmpty || states.contains(incident.state), severities.isEmpty || severities.contains(incident.severity),
            environments.isEmpty || environments.contains(incident.environment),
            clusters.isEmpty || clusters.contains(incident.cluster),
            categories.isEmpty || categories.contains(incident.cause.category),
            assignee == nil || assignee == incident.assignee, before.map({ incident.number < $0 }) ?? true
        else { return false }
        let words = text.lowercased().split(whereSeparator: \.isWhitespace)
        if words.isEmpty { return true }
        let cause = incident.cause
        let haystack =
            ([
                incident.label, "#\(incident.number)", incident.id, cause.title, cause.text, cause.category, cause.resource.description,
                incident.environment, incident.state.rawValue, incident.severity.rawValue, incident.assignee ?? "",
                incident.acknowledgedBy ?? "",
            ] + cause.symptoms.map(\.description)).joined(separator: "\n").lowercased()
        return words.allSatisfy { haystack.contains($0) }
    }
}

extension IncidentBoard {
    /// The incidents that match, newest first.
    package func incidents(matching query: IncidentQuery) -> [Incident] {
        let found = order.reversed().lazy.compactMap { byID[$0] }.filter(query.matches)
        return query.limit.map { Array(found.prefix($0)) } ?? Array(found)
    }

    /// What needs somebody's eye first: active ones, worst severity first, then the longest open.
    package var needingAttention: [Incident] {
        incidents.filter(\.state.isActive).sorted { a, b in
            a.severity != b.severity ? a.severity > b.severity : a.number < b.number
        }
    }
}
