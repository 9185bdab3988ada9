import Core
import Foundation
import Kubernetes
import MartletTesting
import Testing

@Suite struct GoldenTests {
    /// Every recorded list is read; typed and untyped reading find the same objects, and no raw byte is lost.
    @Test func allRecordedListsAreRead() throws {
        let files = SharedData.files(under: "k8s-golden", ending: ".json")
        guard SharedData.root != nil else {
            print("recorded lists: not run, there is no shared data")
            return
        }
        #expect(files.count > 500)
        var typed = 0
        for file in files {
            let bytes = try SharedData.bytes(file)
            guard let json = try? JSON(parsing: bytes), let items = json["items"]?.array else { continue }
            let list = try KubernetesObjectList(parsing: bytes)
            #expect(list.items.count == items.count, "\(file)")
            for (object, item) in zip(list.items, items) {
                #expect(!object.kind.isEmpty && object.metadata.name == item[at: "metadata", "name"]?.string, "\(file)")
                if object.kind != "Secret" { #expect(try JSON(parsing: object.raw) == item, "\(file)") }
                if try read(object) { typed += 1 }
            }
        }
        print("recorded lists: \(files.count) files, \(typed) typed objects")
        #expect(typed > 2000)
    }

    private func read(_ object: KubernetesObject) throws -> Bool {
        guard let type = ResourceType.of(apiVersion: object.apiVersion, kind: object.kind) else { return false }
        let all: [any KubernetesResource.Type] = [
            Pod.self, Deployment.self, ReplicaSet.self, StatefulSet.self, DaemonSet.self, Job.self, CronJob.self, Service.self,
            Endpoints.self,
            EndpointSlice.self, ConfigMap.self, Secret.self, PersistentVolumeClaim.self, PersistentVolume.self, StorageClass.self,
            Node.self,
            Namespace.self, ServiceAccount.self, Event.self, HorizontalPodAutoscaler.self, PodDisruptionBudget.self, ResourceQuota.self,
            LimitRange.self, Ingress.self, IngressClass.self, NetworkPolicy.self, Lease.self, APIService.self, PodMetrics.self,
            NodeMetrics.self,
            ValidatingWebhookConfiguration.self, MutatingWebhookConfiguration.self, ControllerRevision.self, PriorityClass.self,
        ]
        guard let match = all.first(where: { $0.type.kind == type.kind }) else { return false }
        let value = try object.read(as: match)
        #expect(value.metadata == object.metadata)
        return true
    }

    /// What the server answered in every recorded exchange becomes a fitting error, or none.
    @Test func recordedErrorsKeepTheServersWords() async throws {
        guard SharedData.root != nil else {
            print("recorded exchanges: not run, there is no shared data")
            return
        }
        let files = SharedData.files(under: "k8s-golden/api", ending: ".http")
        #expect(files.count > 200)
        let codes: [Int: Set<MartletError.Code>] = [
            400: [.invalid], 401: [.unauthorized], 403: [.forbidden, .refused], 404: [.notFound], 409: [.conflict], 410: [.conflict],
            415: [.internalError], 422: [.invalid], 429: [.tooMany], 500: [.unavailable], 503: [.unavailable], 504: [.timeout],
        ]
        var seen: Set<Int> = []
        for file in files {
            let text = String(decoding: try SharedData.bytes(file), as: UTF8.self)
            guard let cut = text.range(of: "=== response ===\n") else { continue }
            let response = text[cut.upperBound...]
            let head = response.components(separatedBy: "\n\n").first ?? ""
            let body = response.dropFirst(head.count + 2)
            guard let code = Int(head.split(separator: " ").dropFirst().first ?? ""), code >= 400 else { continue }
            seen.insert(code)
            let status = APIStatus(code: code, body: Array(body.utf8), retryAfter: head.contains("Retry-After: 1") ? "1" : nil)
            let error = APIError(.status(status), method: "GET", path: "/x", server: ServerIdentity(url: "https://k")).martletError(
                now: nil)
            #expect(codes[code]?.contains(error.code) == true, "\(file): \(error)")
            #expect(!status.message.isEmpty, "\(file)")
            if file.contains("/auth/403") {
                #expect(error.code == .forbidden || status.message.contains("impersonate"), "\(file): \(error)")
            }
            if file.contains("/admission/403") { #expect(error.code == .refused, "\(file): \(error)") }
            if file.hasSuffix("429-pdb.http") { #expect(status.isBlockedByBudget) }
            if file.hasSuffix("list-continue-410.http") { #expect(status.continueToken != nil) }
        }
        #expect(seen.isSuperset(of: [400, 401, 403, 404, 409, 410, 415, 422, 429, 500, 503, 504]))
    }

    @Test func recordedWatchesAreRead() throws {
        guard SharedData.root != nil else {
            print("recorded watches: not run, there is no shared data")
            return
        }
        let path = try #require(SharedData.files(under: "k8s-golden/api/watch", ending: "pods-rollout.http").first)
        let text = String(decoding: try SharedData.bytes(path), as: UTF8.self)
        let lines = text.split(separator: "\n").filter { $0.hasPrefix("{\"type\"") }
        #expect(lines.count > 10)
        var kinds: Set<String> = []
        for line in lines {
            switch try WatchEvent<Pod>(line: Array(line.utf8)) {
            case .added: kinds.insert("added")
            case .modified(let pod):
                kinds.insert("modified")
                #expect(!pod.metadata.uid.isEmpty)
            case .deleted: kinds.insert("deleted")
            default: break
            }
        }
        #expect(kinds == ["added", "modified", "deleted"])
    }
}
