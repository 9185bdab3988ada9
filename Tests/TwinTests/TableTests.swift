import Core
import Kubernetes
import Testing

@testable import Twin

/// Columns and cells of server-side tables, as printers/internalversion of Kubernetes prints them.
@Suite struct TableTests {
    /// The head of a table, wide columns in brackets, and the cells of its last row; the age left out.
    private func table(_ path: String, _ object: JSON) async -> (columns: String, cells: [JSON]) {
        let client = APIClient()
        #expect(await client.send("POST", path, object).status == 201)
        let answer = await client.send("GET", path, headers: ["accept": "application/json;as=Table;v=v1;g=meta.k8s.io"]).json
        let columns = answer["columnDefinitions"]?.array ?? []
        for column in columns {
            #expect(column["description"]?.string.map { $0.contains(" ") } == true, "\(column["name"]?.string ?? "") of \(path)")
        }
        let names = columns.map { column in
            let name = column["name"]?.string ?? ""
            return column["priority"] == 1 ? "[\(name)]" : name
        }
        let wanted = object[at: "metadata", "name"]
        let row = (answer["rows"]?.array ?? []).first { $0[at: "object", "metadata", "name"] == wanted }
        let cells = zip(names, row?["cells"]?.array ?? []).filter { $0.0 != "Age" && $0.0 != "Created At" }.map(\.1)
        return (names.joined(separator: " "), cells)
    }

    @Test func storage() async {
        let volume = await table(
            "/api/v1/persistentvolumes",
            [
                "apiVersion": "v1", "kind": "PersistentVolume", "metadata": ["name": "v1"],
                "spec": [
                    "capacity": ["storage": "1Gi"], "accessModes": ["ReadWriteOnce", "ReadOnlyMany"], "hostPath": ["path": "/d"],
                    "storageClassName": "slow", "claimRef": ["namespace": "shop", "name": "data"],
                ],
            ])
        #expect(
            volume.columns
                == "Name Capacity Access Modes Reclaim Policy Status Claim StorageClass VolumeAttributesClass Reason Age [VolumeMode]")
        #expect(volume.cells.prefix(4) == ["v1", "1Gi", "RWO,ROX", "Retain"])
        #expect(volume.cells.dropFirst(5) == ["shop/data", "slow", "<unset>", "", "Filesystem"])
        let storage = await table(
            "/apis/storage.k8s.io/v1/storageclasses",
            [
                "apiVersion": "storage.k8s.io/v1", "kind": "StorageClass", "provisioner": "example.com/disk",
                "metadata": ["name": "fast", "annotations": ["storageclass.kubernetes.io/is-default-class": "true"]],
            ])
        #expect(storage.columns == "Name Provisioner ReclaimPolicy VolumeBindingMode AllowVolumeExpansion Age")
        #expect(storage.cells == ["fast (default)", "example.com/disk", "Delete", "Immediate", false])
    }

    @Test func access() async {
        let rbac = "/apis/rbac.authorization.k8s.io/v1/namespaces/default"
        let role = await table(
            "\(rbac)/roles",
            [
                "apiVersion": "rbac.authorization.k8s.io/v1", "kind": "Role", "metadata": ["name": "r"],
                "rules": [["apiGroups": [""], "resources": ["pods"], "verbs": ["get"]]],
            ])
        #expect(role.columns == "Name Created At")
        let binding = await table(
            "\(rbac)/rolebindings",
            [
                "apiVersion": "rbac.authorization.k8s.io/v1", "kind": "RoleBinding", "metadata": ["name": "b"],
                "roleRef": ["apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": "r"],
                "subjects": [
                    ["kind": "ServiceAccount", "namespace": "shop", "name": "web"],
                    ["kind": "User", "apiGroup": "rbac.authorization.k8s.io", "name": "ana"],
                    ["kind": "User", "apiGroup": "rbac.authorization.k8s.io", "name": "bo"],
                ],
            ])
        #expect(binding.columns == "Name Role Age [Users] [Groups] [ServiceAccounts]")
        #expect(binding.cells == ["b", "Role/r", "ana, bo", "", "shop/web"])
    }

    @Test func classes() async {
        let priority = await table(
            "/apis/scheduling.k8s.io/v1/priorityclasses",
            ["apiVersion": "scheduling.k8s.io/v1", "kind": "PriorityClass", "metadata": ["name": "high"], "value": 1000])
        #expect(priority.columns == "Name Value Global-Default Age PreemptionPolicy")
        #expect(priority.cells == ["high", 1000, false, "PreemptLowerPriority"])
        let ingress = await table(
            "/apis/networking.k8s.io/v1/ingressclasses",
            [
                "apiVersion": "networking.k8s.io/v1", "kind": "IngressClass", "metadata": ["name": "inner"],
                "spec": [
                    "controller": "example.com/c",
                    "parameters": ["apiGroup": "example.com", "kind": "Settings", "name": "s", "scope": "Cluster"],
                ],
            ])
        #expect(ingress.columns == "Name Controller Parameters Age")
        #expect(ingress.cells == ["inner", "example.com/c", "Settings.example.com/s"])
    }

    @Test func policies() async {
        let policy = await table(
            "/apis/networking.k8s.io/v1/namespaces/default/networkpolicies",
            [
                "apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy", "metadata": ["name": "p"],
                "spec": ["podSelector": ["matchLabels": ["app": "web"]]],
            ])
        #expect(policy.columns == "Name Pod-Selector Age")
        #expect(policy.cells == ["p", "app=web"])
    }

    @Test func severalMetricsOfAnAutoscaler() async {
        func resource(_ name: JSON, _ target: JSON) -> JSON { ["type": "Resource", "resource": ["name": name, "target": target]] }
        let autoscaler = await table(
            "/apis/autoscaling/v2/namespaces/default/horizontalpodautoscalers",
            [
                "apiVersion": "autoscaling/v2", "kind": "HorizontalPodAutoscaler", "metadata": ["name": "h"],
                "spec": [
                    "scaleTargetRef": ["apiVersion": "apps/v1", "kind": "Deployment", "name": "web"], "minReplicas": 1, "maxReplicas": 4,
                    "metrics": [
                        resource("cpu", ["type": "Utilization", "averageUtilization": 50]),
                        resource("memory", ["type": "AverageValue", "averageValue": "100Mi"]),
                        resource("cpu", ["type": "AverageValue", "averageValue": "1"]),
                    ],
                ],
            ])
        #expect(autoscaler.columns == "Name Reference Targets MinPods MaxPods Replicas Age")
        #expect(
            autoscaler.cells == ["h", "Deployment/web", "cpu: <unknown>/50%, memory: <unknown>/100Mi + 1 more...", "1", 4, 0])
    }

    @Test func revisionsAndControllers() async {
        let controller = await table(
            "/api/v1/namespaces/default/replicationcontrollers",
            [
                "apiVersion": "v1", "kind": "ReplicationController", "metadata": ["name": "rc"],
                "spec": [
                    "replicas": 2, "selector": ["app": "web"],
                    "template": ["metadata": ["labels": ["app": "web"]], "spec": ["containers": [["name": "c", "image": "web:1"]]]],
                ],
            ])
        #expect(controller.columns == "Name Desired Current Ready Age [Containers] [Images] [Selector]")
        #expect(controller.cells == ["rc", 2, 0, 0, "c", "web:1", "app=web"])
        let revision = await table(
            "/apis/apps/v1/namespaces/default/controllerrevisions",
            [
                "apiVersion": "apps/v1", "kind": "ControllerRevision", "revision": 3, "data": ["spec": [:]],
                "metadata": [
                    "name": "db-1",
                    "ownerReferences": [["apiVersion": "apps/v1", "kind": "StatefulSet", "name": "db", "uid": "u", "controller": true]],
                ],
            ])
        #expect(revision.columns == "Name Controller Revision Age")
        #expect(revision.cells == ["db-1", "statefulset.apps/db", 3])
    }
}
