import Core
import Foundation
import Kubernetes
import Testing

@testable import Twin

/// The captured cases made again from their manifests alone: the same states and the same events come out.
@Suite struct SimulationGoldenTests {
    static let folder: URL? = {
        let shared =
            ProcessInfo.processInfo.environment["MARTLET_SHARED"].map { URL(fileURLWithPath: $0) }
            ?? URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(path: "../../../../shared").standardizedFileURL
        let golden = shared.appending(path: "k8s-golden")
        return FileManager.default.fileExists(atPath: golden.path) ? golden : nil
    }()

    static func json(_ scenario: String, _ file: String) throws -> [JSON] {
        guard let folder, let data = try? Data(contentsOf: folder.appending(path: "\(scenario)/\(file)")) else { return [] }
        return try JSON(parsing: Array(data))["items"]?.array ?? []
    }

    /// What is compared of pods: phase, and of each container the reason it waits or how it ended, now or before.
    static func states(_ pods: [JSON]) -> Set<String> {
        var result: Set<String> = []
        for pod in pods where !pod.isBeingDeleted {
            let status = pod["status"]
            result.insert("phase \(status?["phase"]?.string ?? "")")
            for condition in status?["conditions"]?.array ?? [] where condition["type"]?.string != "DisruptionTarget" {
                let reason = condition["reason"]?.string ?? ""
                result.insert("\(condition["type"]?.string ?? "") \(condition["status"]?.string ?? "") \(reason)")
            }
            for container in (status?["initContainerStatuses"]?.array ?? []) + (status?["containerStatuses"]?.array ?? []) {
                let name = container["name"]?.string ?? ""
                if let waiting = container["state"]?["waiting"]?["reason"]?.string { result.insert("\(name) waits \(waiting)") }
                if container["state"]?["running"] != nil { result.insert("\(name) runs") }
                for field in ["state", "lastState"] {
                    guard let end = container[field]?["terminated"] else { continue }
                    result.insert("\(name) \(field) \(end["reason"]?.string ?? "") \(end["exitCode"]?.int ?? -1)")
                }
            }
        }
        return result
    }

    /// What is compared of events. What depends on which images a node had, and on who was faster, is left out.
    static func events(_ events: [JSON]) -> Set<String> {
        let chance: Set<String> = ["Pulling", "Pulled", "NoPods"]
        return Set(
            events.compactMap { event in
                guard let reason = event["reason"]?.string, !chance.contains(reason) else { return nil }
                let message = event["message"]?.string ?? ""
                if reason == "Unhealthy", message.contains("Readiness"), message.contains("refused") { return nil }
                return "\(event["type"]?.string ?? "") \(reason) \(event["involvedObject"]?["kind"]?.string ?? "")"
            })
    }

    static func conditions(_ deployments: [JSON]) -> Set<String> {
        Set(
            deployments.flatMap { deployment in
                (deployment["status"]?["conditions"]?.array ?? []).map {
                    "\(deployment.metadataName) \($0["type"]?.string ?? "") \($0["status"]?.string ?? "") \($0["reason"]?.string ?? "")"
                }
            })
    }

    @Test(arguments: GoldenScenario.all) func isMadeAgain(_ scenario: GoldenScenario) throws {
        guard let folder = Self.folder else {
            print("not run: \(scenario.name), the captured cases are not beside the repository")
            return
        }
        let manifest = try String(contentsOf: folder.appending(path: "\(scenario.name)/manifest.yaml"), encoding: .utf8)
        let catalogue = try BehaviourCatalogue(yaml: GoldenScenario.images)
        var bench = Bench(options: SimulationOptions(catalogue: catalogue))
        scenario.before(&bench)
        try bench.apply(yaml: manifest, behaviour: scenario.behaviour)
        bench.run(20)
        scenario.steps(&bench)
        // Captured when the state had settled: of a loop, any of the moments around the captured one.
        let wanted = Self.states(try Self.json(scenario.name, "pods.json"))
        var found: Set<String> = []
        for _ in 0..<Int(scenario.minutes * 12) {
            bench.run(5)
            found = Self.states(bench.pods(scenario.name))
            if found == wanted, bench.now > Timestamp(seconds: Int64(1_767_225_600)) + .seconds(scenario.minutes * 45) { break }
        }
        #expect(found.symmetricDifference(wanted).sorted() == [], "states, found \(found.sorted())")
        let events = Self.events(try Self.json(scenario.name, "events.json"))
        #expect(Self.events(bench.events(scenario.name)).symmetricDifference(events).sorted() == [], "events")
        let deployments = Self.conditions(try Self.json(scenario.name, "deployments.json"))
        let own = Self.conditions(bench.store.list(.deployments, namespace: scenario.name))
        #expect(own.symmetricDifference(deployments).sorted() == [], "conditions of Deployments")
    }

    /// Every message that was captured from a part that is simulated has a template here.
    @Test func everyCapturedMessageHasATemplate() throws {
        guard let folder = Self.folder else {
            print("not run: the captured cases are not beside the repository")
            return
        }
        var unknown: Set<String> = []
        var known = 0
        for name in try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() {
            for event in try Self.json(name, "events.json") {
                guard let reason = event["reason"]?.string, let templates = TextCatalogue.templates[reason] else { continue }
                var message = event["message"]?.string ?? ""
                let prefix = "(combined from similar events): "
                if message.hasPrefix(prefix) { message.removeFirst(prefix.count) }
                if templates.contains(where: { $0.matches(message) }) { known += 1 } else { unknown.insert("\(reason): \(message)") }
            }
        }
        #expect(unknown.sorted() == [])
        #expect(known > 500)
    }
}
