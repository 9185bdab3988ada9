import Core
import Testing

@testable import Twin

@Suite struct PodValidationTests {
    private static func pod(_ spec: String, metadata: String = #""name":"p""#) -> (String, String) {
        ("/api/v1/namespaces/default/pods", #"{"metadata":{\#(metadata)},"spec":{\#(spec)}}"#)
    }

    private static func refused(_ spec: String, _ causes: String...) -> Refusal {
        let (path, body) = pod(#""containers":[{"name":"c","image":"a:1"}],"# + spec)
        return Refusal(path, body, all: causes)
    }

    private static func container(_ members: String, _ causes: String...) -> Refusal {
        let (path, body) = pod(#""containers":[{"name":"c","image":"a:1",\#(members)}]"#)
        return Refusal(path, body, all: causes.map { "spec.containers[0].\($0)" })
    }

    private static func meta(_ metadata: String, _ causes: String...) -> Refusal {
        let (path, body) = pod(#""containers":[{"name":"c","image":"a:1"}]"#, metadata: metadata)
        return Refusal(path, body, all: causes)
    }

    static let cases: [Refusal] = [
        container(
            #""imagePullPolicy":"X""#, #"imagePullPolicy: Unsupported value: "X": supported values: "Always", "IfNotPresent", "Never""#),
        container(
            #""ports":[{"containerPort":80,"name":"THIS_IS","protocol":"X","hostPort":90000}]"#,
            #"ports[0].name: Invalid value: "THIS_IS": must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)"#,
            #"ports[0].name: Invalid value: "THIS_IS": must contain at least one letter (a-z)"#,
            "ports[0].hostPort: Invalid value: 90000: must be between 1 and 65535, inclusive",
            #"ports[0].protocol: Unsupported value: "X": supported values: "SCTP", "TCP", "UDP""#),
        container(
            #""env":[{"name":"A","value":"1","valueFrom":{"fieldRef":{"fieldPath":"metadata.nope"}}}]"#,
            #"env[0].valueFrom.fieldRef.fieldPath: Invalid value: "metadata.nope": error converting fieldPath: field label not supported: metadata.nope"#,
            #"env[0].valueFrom: Invalid value: "": may not be specified when `value` is not empty"#),
        container(#""envFrom":[{"configMapRef":{}}]"#, "envFrom[0].configMapRef.name: Required value"),
        container(
            #""volumeMounts":[{"name":"v","mountPath":""}]"#, #"volumeMounts[0].name: Not found: "v""#,
            "volumeMounts[0].mountPath: Required value"),
        container(
            #""resources":{"requests":{"foo":"1","cpu":"2"},"limits":{"cpu":"1"}}"#,
            #"resources.requests: Invalid value: "2": must be less than or equal to cpu limit of 1"#,
            #"resources.requests[foo]: Invalid value: "foo": must be a standard resource type or fully qualified"#,
            #"resources.requests[foo]: Invalid value: "foo": must be a standard resource for containers"#),
        container(
            #""livenessProbe":{"exec":{"command":[]},"tcpSocket":{"port":0},"successThreshold":2}"#,
            "livenessProbe.exec.command: Required value",
            "livenessProbe.tcpSocket: Forbidden: may not specify more than 1 handler type",
            "livenessProbe.successThreshold: Invalid value: 2: must be 1"),
        container(#""lifecycle":{"preStop":{}}"#, "lifecycle.preStop: Required value: must specify a handler type"),
        container(
            #""securityContext":{"runAsUser":-1}"#,
            "securityContext.runAsUser: Invalid value: -1: must be between 0 and 2147483647, inclusive"),
        refused(
            #""volumes":[{"name":"a","emptyDir":{},"hostPath":{"path":""}},{"name":"b.c","secret":{}}]"#,
            "spec.volumes[0].hostPath: Forbidden: may not specify more than 1 volume type",
            "spec.volumes[1].secret.secretName: Required value", #"spec.volumes[1].name: Invalid value: "b.c": must not contain dots"#),
        refused(
            #""dnsPolicy":"X","activeDeadlineSeconds":0"#,
            #"spec.dnsPolicy: Unsupported value: "X": supported values: "ClusterFirstWithHostNet", "ClusterFirst", "Default", "None""#,
            "spec.activeDeadlineSeconds: Invalid value: 0: must be between 1 and 2147483647, inclusive"),
        refused(
            #""tolerations":[{"key":"a","operator":"Exists","value":"x"},{"operator":"Equal"},{"key":"a","effect":"NoSchedule","tolerationSeconds":5}]"#,
            #"spec.tolerations[0].operator: Invalid value: "x": value must be empty when `operator` is 'Exists'"#,
            #"spec.tolerations[1].operator: Invalid value: "Equal": operator must be Exists when `key` is empty, which means "match all values and all keys""#,
            #"spec.tolerations[2].effect: Invalid value: "NoSchedule": effect must be 'NoExecute' when `tolerationSeconds` is set"#),
        refused(
            #""affinity":{"nodeAffinity":{"requiredDuringSchedulingIgnoredDuringExecution":{"nodeSelectorTerms":[{"matchExpressions":[{"key":"a","operator":"In"}]}]}},"podAntiAffinity":{"preferredDuringSchedulingIgnoredDuringExecution":[{"weight":0,"podAffinityTerm":{"topologyKey":"z"}}]}}"#,
            "spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms[0].matchExpressions[0].values: Required value: must be specified when `operator` is 'In' or 'NotIn'",
            "spec.affinity.podAntiAffinity.preferredDuringSchedulingIgnoredDuringExecution[0].weight: Invalid value: 0: must be in the range 1-100"
        ),
        refused(
            #""initContainers":[{"name":"i","image":"a:1","livenessProbe":{"exec":{"command":["x"]}}}],"ephemeralContainers":[{"name":"e","image":"a:1"}]"#,
            "spec.initContainers[0].livenessProbe: Forbidden: may not be set for init containers without restartPolicy=Always",
            "spec.ephemeralContainers: Forbidden: cannot be set on create"),
        meta(
            #""name":"p","labels":{"a b":"c d"},"finalizers":["nope"],"ownerReferences":[{"apiVersion":"v1","kind":"Pod","name":"o","uid":""}]"#,
            "metadata.labels: Invalid value: \"a b\": \(Names.qualifiedName("a b")[0])",
            "metadata.labels: Invalid value: \"c d\": \(Names.labelValue("c d")[0])",
            #"metadata.ownerReferences.uid: Invalid value: "": uid must not be empty"#,
            #"metadata.finalizers[0]: Invalid value: "nope": name is neither a standard finalizer name nor is it fully qualified"#),
    ]

    @Test(arguments: cases) func aPodThatIsWrongIsRefusedForEachMistake(_ one: Refusal) async throws { try await one.check() }

    private let pods = "/api/v1/namespaces/default/pods"
    private let merge = "application/merge-patch+json"

    @Test func littleOfAPodMayChange() async {
        let client = APIClient()
        await client.send(
            "POST", pods,
            ["metadata": ["name": "p"], "spec": ["activeDeadlineSeconds": 5, "containers": [["name": "c", "image": "a:1"]]]])
        let later = await client.send("PATCH", "\(pods)/p", ["spec": ["activeDeadlineSeconds": 50]], type: merge)
        #expect(
            Refusal.causes(of: later.json) == [
                "spec.activeDeadlineSeconds: Invalid value: 50: must be less than or equal to previous value"
            ])
        let bare = await client.send("PATCH", "\(pods)/p", ["spec": ["tolerations": []]], type: merge)
        #expect(
            Refusal.causes(of: bare.json) == [
                "spec.tolerations: Forbidden: existing toleration can not be modified except its tolerationSeconds"
            ])
        let debug: JSON = ["spec": ["ephemeralContainers": [["name": "c", "ports": [["containerPort": 80]], "targetContainerName": "zz"]]]]
        let refused = await client.send("PATCH", "\(pods)/p/ephemeralcontainers", debug, type: "application/strategic-merge-patch+json")
        #expect(
            Refusal.causes(of: refused.json) == [
                "spec.ephemeralContainers[0].image: Required value", #"spec.ephemeralContainers[0].name: Duplicate value: "c""#,
                #"spec.ephemeralContainers[0].targetContainerName: Not found: "zz""#,
                "spec.ephemeralContainers[0].ports: Forbidden: cannot be set for an Ephemeral Container",
            ])
    }
}
