// The form in which the words stand in journal payloads and in the API. Reading is lenient: nil where the essentials are missing.

extension Evidence {
    package var json: JSON {
        var json: JSON = ["kind": .string(kind.rawValue), "source": .string(source), "text": .string(text)]
        if let time { json["time"] = .string(time.description) }
        return json
    }

    package init?(json: JSON) {
        guard let kind = json["kind"]?.string.flatMap(Kind.init), let text = json["text"]?.string else { return nil }
        self.init(kind, source: json["source"]?.string ?? "", text: text, time: json["time"]?.string.flatMap { Timestamp($0) })
    }
}

extension FieldChange {
    package var json: JSON { ["path": .string(path), "from": from ?? .null, "to": to ?? .null] }

    package init?(json: JSON) {
        guard let path = json["path"]?.string else { return nil }
        // Not `$0.isNull ? nil : $0`: there `nil` would be JSON's null.
        func value(_ key: String) -> JSON? {
            guard let value = json[key], !value.isNull else { return nil }
            return value
        }
        self.init(path: path, from: value("from"), to: value("to"))
    }
}

extension Change {
    package var json: JSON {
        var json: JSON = ["kind": .string(kind), "entity": .string(entity.description), "source": .string(source)]
        if let time { json["time"] = .string(time.description) }
        if let revision { json["revision"] = .string(revision) }
        if let author { json["author"] = .string(author) }
        json["fields"] = .array(fields.map(\.json))
        return json
    }

    package init?(json: JSON) {
        guard let entity = json["entity"]?.string.flatMap({ EntityPath($0) }) else { return nil }
        self.init(
            time: json["time"]?.string.flatMap { Timestamp($0) }, kind: json["kind"]?.string ?? "", entity: entity,
            revision: json["revision"]?.string, author: json["author"]?.string,
            fields: (json["fields"]?.array ?? []).compactMap(FieldChange.init(json:)), source: json["source"]?.string ?? "")
    }
}

extension Finding {
    package var json: JSON {
        var json: JSON = [
            "fingerprint": .string(fingerprint), "rule": .string(rule), "kind": .string(kind.rawValue),
            "severity": .string(severity.rawValue), "entity": .string(entity.description), "text": .string(text),
            "firstSeen": .string(firstSeen.description), "lastSeen": .string(lastSeen.description), "current": .bool(isCurrent),
            "evidence": .array(evidence.map(\.json)),
        ]
        if let key { json["key"] = .string(key) }
        return json
    }

    package init?(json: JSON) {
        guard let rule = json["rule"]?.string, let entity = json["entity"]?.string.flatMap({ EntityPath($0) }),
            let firstSeen = json["firstSeen"]?.string.flatMap({ Timestamp($0) })
        else { return nil }
        self.init(
            rule: rule, kind: json["kind"]?.string.flatMap(Kind.init) ?? .incident,
            severity: json["severity"]?.string.flatMap(Severity.init) ?? .low, entity: entity, key: json["key"]?.string,
            text: json["text"]?.string ?? "", firstSeen: firstSeen,
            lastSeen: json["lastSeen"]?.string.flatMap { Timestamp($0) } ?? firstSeen, isCurrent: json["current"]?.bool ?? true,
            evidence: (json["evidence"]?.array ?? []).compactMap(Evidence.init(json:)))
    }
}

extension Cause {
    package var json: JSON {
        var json: JSON = [
            "fingerprint": .string(fingerprint), "severity": .string(severity.rawValue), "category": .string(category),
            "resource": .string(resource.description), "title": .string(title), "cause": .string(text),
            "confidence": .number(confidence),
        ]
        if let since { json["since"] = .string(since.description) }
        if let change { json["change"] = change.json }
        json["chain"] = .array(chain.map { ["resource": .string($0.resource.description), "effect": .string($0.effect)] })
        json["symptoms"] = JSON(symptoms.map(\.description))
        json["reach"] = JSON(reach.map(\.description))
        json["evidence"] = .array(evidence.map(\.json))
        json["against"] = .array(against.map(\.json))
        json["ruledOut"] = JSON(ruledOut)
        json["undecided"] = JSON(undecided)
        if !unread.isEmpty { json["unread"] = JSON(unread) }
        json["alternatives"] = .array(
            alternatives.map {
                [
                    "category": .string($0.category), "resource": .string($0.resource.description),
                    "confidence": .number($0.confidence),
                ]
            })
        json["next"] = JSON(next)
        json["findings"] = .array(findings.map(\.json))
        json["facts"] = facts
        return json
    }

    package init?(json: JSON) {
        guard let category = json["category"]?.string, let resource = json["resource"]?.string.flatMap({ EntityPath($0) }) else {
            return nil
        }
        func strings(_ key: String) -> [String] { (json[key]?.array ?? []).compactMap(\.string) }
        func paths(_ key: String) -> [EntityPath] { strings(key).compactMap { EntityPath($0) } }
        func evidence(_ key: String) -> [Evidence] { (json[key]?.array ?? []).compactMap(Evidence.init(json:)) }
        self.init(
            severity: json["severity"]?.string.flatMap(Severity.init) ?? .low, category: category, resource: resource,
            title: json["title"]?.string ?? "", text: json["cause"]?.string ?? "", confidence: json["confidence"]?.double ?? 0,
            since: json["since"]?.string.flatMap { Timestamp($0) }, change: json["change"].flatMap(Change.init(json:)),
            chain: (json["chain"]?.array ?? []).compactMap { link in
                link["resource"]?.string.flatMap { EntityPath($0) }.map { Link(resource: $0, effect: link["effect"]?.string ?? "") }
            },
            symptoms: paths("symptoms"), reach: paths("reach"), evidence: evidence("evidence"), against: evidence("against"),
            ruledOut: strings("ruledOut"), undecided: strings("undecided"),
            unread: strings("unread"),
            alternatives: (json["alternatives"]?.array ?? []).compactMap { a in
                guard let category = a["category"]?.string, let path = a["resource"]?.string.flatMap({ EntityPath($0) }) else { return nil }
                return Alternative(category: category, resource: path, confidence: a["confidence"]?.double ?? 0)
            },
            next: strings("next"), findings: (json["findings"]?.array ?? []).compactMap(Finding.init(json:)), facts: json["facts"] ?? [:])
    }
}
