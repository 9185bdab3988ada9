import Core
import Kubernetes
import Testing

@testable import martlet

@Suite struct DoctorReportTests {
    /// What is missing and what is a choice stand apart: whoever applies the first does not open every page of every pod.
    @Test func whatIsAChoiceStandsApartFromWhatIsMissing() {
        var report = DoctorReport()
        report.manifest = MissingAccessManifest.yaml(
            [MissingAccess(RequiredAccess(.pods, .diagnose), verbs: ["list"], namespace: nil)], user: "mara")
        let choice = RequiredAccess.all(readsSecrets: false).filter { $0.purpose == .errorRate }
        #expect(choice.map(\.resource) == ["pods/proxy"] && choice[0].verbs == ["get"])
        report.optional = MissingAccessManifest.yaml(
            choice.map { MissingAccess($0, verbs: $0.verbs, namespace: nil) }, user: "mara", name: "martlet-error-rate")
        #expect(report.json["rbac"]?.string?.contains("proxy") == false)
        #expect(report.json["optionalRBAC"]?.string?.contains("pods/proxy") == true)
        #expect(report.json["optionalRBAC"]?.string?.contains("name: martlet-error-rate") == true)
        let lines = report.lines().joined(separator: "\n")
        #expect(lines.contains("This is your choice"))
    }
}
