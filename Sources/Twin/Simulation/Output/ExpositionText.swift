import Core

/// Families of samples in Prometheus' text format 0.0.4 (prometheus.io "Exposition formats"). A family without samples is left out.
struct ExpositionText {
    enum Kind: String { case counter, gauge, histogram }

    struct Sample {
        /// What follows the name of the family: `_bucket`.
        var suffix = ""
        var labels: [(name: String, value: String)]
        var value: Double
    }

    private(set) var text = ""

    mutating func add(_ name: String, _ kind: Kind, _ help: String, _ samples: [Sample]) {
        guard !samples.isEmpty else { return }
        text += "# HELP \(name) \(help)\n# TYPE \(name) \(kind.rawValue)\n"
        for sample in samples {
            let labels = sample.labels.map { "\($0.name)=\"\(ExpositionText.escaped($0.value))\"" }.joined(separator: ",")
            text += "\(name)\(sample.suffix){\(labels)} \(ExpositionText.number(sample.value))\n"
        }
    }

    /// To the thousandth.
    private static func number(_ value: Double) -> String { JSON.number((value * 1000).rounded() / 1000).text() }

    private static func escaped(_ text: String) -> String {
        guard text.utf8.contains(where: { $0 == 0x5C || $0 == 0x22 || $0 == 0x0A }) else { return text }
        return text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n")
    }
}
