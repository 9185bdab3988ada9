import Core
import Kubernetes
import Testing

@testable import Twin

/// The page that a Prometheus of the twin would scrape.
@Suite struct MetricsPageTests {
    private func page(of cluster: SimulatedCluster) async throws -> [Substring] {
        let answer = await cluster.handle(TwinRequest("GET", target: "/martlet/twin/v1/metrics"))
        #expect(answer.status == 200)
        return String(decoding: try #require(answer.bytes), as: UTF8.self).split(separator: "\n")
    }

    private func cluster() async throws -> SimulatedCluster {
        let cluster = SimulatedCluster(TwinOptions(seed: 5, nodes: 2), images: BehaviourCatalogue())
        let client = KubernetesClient(transport: InProcessTransport(cluster), clock: cluster.clock)
        for (name, behaviour) in [("web", "{listen: 8080, requests: 5}"), ("bad", "{exit: {code: 1, after: 2}}")] {
            var object = APIClient.deployment(name)
            object[at: "metadata", "namespace"] = "default"
            object[at: "spec", "template", "metadata", "annotations"] = ["twin.martlet/behaviour": .string("web: \(behaviour)")]
            object[at: "spec", "template", "spec", "containers"] = [
                [
                    "name": "web", "image": "registry.example.com/shop/web:1.4.2", "ports": [["containerPort": 8080]],
                    "resources": ["requests": ["cpu": "50m", "memory": "64Mi"], "limits": ["memory": "128Mi"]],
                ]
            ]
            _ = try await client.create(object, as: .deployments, namespace: "default")
        }
        await cluster.advance(by: .seconds(120))
        return cluster
    }

    @Test func statesOfObjectsAreThoseOfTheStore() async throws {
        let lines = try await page(of: try await cluster())
        func values(_ prefix: String) -> [Substring] { lines.filter { $0.hasPrefix(prefix) } }
        #expect(lines.contains("kube_deployment_status_replicas_available{namespace=\"default\",deployment=\"web\"} 2"))
        #expect(lines.contains("kube_deployment_status_replicas_unavailable{namespace=\"default\",deployment=\"bad\"} 2"))
        #expect(lines.contains("kube_node_status_condition{node=\"worker-1\",condition=\"Ready\",status=\"true\"} 1"))
        let waits = values("kube_pod_container_status_waiting_reason{")
        #expect(waits.count == 2 && waits.allSatisfy { $0.contains("pod=\"bad-") && $0.hasSuffix("reason=\"CrashLoopBackOff\"} 1") })
        let restarts = values("kube_pod_container_status_restarts_total{").filter { $0.contains("pod=\"bad-") }
        #expect(restarts.count == 2 && restarts.allSatisfy { !$0.hasSuffix(" 0") })
        let limits = values("kube_pod_container_resource_limits{").filter { $0.contains("pod=\"web-") }
        #expect(limits.count == 2 && limits.allSatisfy { $0.hasSuffix("resource=\"memory\",unit=\"byte\"} 134217728") })
        #expect(values("http_requests_total{").contains { $0.contains("pod=\"web-") && $0.contains("code=\"200\"") })
    }

    /// The format allows each family and each series once, and its lines together.
    @Test func everyFamilyAndSeriesStandsOnce() async throws {
        let lines = try await page(of: try await cluster())
        var families: Set<Substring> = [], series: Set<Substring> = [], family: Substring = ""
        for line in lines {
            if line.hasPrefix("# HELP ") { continue }
            if line.hasPrefix("# TYPE ") {
                family = line.split(separator: " ")[2]
                #expect(families.insert(family).inserted, "\(family) stands twice")
                continue
            }
            let match = try #require(try /([a-z_:]+)\{([a-z_]+="[^"\\]*",?)*\} -?[0-9.e+-]+/.wholeMatch(in: line), "\(line)")
            #expect(match.1.hasPrefix(family), "\(match.1) stands under \(family)")
            let end = try #require(line.lastIndex(of: " "))
            #expect(series.insert(line[..<end]).inserted, "\(line) stands twice")
        }
        #expect(families.count >= 25)
    }

    @Test func labelsAreEscaped() {
        var page = ExpositionText()
        page.add("m", .gauge, "A measure.", [.init(labels: [("a", "x\"y\\z\n")], value: 0.25)])
        page.add("empty", .gauge, "Nothing.", [])
        #expect(page.text == "# HELP m A measure.\n# TYPE m gauge\nm{a=\"x\\\"y\\\\z\\n\"} 0.25\n")
    }
}
