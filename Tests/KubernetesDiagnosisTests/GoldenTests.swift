import Core
import Diagnosis
import Testing

@testable import KubernetesDiagnosis

@Suite struct GoldenCases {
    /// The categories of the issue's part D: these must be right.
    static let required: Set<String> = [
        "app-crash", "missing-env", "bad-config", "command-not-found", "permission-denied", "read-only-filesystem", "oom-killed",
        "image-not-found",
        "image-tag-not-found", "image-auth", "image-name-invalid", "image-registry-unreachable", "configmap-missing", "secret-missing",
        "config-key-missing", "volume-configmap-missing", "insufficient-cpu", "insufficient-memory", "node-selector-mismatch",
        "taint-not-tolerated", "liveness-probe-failing", "liveness-probe-too-early", "readiness-probe-failing", "startup-probe-failing",
        "rollout-stuck", "service-selector-mismatch", "scaled-to-zero",
    ]

    @Test func allAreThere() { #expect(Golden.cases.count >= 70) }

    @Test(arguments: Golden.cases)
    func isRight(_ golden: GoldenCase) throws {
        let report = diagnose(try SnapshotFolder.read(golden.folder))
        let first = report.causes.first
        if golden.isHealthy {
            #expect(report.causes.isEmpty, "\(report.causes.map(\.title))")
            return
        }
        if GoldenCases.required.contains(golden.category) {
            #expect(first?.resource.resource == golden.resource)
            #expect(golden.accepts(first?.category ?? "healthy"), "\(first?.category ?? "none")")
            #expect(report.causes.count == 1)
        }
        // Nothing is called what it is not with any confidence.
        for cause in report.causes where !cause.isUndecided && cause.confidence > 0.5 {
            #expect(
                golden.accepts(cause.category) && cause.resource.resource == golden.resource,
                "\(cause.category) \(cause.resource.resource) \(cause.confidence)")
        }
    }

    @Test func table() throws {
        var right = 0
        var lines: [String] = []
        for golden in Golden.cases {
            let report = diagnose(try SnapshotFolder.read(golden.folder))
            let first = report.causes.first
            let got = first.map { "\($0.category) \($0.resource.resource)" } ?? "healthy"
            let isRight =
                golden.isHealthy
                ? first == nil
                : golden.accepts(first?.category ?? "") && first?.resource.resource == golden.resource && report.causes.count == 1
            if isRight { right += 1 }
            func pad(_ text: String, _ width: Int) -> String { text + String(repeating: " ", count: max(1, width - text.count)) }
            lines.append(
                pad(isRight ? "right" : "WRONG", 6) + pad(golden.name, 30) + pad("\(golden.category) \(golden.resource)", 60) + pad(got, 60)
                    + (first.map { String(Int(($0.confidence * 100).rounded())) } ?? "")
                    + (report.causes.count > 1 ? " +\(report.causes.count - 1)" : ""))
        }
        print(lines.joined(separator: "\n"))
        print("\(right) of \(Golden.cases.count) right")
        #expect(right == Golden.cases.count)
    }
}
