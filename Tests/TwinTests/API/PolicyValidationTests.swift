import Core
import Testing

@testable import Twin

@Suite struct PolicyValidationTests {
    private static let core = "/api/v1/namespaces/default"
    private static let rbac = "/apis/rbac.authorization.k8s.io/v1/namespaces/default"

    private static func body(_ members: String, metadata: String = #""name":"n""#) -> String { #"{"metadata":{\#(metadata)},\#(members)}"# }

    static let cases: [Refusal] = [
        Refusal(
            "/apis/autoscaling/v2/namespaces/default/horizontalpodautoscalers",
            body(
                #""spec":{"minReplicas":0,"maxReplicas":0,"metrics":[{"type":"Resource","resource":{"name":"cpu","target":{"type":"Value"}}}]}"#
            ),
            "spec.minReplicas: Invalid value: 0: must be greater than or equal to 1",
            "spec.maxReplicas: Invalid value: 0: must be greater than 0", "spec.scaleTargetRef.kind: Required value",
            "spec.scaleTargetRef.name: Required value",
            "spec.metrics[0].resource.target.averageUtilization: Required value: must set either a target raw value or a target utilization",
            "spec.metrics: Forbidden: must specify at least one Object or External metric to support scaling to zero replicas"
        ),
        Refusal(
            "/apis/policy/v1/namespaces/default/poddisruptionbudgets", body(#""spec":{"minAvailable":1,"maxUnavailable":"101%"}"#),
            #"spec: Invalid value: {"MinAvailable":1,"Selector":null,"MaxUnavailable":"101%","UnhealthyPodEvictionPolicy":null}: minAvailable and maxUnavailable cannot be both set"#,
            #"spec.maxUnavailable: Invalid value: "101%": must not be greater than 100%"#),
        Refusal(
            "\(core)/persistentvolumeclaims", body(#""spec":{"accessModes":["X"]}"#),
            #"spec.accessModes: Unsupported value: "X": supported values: "ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce", "ReadWriteOncePod""#,
            "spec.resources[storage]: Required value"),
        Refusal(
            "/api/v1/persistentvolumes", body(#""spec":{"capacity":{"storage":"1Gi"}}"#), "spec.accessModes: Required value",
            "spec: Required value: must specify a volume type"),
        Refusal(
            "/apis/storage.k8s.io/v1/storageclasses", body(#""reclaimPolicy":"X""#), "provisioner: Required value",
            #"reclaimPolicy: Unsupported value: "X": supported values: "Delete", "Retain""#),
        Refusal(
            "\(core)/resourcequotas", body(#""spec":{"hard":{"foo":"1"}}"#),
            #"spec.hard[foo]: Invalid value: "foo": must be a standard resource type or fully qualified"#,
            #"spec.hard[foo]: Invalid value: "foo": must be a standard resource for quota"#),
        Refusal(
            "\(core)/limitranges", body(#""spec":{"limits":[{"type":"Pod","min":{"cpu":"2"},"max":{"cpu":"1"}}]}"#),
            #"spec.limits[0].min[cpu]: Invalid value: "2": min value 2 is greater than max value 1"#),
        Refusal(
            "/apis/scheduling.k8s.io/v1/priorityclasses", body(#""value":1000000001"#),
            "value: Forbidden: maximum allowed value of a user defined priority is 1000000000"),
        Refusal(
            "\(rbac)/roles", body(#""rules":[{}]"#), "rules[0].verbs: Required value: verbs must contain at least one value",
            "rules[0].apiGroups: Required value: resource rules must supply at least one api group",
            "rules[0].resources: Required value: resource rules must supply at least one resource"),
        Refusal(
            "\(rbac)/rolebindings",
            body(#""roleRef":{"kind":"X","name":"r"},"subjects":[{"kind":"ServiceAccount","name":"s"},{"kind":"User","name":""}]"#),
            #"roleRef.kind: Unsupported value: "X": supported values: "Role", "ClusterRole""#, "subjects[1].name: Required value",
            #"subjects[1].name: Invalid value: "": user name cannot be empty"#),
        Refusal(
            "/apis/rbac.authorization.k8s.io/v1/clusterrolebindings",
            body(#""roleRef":{"kind":"Role","name":"r"},"subjects":[{"kind":"ServiceAccount","name":"s"}]"#),
            #"roleRef.kind: Unsupported value: "Role": supported values: "ClusterRole""#, "subjects[0].namespace: Required value"),
        Refusal(
            "/apis/coordination.k8s.io/v1/namespaces/default/leases", body(#""spec":{"leaseDurationSeconds":0}"#),
            "spec.leaseDurationSeconds: Invalid value: 0: must be greater than 0"),
        Refusal(
            "\(core)/secrets", body(#""type":"kubernetes.io/tls""#), "data[tls.crt]: Required value", "data[tls.key]: Required value"),
        Refusal(
            "\(core)/secrets", body(#""type":"kubernetes.io/dockerconfigjson","stringData":{".dockerconfigjson":"bad"}"#),
            #"data[.dockerconfigjson]: Invalid value: "<secret contents redacted>": invalid character 'b' looking for beginning of value"#),
        Refusal(
            "/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations",
            body(#""webhooks":[{"name":"a.b","clientConfig":{}}]"#),
            #"webhooks[0].name: Invalid value: "a.b": should be a domain with at least three segments separated by dots"#,
            "webhooks[0].sideEffects: Required value: must specify one of None, NoneOnDryRun",
            "webhooks[0].clientConfig: Required value: exactly one of url or service is required",
            "webhooks[0].admissionReviewVersions: Required value: must specify one of v1, v1beta1"),
    ]

    @Test(arguments: cases) func whatIsWrongIsRefusedForEachMistake(_ one: Refusal) async throws { try await one.check() }

    /// The names of events are made from those of others and need no form.
    @Test func theNameOfAnEventNeedsNoForm() async {
        let event: JSON = ["metadata": ["generateName": "ops-tool."], "involvedObject": ["namespace": "default"]]
        #expect(await APIClient().send("POST", "\(Self.core)/events", event).status == 201)
    }

    @Test func whatWasDecidedAtTheStartStays() async {
        let client = APIClient()
        let merge = "application/merge-patch+json"
        func causes(_ path: String, _ patch: JSON) async -> [String] {
            Refusal.causes(of: await client.send("PATCH", path, patch, type: merge).json)
        }
        await client.send("POST", "\(Self.core)/configmaps", ["metadata": ["name": "m"], "immutable": true, "data": ["a": "1"]])
        #expect(
            await causes("\(Self.core)/configmaps/m", ["immutable": false, "data": ["a": "2"]]) == [
                "immutable: Forbidden: field is immutable when `immutable` is set",
                "data: Forbidden: field is immutable when `immutable` is set",
            ])
        let classes = "/apis/storage.k8s.io/v1/storageclasses"
        await client.send("POST", classes, ["metadata": ["name": "c"], "provisioner": "example.com/p"])
        #expect(
            await causes("\(classes)/c", ["provisioner": "example.com/q"]) == [
                "provisioner: Forbidden: updates to provisioner are forbidden."
            ])
        await client.send("POST", "\(Self.rbac)/rolebindings", ["metadata": ["name": "b"], "roleRef": ["kind": "Role", "name": "r"]])
        #expect(
            await causes("\(Self.rbac)/rolebindings/b", ["roleRef": ["name": "s"]]) == [
                #"roleRef: Invalid value: {"APIGroup":"rbac.authorization.k8s.io","Kind":"Role","Name":"s"}: cannot change roleRef"#
            ])
    }
}
