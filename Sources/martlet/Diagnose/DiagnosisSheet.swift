import Core

/// A diagnosis on the terminal, from the redacted document that `-o json` prints: what is wrong, why and how sure, what changed, what says
/// so, and what to look at next.
struct DiagnosisSheet {
    let document: JSON
    let workloads: Int
    /// Seconds that it took.
    let elapsed: Double

    private static let indent = 10
    private static let label = 11

    func lines(width: Int? = Terminal.width, colour: Bool = Terminal.usesColour) -> [String] {
        let width = width ?? .max
        let incidents = document["incidents"]?.array ?? []
        var lines: [String] = []
        for incident in incidents {
            lines += DiagnosisSheet.lines(of: incident, width, colour)
            lines.append("")
        }
        for text in strings("undetermined") { lines.append(("unknown   " + text.terminalSafe).cut(to: width)) }
        for item in document["hygiene"]?.array ?? [] {
            lines.append("hygiene   \(item["resource"]?.string ?? "")  \(item["text"]?.string ?? "")".terminalSafe.cut(to: width))
        }
        if lines.last.map({ !$0.isEmpty }) == true { lines.append("") }
        let count = incidents.isEmpty ? "no incident" : "\(incidents.count) \(incidents.count == 1 ? "incident" : "incidents")"
        let looked = "\(workloads) \(workloads == 1 ? "workload" : "workloads") looked at"
        let time = elapsed < 10 ? "\(Int((elapsed * 1000).rounded(.up))) ms" : "\(Int(elapsed)) s"
        lines.append("\(count) · \(looked) · \(time)".cut(to: width))
        return lines
    }

    private func strings(_ key: String) -> [String] { (document[key]?.array ?? []).compactMap(\.string) }

    private static func lines(of incident: JSON, _ width: Int, _ colour: Bool) -> [String] {
        let severity = incident["severity"]?.string ?? "low"
        let style = Severity(rawValue: severity).map(TerminalStyle.init) ?? .plain
        let namespace = incident["namespace"]?.string ?? ""
        let resource = (namespace.isEmpty ? "" : namespace + "/") + (incident["resource"]?.string ?? "")
        let head = severity + String(repeating: " ", count: max(1, indent - severity.count))
        let title = DiagnosisSheet.title(incident, resource: resource).terminalSafe
        var lines = [style.apply(head, colour: colour) + TerminalStyle.strong.apply(title.cut(to: width - indent), colour: colour)]
        func add(_ label: String, _ values: [String]) {
            for (index, value) in values.enumerated() {
                let name = index == 0 ? label : ""
                let lead =
                    String(repeating: " ", count: indent) + name + String(repeating: " ", count: max(0, DiagnosisSheet.label - name.count))
                lines.append((lead + value.terminalSafe).cut(to: width))
            }
        }
        func strings(_ key: String) -> [String] { (incident[key]?.array ?? []).compactMap(\.string) }
        let confidence = incident["confidence"]?.double ?? 0
        if incident["category"]?.string == Cause.undecidedCategory {
            add("undecided", strings("undecided"))
            add(
                "candidates",
                (incident["alternatives"]?.array ?? []).map {
                    "\($0["category"]?.string ?? "") on \($0["resource"]?.string ?? "")  \(percent($0["confidence"]?.double ?? 0))"
                })
        } else {
            // How sure it is stays visible however long the sentence is.
            let room = width == .max ? width : max(8, width - indent - DiagnosisSheet.label - 6)
            add("cause", ["\((incident["cause"]?.string ?? "").terminalSafe.cut(to: room))  \(percent(confidence))"])
        }
        if let change = incident["change"] {
            let what = change["revision"]?.string.map { "revision \($0)" } ?? "a change"
            add(
                "changed", [what + (change["time"]?.string.map { ", \($0)" } ?? "") + (change["author"]?.string.map { ", by \($0)" } ?? "")]
            )
            for field in (change["fields"]?.array ?? []).compactMap(FieldChange.init(json:)) { add("", field.diffLines.map(\.text)) }
        }
        add("evidence", evidence(incident["evidence"]))
        add("against", evidence(incident["against"]))
        let reach = strings("reach")
        if !reach.isEmpty { add("reaches", [reach.joined(separator: ", ")]) }
        add("next", strings("next"))
        return lines
    }

    /// The title names the thing; where it stands in the cluster is put before it unless it is said already.
    private static func title(_ incident: JSON, resource: String) -> String {
        let title = incident["title"]?.string ?? incident["cause"]?.string ?? ""
        let name = resource.split(separator: "/").last.map(String.init) ?? resource
        return title.hasPrefix(name) ? resource + title.dropFirst(name.count) : "\(resource): \(title)"
    }

    private static func evidence(_ list: JSON?) -> [String] {
        let items = (list?.array ?? []).compactMap(Evidence.init(json:))
        let kind = items.map(\.kind.rawValue.count).max() ?? 0
        return items.map { item in
            item.kind.rawValue + String(repeating: " ", count: kind - item.kind.rawValue.count + 2) + item.text + "  (\(item.source))"
        }
    }

    private static func percent(_ confidence: Double) -> String { "\(Int((confidence * 100).rounded())) %" }
}
