import Core
import Kubernetes
import Testing

@Suite struct ModelTests {
    static let pod: JSON = [
        "metadata": [
            "name": "web-1", "namespace": "shop", "uid": "u", "resourceVersion": "5", "generation": 2,
            "creationTimestamp": "2026-11-21T12:27:15Z",
            "labels": ["app": "web"], "annotations": ["a": "b"],
            "ownerReferences": [["kind": "ReplicaSet", "name": "web", "uid": "r", "controller": true, "apiVersion": "apps/v1"]],
            "managedFields": [["manager": "kubelet", "operation": "Update", "time": "2026-11-21T12:39:24Z", "fieldsV1": ["f:x": [:]]]],
        ],
        "spec": [
            "nodeName": "n1", "restartPolicy": "Always", "nodeSelector": ["disk": "ssd"], "schedulingGates": [["name": "g"]],
            "tolerations": [["key": "k", "operator": "Exists", "tolerationSeconds": 300]],
            "volumes": [
                ["name": "c", "configMap": ["name": "settings", "optional": true]], ["name": "i", "iscsi": ["lun": 1]],
                ["name": "p", "projected": ["sources": [["secret": ["name": "s"]], ["serviceAccountToken": ["path": "token"]]]]],
            ],
            "containers": [
                [
                    "name": "web", "image": "web:1", "command": ["web"], "args": ["-v"],
                    "env": [
                        ["name": "A", "value": "1"], ["name": "B", "valueFrom": ["configMapKeyRef": ["name": "settings", "key": "b"]]],
                    ],
                    "envFrom": [["secretRef": ["name": "s"]]], "ports": [["containerPort": 8080, "name": "http"]],
                    "resources": ["requests": ["cpu": "100m"], "limits": ["memory": "64Mi"]],
                    "livenessProbe": ["httpGet": ["path": "/", "port": "http"], "initialDelaySeconds": 3],
                    "securityContext": ["readOnlyRootFilesystem": true],
                ]
            ],
        ],
        "status": [
            "phase": "Running", "podIP": "10.0.0.1", "conditions": [["type": "Ready", "status": "False", "reason": "ContainersNotReady"]],
            "containerStatuses": [
                [
                    "name": "web", "ready": false, "restartCount": 7, "state": ["waiting": ["reason": "CrashLoopBackOff"]],
                    "lastState": ["terminated": ["exitCode": 1, "reason": "Error", "finishedAt": "2026-11-21T12:38:03Z"]],
                ]
            ],
        ],
    ]

    @Test func aPodIsReadAsItStands() throws {
        let pod = try #require(Pod(ModelTests.pod))
        #expect(pod.key.description == "shop/Pod/web-1")
        #expect(pod.metadata.creationTimestamp == Timestamp("2026-11-21T12:27:15Z"))
        #expect(pod.metadata.fieldManagers.map(\.manager) == ["kubelet"])
        let container = try #require(pod.spec.containers.first)
        #expect(container.resources.limits["memory"]?.value == 64 << 20)
        #expect(container.env[1].valueFrom?.configMapKeyRef?.key == "b")
        #expect(container.livenessProbe?.httpGet?.port == .string("http"))
        #expect(container.livenessProbe?.failureThreshold == 3)
        #expect(pod.spec.volumes[0].configMap?.optional == true)
        #expect(pod.spec.volumes[1].other?["iscsi"]?["lun"]?.int == 1)
        #expect(pod.spec.volumes[2].projected?.sources[0].secret?.name == "s")
        #expect(pod.spec.schedulingGates == ["g"])
        #expect(pod.status.containerStatuses[0].lastState.terminated?.exitCode == 1)
        #expect(pod.status.containerStatuses[0].restartCount == 7)
    }

    /// Every place of the pod in turn is replaced by values of every other type: reading never fails, and what stands elsewhere stays.
    @Test func aWrongTypeCostsOneFieldOnly() throws {
        let good = try #require(Pod(ModelTests.pod))
        let wrong: [JSON] = [nil, true, 7, -0.5, "x", [], [1, "x", nil], [:], ["x": [1]]]
        var places: [[Step]] = []
        ModelTests.walk(ModelTests.pod, [], &places)
        #expect(places.count > 90)
        for place in places {
            for value in wrong {
                let broken = try #require(Pod(ModelTests.replacing(ModelTests.pod, place[...], by: value)))
                if place.first != .key("metadata") { #expect(broken.metadata == good.metadata) }
                if place.first != .key("spec") { #expect(broken.spec == good.spec) }
                if place.first != .key("status") { #expect(broken.status == good.status) }
                guard place.count >= 2, place[0] == .key("spec") else { continue }
                if place[1] != .key("containers") { #expect(broken.spec.containers == good.spec.containers) }
                if place[1] != .key("volumes") { #expect(broken.spec.volumes == good.spec.volumes) }
                if place[1] != .key("nodeName") { #expect(broken.spec.nodeName == "n1") }
                guard place.count >= 4, place[1] == .key("containers") else { continue }
                let container = try #require(broken.spec.containers.first)
                if place[3] != .key("name") { #expect(container.name == "web") }
                if place[3] != .key("env") { #expect(container.env == good.spec.containers[0].env) }
                if place[3] != .key("resources") { #expect(container.resources == good.spec.containers[0].resources) }
            }
        }
    }

    enum Step: Equatable { case key(String), index(Int) }

    private static func walk(_ json: JSON, _ path: [Step], _ places: inout [[Step]]) {
        if !path.isEmpty { places.append(path) }
        if let object = json.object { for (key, value) in object { walk(value, path + [.key(key)], &places) } }
        if let array = json.array { for (i, value) in array.enumerated() { walk(value, path + [.index(i)], &places) } }
    }

    private static func replacing(_ json: JSON, _ path: ArraySlice<Step>, by value: JSON) -> JSON {
        guard let step = path.first else { return value }
        switch step {
        case .key(let key):
            var copy = json
            copy[key] = replacing(json[key] ?? .null, path.dropFirst(), by: value)
            return copy
        case .index(let index):
            var elements = json.array ?? []
            elements[index] = replacing(elements[index], path.dropFirst(), by: value)
            return .array(elements)
        }
    }

    @Test func secretsAreReadWithoutTheirValues() throws {
        let text = #"""
            {"kind":"SecretList","apiVersion":"v1","items":[{"metadata":{"name":"s","annotations":{"kubectl.kubernetes.io/last-applied-configuration":"hunter2","copy":"hunter2"}},
            "type":"Opaque","data":{"password":"aHVudGVyMg==","user":"bWU="},"stringData":{"more":"hunter2"}}]}
            """#
        let list = try ObjectList<Secret>(parsing: Array(text.utf8))
        #expect(list.items[0].keys == ["more", "password", "user"])
        #expect(list.items[0].metadata.annotations.isEmpty)
        let objects = try KubernetesObjectList(parsing: Array(text.utf8))
        let raw = String(decoding: objects.items[0].raw, as: UTF8.self)
        #expect(objects.items[0].kind == "Secret")
        #expect(raw.contains("password"))
        #expect(!raw.contains("hunter2") && !raw.contains("aHVudGVyMg"))
        #expect(objects.items[0].metadata.annotations.isEmpty)
    }

    /// The one way in which values are taken out of the tree of a Secret, wherever it is going.
    @Test func aSecretsTreeKeepsItsKeysOnly() {
        let secret: JSON = [
            "kind": "Secret", "metadata": ["name": "s", "annotations": ["copy": "hunter2"]], "data": ["user": "bWU=", "password": "eA=="],
            "stringData": ["more": "hunter2", "user": "x"],
        ]
        #expect(Secret.withoutValues(secret)["data"] == ["user": "", "password": "", "more": ""])
        #expect(
            Secret.withoutValues(secret, value: "eA==")
                == ["kind": "Secret", "metadata": ["name": "s"], "data": ["user": "eA==", "password": "eA==", "more": "eA=="]])
        #expect(Secret.withoutValues(["kind": "Secret", "type": "Opaque"]) == ["kind": "Secret", "type": "Opaque"])
    }

    @Test func eventsOfBothFormsAreOne() throws {
        let kubelet: JSON = [
            "reason": "BackOff", "message": "m", "type": "Warning", "count": 12, "firstTimestamp": "2026-11-21T12:00:00Z",
            "lastTimestamp": "2026-11-21T12:30:00Z", "eventTime": nil, "source": ["component": "kubelet", "host": "n1"],
            "involvedObject": ["kind": "Pod", "name": "p", "fieldPath": "spec.containers{c}"],
        ]
        let scheduler: JSON = [
            "reason": "FailedScheduling", "note": "m", "type": "Warning", "eventTime": "2026-11-21T12:00:00.123456Z",
            "deprecatedFirstTimestamp": nil,
            "series": ["count": 3, "lastObservedTime": "2026-11-21T12:05:00.000001Z"], "reportingController": "default-scheduler",
            "regarding": ["kind": "Pod", "name": "p"],
        ]
        let a = try #require(Event(kubelet))
        let b = try #require(Event(scheduler))
        #expect(a.count == 12 && b.count == 3)
        #expect(a.source == "kubelet" && b.source == "default-scheduler")
        #expect(a.host == "n1")
        #expect(a.firstSeen == Timestamp("2026-11-21T12:00:00Z") && a.lastSeen == Timestamp("2026-11-21T12:30:00Z"))
        #expect(b.firstSeen == Timestamp("2026-11-21T12:00:00.123456Z") && b.lastSeen == Timestamp("2026-11-21T12:05:00.000001Z"))
        #expect(a.regarding.name == "p" && b.regarding.name == "p" && b.message == "m")
        let empty = try #require(Event([:]))
        #expect(empty.count == 1 && empty.lastSeen == nil)
    }

    @Test(arguments: [
        ("app=web", "app=web", true), ("app!=web", "app notin (web)", false), ("app in (a, web),tier", "app in (a,web),tier", true),
        ("!app", "!app", false), ("!old, app==web", "app=web,!old", true), ("app notin (a)", "app notin (a)", true), ("", "", true),
    ])
    func selectors(_ text: String, _ canonical: String, _ selects: Bool) throws {
        let selector = try #require(LabelSelector(parsing: text))
        #expect(selector.description == canonical)
        #expect(selector.matches(["app": "web", "tier": "front"]) == selects)
        #expect(LabelSelector(parsing: selector.description) == selector)
    }

    @Test(arguments: ["=", "a=b=c", "a in b", "a within (b)", "a b", "!", "a,", "in (b)"])
    func notASelector(_ text: String) { #expect(LabelSelector(parsing: text) == nil) }

    @Test func typesAreFoundByWhatPeopleType() {
        #expect(ResourceType.named("deploy") == .deployments)
        #expect(ResourceType.named("Deployments.apps") == .deployments)
        #expect(ResourceType.named("pods") == .pods)
        #expect(ResourceType.of(apiVersion: "events.k8s.io/v1", kind: "Event") == .eventsV1)
        #expect(ResourceType.pods.path(namespace: "a b", name: "x/y", subresource: "log") == "/api/v1/namespaces/a%20b/pods/x%2Fy/log")
        #expect(ResourceType.nodes.path(namespace: "n", name: "w") == "/api/v1/nodes/w")
    }
}
