/// All faults, by slug. A new one is one line in the list of its family.
package enum FaultRegistry {
    package static let all: [Fault] = [
        NodeFaults.all, ControlPlaneFaults.all, ImageFaults.all, WorkloadFaults.all, ProgramFaults.all, LoadFaults.all, AdmissionFaults.all,
        FieldFaults.all, PodShapeFaults.all, FileFaults.all, ReleaseFaults.all, AddressFaults.all, DatabaseFaults.all, JobFaults.all,
        ClaimFaults.all, DeletionFaults.all, AutoscalerFaults.all, AccessFaults.all, CertificateFaults.all, PriorityFaults.all,
        ProxyFaults.all, FillingFaults.all,
    ].flatMap(\.self).sorted { $0.slug < $1.slug }

    package static func fault(_ slug: String) -> Fault? { all.first { $0.slug == slug } }
}
