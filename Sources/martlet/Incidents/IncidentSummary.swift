import Core

/// What the command line says of an incident in one line, read from the API's document.
struct IncidentSummary {
    let number: Int
    let severity: Severity?
    let state: String
    let title: String
    let openedAt: Timestamp?
    private let now: Timestamp

    init(_ document: JSON) {
        number = document["number"]?.int ?? 0
        severity = (document["severity"] ?? document[at: "cause", "severity"])?.string.flatMap(Severity.init)
        state = document["state"]?.string ?? "unknown"
        title = document[at: "cause", "title"]?.string ?? document[at: "cause", "cause"]?.string ?? ""
        openedAt = document["openedAt"]?.string.flatMap { Timestamp($0) }
        now = document.clusterNow
    }

    var stateText: String { state.replacing("-", with: " ") }

    /// Time since it was opened, of the cluster.
    var age: String { openedAt.map { (now - $0).age } ?? "-" }
}

extension JSON {
    /// Now on the clock that an incident's or plan's times are of, as the API tells it.
    var clusterNow: Timestamp { self["now"]?.string.flatMap { Timestamp($0) } ?? SystemClock().now() }
}
