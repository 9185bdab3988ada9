import Core
import Foundation
import Testing

@testable import Twin

@Suite struct ConformanceTests {
    @Test func theTableOfPodSecurityAgreesInEveryRow() throws {
        guard let folder = SharedFolder.conformance else { print("pod security: table not run, no shared folder"); return }
        let bytes = try Data(contentsOf: folder.appending(path: "pod-security-standards.json"))
        let cases = try #require(ConformanceTables.evaluate(try JSON(parsing: Array(bytes))))
        print("pod security: \(cases.count { $0.outcome == .agrees }) of \(cases.count) agree")
        #expect(cases.filter { $0.outcome != .agrees } == [])
        #expect(!cases.isEmpty)
    }

    @Test(arguments: ["hpa-replica-calculator", "hpa-scaling-behavior"]) func theTablesOfAutoscalingAgreeInEveryRow(table: String) throws {
        guard let folder = SharedFolder.conformance else { print("\(table): table not run, no shared folder"); return }
        let bytes = try Data(contentsOf: folder.appending(path: table + ".json"))
        let cases = try #require(ConformanceTables.evaluate(try JSON(parsing: Array(bytes))))
        print("\(table): \(cases.count { $0.outcome == .agrees }) of \(cases.count) agree")
        #expect(cases.filter { $0.outcome != .agrees } == [])
        #expect(cases.count > 30)
    }

    @Test func aRowThatIsWrongIsSaidToDiffer() throws {
        let table: JSON = [
            "cases": [
                ["level": "baseline", "version": "v1.30", "expected": "pass", "spec": pod(["privileged": true]), "file": "a"],
                ["level": "baseline", "version": "v1.30", "expected": "fail", "spec": pod(["privileged": true]), "file": "b"],
            ]
        ]
        let cases = try #require(ConformanceTables.evaluate(table))
        #expect(cases.map(\.outcome) == [.differs, .agrees])
        #expect(cases[0].differences.first?.found?.string?.contains("must not set securityContext.privileged=true") == true)
    }

    @Test func whatIsNoTableIsNotTakenForOne() {
        #expect(ConformanceTables.evaluate(["cases": [["name": "x"]]]) == nil)
    }

    private func pod(_ context: JSON) -> JSON { ["containers": [["name": "c", "image": "i", "securityContext": context]]] }
}

/// The captures and tables that lie beside the project; nil where there are none.
enum SharedFolder {
    static let root: URL? = {
        let project = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let shared =
            ProcessInfo.processInfo.environment["MARTLET_SHARED"].map { URL(filePath: $0) } ?? project.appending(path: "../shared")
        return FileManager.default.fileExists(atPath: shared.path) ? shared : nil
    }()
    static let conformance = root?.appending(path: "conformance")
    static let transcripts = root?.appending(path: "k8s-golden/api")
}
