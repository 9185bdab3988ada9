import Core
import Testing

@testable import Twin

/// Who owns the replicas, and who may change them.
@Suite struct ScaleTests {
    private static let path = "/apis/apps/v1/namespaces/default/deployments/web"
    private static let apply = "application/apply-patch+yaml"

    private static func document(_ replicas: Int) -> JSON {
        var document = APIClient.deployment("web")
        document[at: "spec", "replicas"] = JSON(replicas)
        return document
    }

    @Test func anApplyOfAScaleMeetsTheOwner() async {
        let client = APIClient()
        await client.send("PATCH", "\(Self.path)?fieldManager=m1", Self.document(3), type: Self.apply)
        let scale: JSON = ["apiVersion": "autoscaling/v1", "kind": "Scale", "metadata": ["name": "web"], "spec": ["replicas": 5]]
        let refused = await client.send("PATCH", "\(Self.path)/scale?fieldManager=sc", scale, type: Self.apply)
        #expect(refused.status == 409)
        #expect(refused.json["message"] == "Apply failed with 1 conflict: conflict with \"m1\": .spec.replicas")
        let forced = await client.send("PATCH", "\(Self.path)/scale?fieldManager=sc&force=true", scale, type: Self.apply)
        #expect(forced.json[at: "spec", "replicas"] == 5)
        let object = await client.send("GET", Self.path).json
        let entries = object[at: "metadata", "managedFields"]?.array ?? []
        let mine = entries.first { $0["manager"] == "sc" }
        #expect(mine?["operation"] == "Apply" && mine?["subresource"] == "scale" && mine?["apiVersion"] == "apps/v1")
        #expect(entries.first { $0["manager"] == "m1" }?[at: "fieldsV1", "f:spec", "f:replicas"] == nil)
    }

    @Test func aDeploymentIsNoScale() async {
        let client = APIClient()
        await client.send("POST", "/apis/apps/v1/namespaces/default/deployments", Self.document(3))
        let answer = await client.send("PUT", "\(Self.path)/scale", Self.document(3))
        #expect(answer.status == 400)
        #expect(
            answer.json["message"]
                == "Deployment in version \"v1\" cannot be handled as a Scale: converting (v1.Deployment) to (autoscaling.Scale): unknown conversion"
        )
        #expect(await client.send("GET", Self.path).json[at: "spec", "replicas"] == 3)
    }

    /// Version 1 of an autoscaler carries in annotations what it has no field for, and gives it back.
    @Test func anAutoscalerComesBackFromItsFirstVersion() async throws {
        let client = APIClient()
        let path = "/namespaces/default/horizontalpodautoscalers"
        let metrics: JSON = [
            ["type": "Resource", "resource": ["name": "memory", "target": ["type": "AverageValue", "averageValue": "1Gi"]]],
            ["type": "Resource", "resource": ["name": "cpu", "target": ["type": "Utilization", "averageUtilization": 70]]],
        ]
        let made = await client.send(
            "POST", "/apis/autoscaling/v2\(path)",
            [
                "metadata": ["name": "web"],
                "spec": [
                    "maxReplicas": 4, "scaleTargetRef": ["apiVersion": "apps/v1", "kind": "Deployment", "name": "web"], "metrics": metrics,
                    "behavior": ["scaleDown": ["stabilizationWindowSeconds": 60]],
                ],
            ])
        #expect(made.status == 201)
        var first = await client.send("GET", "/apis/autoscaling/v1\(path)/web").json
        #expect(first[at: "spec", "targetCPUUtilizationPercentage"] == 70)
        #expect(first[at: "spec", "metrics"] == nil)
        #expect(
            first[at: "metadata", "annotations", "autoscaling.alpha.kubernetes.io/metrics"]
                == #"[{"type":"Resource","resource":{"name":"memory","targetAverageValue":"1Gi"}}]"#)
        #expect(
            first[at: "metadata", "annotations", "autoscaling.alpha.kubernetes.io/behavior"]?.string?.contains(
                #""StabilizationWindowSeconds":60"#) == true)
        first[at: "spec", "maxReplicas"] = 5
        #expect(await client.send("PUT", "/apis/autoscaling/v1\(path)/web", first).status == 200)
        let second = await client.send("GET", "/apis/autoscaling/v2\(path)/web").json
        #expect(second[at: "spec", "maxReplicas"] == 5)
        #expect(second[at: "spec", "metrics"] == metrics)
        #expect(second[at: "spec", "behavior", "scaleDown", "stabilizationWindowSeconds"] == 60)
        #expect(second[at: "metadata", "annotations"] == nil)
    }
}
