import Core
import Kubernetes
import Testing

@testable import martlet

@Suite struct DoctorReportTests {
    /// What is missing and what is a choice stand apart: whoever applies the first does not open every page of every pod.
    @Test func whatIsAChoiceStandsApartFromWhatIsMissing() {
        var report = DoctorReport()
        report.manifest = MissingAccessManifest.yaml([RequiredAccess(.pods, .diagnose)], user: "mara", namespace: nil)
        let choice = RequiredAccess.all(readsSecrets: false).filter { $0.purpose == .errorRate }
        #expect(choice.map(\.resource) == ["pods/proxy"] && choice[0].verbs == ["get"])
        report.optional = MissingAccessManifest.yaml(choice, user: "mara", namespace: nil, name: "martlet-error-rate")
        #expect(report.json["rbac"]?.string?.contains("proxy") == false)
        #expect(report.json["optionalRBAC"]?.string?.contains("pods/proxy") == true)
        #expect(report.json["optionalRBAC"]?.string?.contains("name: martlet-error-rate") == true)
        let lines = report.lines().joined(separator: "\n")
        #expect(lines.contains("This is your choice"))
    }
}
