import Core
import Kubernetes
import KubernetesRemediation
import Remediation
import Testing

/// Done when 8: `fail` on at least 19 of 20 bad plans, `pass` on all of 20 good ones.
@Suite struct Rehearsals {
    private static let envFrom: JSON = ["envFrom": [["configMapRef": ["name": "settings"]]]]
    private static let volume: JSON = ["volumes": [["name": "v", "configMap": ["name": "settings"]]]]
    private static let mount: JSON = ["volumeMounts": [["name": "v", "mountPath": "/etc/web"]]]
    private static let claim: JSON = ["volumes": [["name": "v", "persistentVolumeClaim": ["claimName": "data"]]]]
    private static let taint: JSON = ["spec": ["taints": [["key": "maintenance", "value": "yes", "effect": "NoSchedule"]]]]

    /// Revision 1 uses something, revision 2 does not; then that is taken away, and the plan goes back to revision 1.
    private static func gone(
        _ name: String, spec: JSON = [:], container: JSON = [:], without: JSON, _ take: @escaping @Sendable (Shop) async throws -> Void
    ) -> RehearsalCase {
        RehearsalCase(
            name,
            { shop in
                try await shop.configMap()
                try await shop.secret()
                try await shop.storage()
                try await shop.eachNode(["metadata": ["labels": ["disk": "ssd"]]])
                try await shop.web(spec: spec, container: container)
                try await shop.expectReady(2)
                try await shop.releaseWeb(without)
                try await shop.expectReady(2)
                try await take(shop)
                await shop.advance(10)
            }, plan: { try await $0.rollback(to: 1) })
    }

    static let bad: [RehearsalCase] = [
        RehearsalCase(
            "more pods than the quota",
            {
                try await $0.quota(["pods": "4"]); try await $0.web(); try await $0.expectReady(2)
            }, plan: { $0.scale(to: 6) }),
        RehearsalCase(
            "more memory than the quota",
            {
                try await $0.quota(["requests.memory": "512Mi"]); try await $0.web(); try await $0.expectReady(2)
            }, plan: { $0.scale(to: 5) }),
        RehearsalCase(
            "a limit above the quota of limits",
            {
                try await $0.quota(["limits.memory": "512Mi"]); try await $0.web(); try await $0.expectReady(2)
            },
            plan: { $0.setMemory(limit: "400Mi", request: "128Mi") }),
        RehearsalCase(
            "more CPU than the nodes have",
            {
                try await $0.web(cpu: "1500m"); try await $0.expectReady(2)
            }, plan: { $0.scale(to: 8) }),
        RehearsalCase(
            "more memory than the nodes have",
            {
                try await $0.web(memory: "3Gi"); try await $0.expectReady(2)
            }, plan: { $0.scale(to: 7) }),
        RehearsalCase(
            "a request that no node can hold",
            {
                try await $0.web(); try await $0.expectReady(2)
            },
            plan: { $0.setMemory(limit: "16Gi", request: "16Gi") }),
        RehearsalCase(
            "a limit that the LimitRange forbids",
            { shop in
                try await shop.web()
                try await shop.expectReady(2)
                try await shop.create(
                    [
                        "apiVersion": "v1", "kind": "LimitRange", "metadata": ["name": "range", "namespace": "shop"],
                        "spec": ["limits": [["type": "Container", "max": ["memory": "256Mi"]]]],
                    ], .limitRanges)
            }, plan: { $0.setMemory(limit: "512Mi", request: "128Mi") }),
        gone("a revision whose ConfigMap is gone", container: envFrom, without: Shop.container(["envFrom": nil])) {
            try await $0.delete(.configMaps, "settings")
        },
        gone(
            "a revision whose ConfigMap volume is gone", spec: volume, container: mount,
            without: ["spec": ["volumes": nil, "containers": [["name": "app", "volumeMounts": nil]]]]
        ) { try await $0.delete(.configMaps, "settings") },
        gone(
            "a revision whose key is gone",
            container: ["env": [["name": "MODE", "valueFrom": ["configMapKeyRef": ["name": "settings", "key": "MODE"]]]]],
            without: Shop.container(["env": nil])
        ) { try await $0.client.patch(ObjectKey(type: .configMaps, namespace: "shop", name: "settings"), .merge(["data": ["MODE": nil]])) },
        gone(
            "a revision whose Secret is gone", container: ["envFrom": [["secretRef": ["name": "keys"]]]],
            without: Shop.container(["envFrom": nil])
        ) { try await $0.delete(.secrets, "keys") },
        gone("a revision whose node label is gone", spec: ["nodeSelector": ["disk": "ssd"]], without: ["spec": ["nodeSelector": nil]]) {
            try await $0.eachNode(["metadata": ["labels": ["disk": nil]]])
        },
        gone(
            "a revision whose claim is gone", spec: claim, container: mount,
            without: ["spec": ["volumes": nil, "containers": [["name": "app", "volumeMounts": nil]]]]
        ) { try await $0.delete(.persistentVolumeClaims, "data") },
        gone(
            "a revision whose limit is below what the program uses now",
            without: Shop.container(["resources": ["limits": ["memory": "512Mi"]]])
        ) { shop in
            // The program uses more than it did under revision 1.
            try await shop.release("web", ["metadata": ["annotations": ["twin.martlet/behaviour": "app: {listen: 8080, memory: 300Mi}"]]])
            await shop.advance(60)
            try await shop.expectReady(2)
        },
        RehearsalCase(
            "a restart when every node is tainted",
            {
                try await $0.web(); try await $0.expectReady(2); try await $0.eachNode(taint)
            }, plan: { try await $0.restart() }),
        RehearsalCase(
            "a restart when every node is cordoned",
            {
                try await $0.web(); try await $0.expectReady(2); try await $0.eachNode(["spec": ["unschedulable": true]])
            },
            plan: { try await $0.restart() }),
        RehearsalCase(
            "a limit that is still too low for what it grows to",
            {
                try await $0.web(
                    behaviour: "{listen: 8080, memory: {initial: 8Mi, growth: 1Mi, workingSet: 400Mi}}", memory: "64Mi", seconds: 400)
            },
            plan: { try await $0.raiseLimit() }),
        RehearsalCase(
            "a limit that is still too low for what it is known to need",
            { try await $0.web(behaviour: "{listen: 8080, memory: 900Mi}", memory: "64Mi", seconds: 60) },
            plan: { try await $0.raiseLimit(needed: 900 << 20) }),
        RehearsalCase(
            "a restart of what ends each time", { try await $0.web(behaviour: "{listen: 8080, exit: {code: 3, after: 20}}", seconds: 120) },
            plan: { try await $0.restart() }),
        RehearsalCase(
            "more replicas than nodes for a host port",
            {
                try await $0.web(container: ["ports": [["containerPort": 8080, "hostPort": 8080]]]); try await $0.expectReady(2)
            },
            plan: { $0.scale(to: 3) }),
    ]

    /// A release that goes wrong after a good one, and the way back.
    private static func broken(_ name: String, behaviour: String = "{listen: 8080}", _ template: JSON, replicas: Int = 2) -> RehearsalCase {
        RehearsalCase(
            name,
            { shop in
                try await shop.configMap()
                try await shop.web(replicas: replicas, behaviour: behaviour, container: ["env": [["name": "URL", "value": "http://x"]]])
                try await shop.expectReady(replicas)
                try await shop.releaseWeb(template)
            }, plan: { try await $0.rollback(to: 1) })
    }

    static let good: [RehearsalCase] = [
        broken(
            "back to the variable", behaviour: "{listen: 8080, needsEnv: [URL]}",
            Shop.container(["env": [["name": "URL", "$patch": "delete"]]])),
        broken(
            "back with one replica", behaviour: "{listen: 8080, needsEnv: [URL]}",
            Shop.container(["env": [["name": "URL", "$patch": "delete"]]]), replicas: 1),
        broken("back to the image that exists", Shop.container(["image": "registry.invalid/shop/web:2"])),
        broken("back to the probe that works", Shop.container(["readinessProbe": ["httpGet": ["path": "/", "port": 9999]]])),
        broken("back to the nodes that exist", ["spec": ["nodeSelector": ["disk": "tape"]]]),
        broken("back to a request that fits", Shop.container(["resources": ["requests": ["cpu": "64"]]])),
        broken("back from a missing ConfigMap", Shop.container(["envFrom": [["configMapRef": ["name": "nowhere"]]]])),
        broken("back from a missing Secret", Shop.container(["envFrom": [["secretRef": ["name": "nowhere"]]]])),
        broken(
            "back from a limit that is too low", behaviour: "{listen: 8080, memory: 100Mi}",
            Shop.container(["resources": ["limits": ["memory": "64Mi"], "requests": ["memory": "64Mi"]]])),
        broken(
            "back from a missing volume",
            [
                "spec": [
                    "volumes": [["name": "v", "configMap": ["name": "nowhere"]]],
                    "containers": [["name": "app", "volumeMounts": [["name": "v", "mountPath": "/v"]]]],
                ]
            ]),
        RehearsalCase(
            "more replicas",
            {
                try await $0.web(); try await $0.expectReady(2)
            }, plan: { $0.scale(to: 4) }),
        RehearsalCase(
            "more replicas within the quota",
            {
                try await $0.quota(["pods": "6"]); try await $0.web(); try await $0.expectReady(2)
            },
            plan: { $0.scale(to: 5) }),
        RehearsalCase(
            "more replicas, as many as fit",
            {
                try await $0.web(cpu: "1500m"); try await $0.expectReady(2)
            }, plan: { $0.scale(to: 4) }),
        RehearsalCase(
            "a restart",
            {
                try await $0.web(replicas: 3); try await $0.expectReady(3)
            }, plan: { try await $0.restart() }),
        RehearsalCase(
            "a restart of what starts slowly",
            {
                try await $0.web(behaviour: "{listen: 8080, start: 20s}", seconds: 60); try await $0.expectReady(2)
            },
            plan: { try await $0.restart() }),
        RehearsalCase(
            "a restart with ConfigMap, Secret and claim",
            { shop in
                try await shop.configMap()
                try await shop.secret()
                try await shop.storage()
                var container = envFrom
                container["envFrom"] = [["configMapRef": ["name": "settings"]], ["secretRef": ["name": "keys"]]]
                container["volumeMounts"] = mount["volumeMounts"]
                try await shop.web(spec: claim, container: container)
                try await shop.expectReady(2)
            }, plan: { try await $0.restart() }),
        RehearsalCase(
            "a restart on tainted nodes that are tolerated",
            { shop in
                try await shop.eachNode(taint)
                try await shop.web(spec: ["tolerations": [["key": "maintenance", "operator": "Exists"]]])
                try await shop.expectReady(2)
            }, plan: { try await $0.restart() }),
        RehearsalCase(
            "a limit above what it is known to need",
            { try await $0.web(behaviour: "{listen: 8080, memory: 100Mi}", memory: "64Mi", seconds: 90) },
            plan: { try await $0.raiseLimit(needed: 100 << 20) }),
        RehearsalCase(
            "a limit above what it grows to",
            {
                try await $0.web(
                    behaviour: "{listen: 8080, memory: {initial: 8Mi, growth: 1Mi, workingSet: 120Mi}}", memory: "64Mi", seconds: 300)
            },
            plan: { try await $0.raiseLimit(needed: 120 << 20) }),
        RehearsalCase(
            "a larger limit for what is well",
            {
                try await $0.web(); try await $0.expectReady(2)
            },
            plan: { $0.setMemory(limit: "256Mi", request: "128Mi") }),
        RehearsalCase(
            "a rollback from an image whose name is none",
            {
                try await $0.web(); try await $0.expectReady(2)
                try await $0.releaseWeb(Shop.container(["image": "bad:::name"]))
                try await $0.expectReady(2)
            }, plan: { try await $0.rollback(to: 1) }),
    ]

    /// A limit is raised that a release has cut to less than the program takes at once, and no pod is left that ran well.
    private static let raised = RehearsalCase(
        "a limit above the one from before",
        {
            try await $0.web(behaviour: "{listen: 8080, memory: 220Mi}", memory: "256Mi"); try await $0.expectReady(2)
            try await $0.releaseWeb(Shop.container(["resources": ["limits": ["memory": "200Mi"], "requests": ["memory": "200Mi"]]]))
        }, plan: { try await $0.raiseLimit() })

    @Test(arguments: bad) func fails(_ plan: RehearsalCase) async throws {
        let result = try await plan.verdict()
        #expect(result.verdict == .fail, "\(plan.testDescription): \(result.text) \(result.details)")
    }

    @Test(arguments: good) func passes(_ plan: RehearsalCase) async throws {
        let result = try await plan.verdict()
        #expect(result.verdict == .pass, "\(plan.testDescription): \(result.text) \(result.details)")
    }

    @Test func thereAreTwentyOfEachAtLeast() { #expect(Rehearsals.bad.count >= 20 && Rehearsals.good.count >= 20) }

    /// What was killed at once, and of which nothing was measured, may need anything.
    @Test func aLimitForANeedThatWasNeverSeenIsInconclusive() async throws {
        let result = try await RehearsalCase(
            "a limit for what takes too much at once",
            { try await $0.web(behaviour: "{listen: 8080, memory: 80Mi}", memory: "64Mi", seconds: 90) },
            plan: { try await $0.raiseLimit() }
        ).verdict()
        #expect(result.verdict == .inconclusive, "\(result)")
        #expect(result.text.contains("container app needs more than 64Mi; how much was never seen"), "\(result.text)")
    }

    /// Where nothing measures pods, what ran well under a limit shows that it is enough, and no smaller one.
    @Test(arguments: [("256Mi", Verdict.pass), ("512Mi", .inconclusive)])
    func aLimitUnderWhichItRunsIsKnownToBeEnough(_ limit: String, _ expected: Verdict) async throws {
        let plan = RehearsalCase(
            "a limit above that of another workload",
            { shop in
                try await Self.raised.prepare(shop)
                let other = Shop.deployment("other", behaviour: "{listen: 8080, memory: 220Mi}", memory: limit) { object in
                    var container = object[at: "spec", "template", "spec", "containers"]?[0] ?? [:]
                    container["image"] = "registry.example.com/shop/web:1.0.0"
                    object[at: "spec", "template", "spec", "containers"] = [container]
                }
                try await shop.create(other, .deployments)
                await shop.advance(30)
            }, plan: Self.raised.step)
        #expect(try await plan.verdict { $0.podMetrics = [] }.verdict == expected)
    }

    /// The same from what was seen before.
    @Test(arguments: [(Optional(268_435_456.0), Verdict.pass), (nil, .inconclusive)])
    func whatRanUnderALimitIsRemembered(_ limit: Double?, _ expected: Verdict) async throws {
        let result = try await Self.raised.verdict { seen in
            seen.podMetrics = []
            let container = seen.objects.first { $0["kind"] == "Deployment" }?[at: "spec", "template", "spec", "containers"]?[0] ?? [:]
            seen.remembered = [
                SeenProgram(container: "app", identity: ProgramIdentity.hashes(of: container), startup: 1, memoryLimit: limit)
            ]
        }
        #expect(result.verdict == expected, "\(result)")
    }

    /// One node could not pull what another runs.
    @Test func anImageThatRanAnywhereIsThere() async throws {
        let restart = RehearsalCase(
            "a restart while one pod waits for its image",
            {
                try await $0.web(); try await $0.expectReady(2)
            }, plan: { try await $0.restart() })
        func waiting(_ pods: Int) -> (inout LiveSnapshot) -> Void {
            { seen in
                for index in seen.objects.indices.filter({ seen.objects[$0]["kind"] == "Pod" }).prefix(pods) {
                    var status = seen.objects[index][at: "status", "containerStatuses"]?[0] ?? [:]
                    status["state"] = ["waiting": ["reason": "ImagePullBackOff", "message": "Back-off pulling image"]]
                    status["ready"] = false
                    seen.objects[index][at: "status", "containerStatuses"] = [status]
                }
            }
        }
        #expect(try await restart.verdict(seeing: waiting(1)).verdict == .pass)
        #expect(try await restart.verdict(seeing: waiting(2)).verdict == .fail)
    }

    /// Whatever stands in the cluster: what keeps a twin of it from being made is said, and is no verdict on the plan.
    @Test func aClusterOfWhichNoTwinCanBeMadeLeavesItOpen() async throws {
        let restart = RehearsalCase(
            "restart",
            {
                try await $0.web(); try await $0.expectReady(2)
            }, plan: { try await $0.restart() })
        let result = try await restart.verdict { seen in
            let pod: JSON = [
                "apiVersion": "v1", "kind": "Pod", "metadata": ["name": "odd", "namespace": "shop", "uid": "odd"],
                "spec": ["containers": [["name": "odd", "image": .string(Self.unreadableImage)]]],
                "status": [
                    "phase": "Pending", "containerStatuses": [["name": "odd", "state": ["waiting": ["reason": "ImagePullBackOff"]]]],
                ],
            ]
            seen.objects.append(pod)
        }
        #expect(result.gate == .rehearsal && result.verdict == .inconclusive)
        #expect(result.text.hasPrefix("no twin can be made of this cluster: the images that were not given out"), "\(result.text)")
    }

    /// The host of it is no text that a YAML document may hold.
    private static let unreadableImage = "registry.example\u{7F}/shop/odd:1"

    @Test func whatWasNeverSeenRunningIsInconclusive() async throws {
        let result = try await RehearsalCase(
            "an image that never ran",
            { shop in
                try await shop.web(replicas: 0)
            }, plan: { $0.scale(to: 2) }
        ).verdict()
        #expect(result.verdict == .inconclusive)
        #expect(result.text.contains("was never seen running"), "\(result.text)")
    }

    @Test func theSameAnswerEachTime() async throws {
        #expect(try await Rehearsals.bad[3].verdict() == (try await Rehearsals.bad[3].verdict()))
    }
}

extension Shop {
    /// A volume and the claim on it.
    func storage() async throws {
        try await create(
            [
                "apiVersion": "v1", "kind": "PersistentVolume", "metadata": ["name": "disk"],
                "spec": [
                    "capacity": ["storage": "1Gi"], "accessModes": ["ReadWriteMany"], "storageClassName": "",
                    "hostPath": ["path": "/data"], "persistentVolumeReclaimPolicy": "Retain",
                ],
            ], .persistentVolumes)
        try await create(
            [
                "apiVersion": "v1", "kind": "PersistentVolumeClaim", "metadata": ["name": "data", "namespace": "shop"],
                "spec": [
                    "accessModes": ["ReadWriteMany"], "storageClassName": "", "volumeName": "disk",
                    "resources": ["requests": ["storage": "1Gi"]],
                ],
            ], .persistentVolumeClaims)
    }
}
