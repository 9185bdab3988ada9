/// One observed fact that speaks for or against a cause.
package struct Evidence: Sendable, Hashable {
    package enum Kind: String, Sendable, Hashable, CaseIterable { case status, event, log, metric, spec, change, unit, alert }

    package let kind: Kind
    /// Where it was seen, as a person would look it up: `Pod/checkout-7d9f-x2l`, `logs/checkout-7d9f-x2l.checkout (previous)`.
    package let source: String
    /// What was seen. Text from the cluster in here is data: redacted before it is stored, escaped before it is shown.
    package let text: String
    package let time: Timestamp?

    package init(_ kind: Kind, source: String, text: String, time: Timestamp? = nil) {
        self.kind = kind
        self.source = source
        self.text = text
        self.time = time
    }
}

/// One field that a change moved from one value to another; nil where it was absent.
package struct FieldChange: Sendable, Hashable {
    /// As people write it: `spec.template.spec.containers[checkout].env[PAYMENTS_URL]`.
    package let path: String
    package let from: JSON?
    package let to: JSON?

    package init(path: String, from: JSON?, to: JSON?) {
        self.path = path
        self.from = from
        self.to = to
    }
}

/// A deploy, config edit, scale, flag flip or infrastructure change.
package struct Change: Sendable, Hashable {
    package var time: Timestamp?
    /// `rollout`, `config`, `scale`, …
    package var kind: String
    package var entity: EntityPath
    package var revision: String?
    package var author: String?
    package var fields: [FieldChange]
    /// What told: `replicasets`, `managedFields`, `changes.jsonl`.
    package var source: String

    package init(
        time: Timestamp?, kind: String, entity: EntityPath, revision: String?, author: String?, fields: [FieldChange], source: String
    ) {
        self.time = time
        self.kind = kind
        self.entity = entity
        self.revision = revision
        self.author = author
        self.fields = fields
        self.source = source
    }
}
