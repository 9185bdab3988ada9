package import Core

extension DiagnosisReport {
    /// The output of `martlet diagnose -o json` (SNAPSHOT.md), without secrets: they are numbered by first appearance.
    package func json(names: SensitiveNames = .standard) -> JSON {
        var redactor = Redactor(.numbered, names: names)
        return redactor.json([
            "version": JSON(DiagnosisReport.version), "time": .string(time.description), "cluster": .string(cluster),
            "undetermined": JSON(undetermined), "incidents": .array(causes.map(\.report)),
            "hygiene": .array(
                hygiene.map { finding in
                    ["category": .string(finding.rule), "resource": .string(finding.entity.resource), "text": .string(finding.text)]
                }),
        ])
    }
}

extension Cause {
    /// Confidence as it is written: two decimals.
    package var roundedConfidence: Double { (confidence * 100).rounded() / 100 }

    var report: JSON {
        var json: JSON = [
            "fingerprint": .string(fingerprint), "severity": .string(severity.rawValue), "category": .string(category),
            "resource": .string(resource.resource), "namespace": .string(resource.namespace), "title": .string(title),
            "cause": .string(text), "confidence": .number(roundedConfidence),
        ]
        if let since { json["since"] = .string(since.description) }
        if let change {
            var described: JSON = [:]
            if let revision = change.revision { described["revision"] = .string(revision) }
            if let time = change.time { described["time"] = .string(time.description) }
            if let author = change.author { described["author"] = .string(author) }
            described["fields"] = .array(change.fields.map(\.json))
            json["change"] = described
        }
        json["chain"] = .array(chain.map { ["resource": .string($0.resource.resource), "effect": .string($0.effect)] })
        json["symptoms"] = JSON(symptoms.map(\.resource))
        json["reach"] = JSON(reach.map(\.resource))
        json["evidence"] = .array(evidence.map(\.json))
        json["against"] = .array(against.map(\.json))
        json["ruledOut"] = JSON(ruledOut)
        json["undecided"] = JSON(undecided)
        if !unread.isEmpty { json["unread"] = JSON(unread) }
        json["alternatives"] = .array(
            alternatives.map {
                [
                    "category": .string($0.category), "resource": .string($0.resource.resource),
                    "confidence": .number(($0.confidence * 100).rounded() / 100),
                ]
            })
        json["next"] = JSON(next)
        json["facts"] = facts
        return json
    }
}
