import Core

/// When an indexed Job has succeeded before all its indexes have (`spec.successPolicy`).
enum SuccessPolicy {
    /// The first rule that is fulfilled by the indexes that have succeeded.
    static func match(_ job: JSON, _ succeeded: Set<Int>) -> Int? {
        (job["spec"]?["successPolicy"]?["rules"]?.array ?? []).firstIndex { rule in
            let wanted = rule["succeededIndexes"]?.string.map(JobIndex.read)
            let count = rule["succeededCount"]?.int
            guard let wanted else { return count.map { succeeded.count >= $0 } ?? false }
            return succeeded.intersection(wanted).count >= count ?? wanted.count
        }
    }
}
