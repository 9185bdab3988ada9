package import Core

/// A pod template as a revision, told apart by its content.
///
/// Plans refer to templates and never hold them: a template may carry secrets in plain variables, and what is in a plan is in the
/// journal (INTERFACES section 7).
package struct TemplateReference: Sendable, Hashable {
    /// The revision number when the plan was made. It moves when a revision becomes current again; `hash` does not.
    package let revision: Int
    /// SHA-256 of the template without what the controller adds.
    package let hash: String

    package init(revision: Int, template: JSON) {
        self.revision = revision
        hash = TemplateReference.hash(template)
    }

    package init?(json: JSON) {
        guard let revision = json["revision"]?.int, let hash = json["templateHash"]?.string else { return nil }
        self.revision = revision
        self.hash = hash
    }

    package var json: JSON { ["revision": JSON(revision), "templateHash": .string(hash)] }

    /// The template of the ReplicaSet that it refers to; nil when there is none any more.
    package func template(among replicaSets: [JSON]) -> JSON? {
        for set in replicaSets {
            guard let template = set[at: "spec", "template"].map(TemplateReference.plain) else { continue }
            if TemplateReference.hash(template) == hash { return template }
        }
        return nil
    }

    /// The template as the Deployment holds it: without `pod-template-hash`.
    package static func plain(_ template: JSON) -> JSON {
        var template = template
        template[at: "metadata", "labels", "pod-template-hash"] = nil
        if template[at: "metadata", "creationTimestamp"]?.isNull == true { template[at: "metadata", "creationTimestamp"] = nil }
        return template
    }

    package static func hash(_ template: JSON) -> String { Digest.sha256Hex(plain(template).canonical()) }

    /// The annotation in which the controller counts revisions.
    static let revisionAnnotation = "deployment.kubernetes.io/revision"

    static func revision(of object: JSON) -> Int? {
        object[at: "metadata", "annotations", revisionAnnotation]?.string.flatMap { Int($0) }
    }
}
