import Core

/// The labels by which a job knows its pods: they carry its uid, so that they are written when it gets one (registry/batch/job strategy).
enum JobSelector {
    static func generate(_ job: inout JSON, _ metadata: inout JSON, name: String, uid: String) {
        guard job[at: "spec", "manualSelector"]?.bool != true, job[at: "spec", "selector"] == nil else { return }
        var labels = job[at: "spec", "template", "metadata", "labels"] ?? [:]
        for prefix in ["batch.kubernetes.io/", ""] {
            labels[prefix + "controller-uid"] = .string(uid)
            labels[prefix + "job-name"] = .string(name)
        }
        job[at: "spec", "template", "metadata", "labels"] = labels
        job[at: "spec", "selector"] = ["matchLabels": ["batch.kubernetes.io/controller-uid": .string(uid)]]
        if metadata["labels"]?.object?.isEmpty ?? true { metadata["labels"] = labels }
    }
}
