import Core
import Testing

@testable import Twin

@Suite struct WorkloadValidationTests {
    private static let apps = "/apis/apps/v1/namespaces/default"
    private static let batch = "/apis/batch/v1/namespaces/default"
    private static let selector = #""selector":{"matchLabels":{"a":"b"}}"#

    private static func template(_ spec: String = "") -> String {
        #""template":{"metadata":{"labels":{"a":"b"}},"spec":{\#(spec)"containers":[{"name":"c","image":"a:1"}]}}"#
    }

    private static func body(_ spec: String, name: String = "w") -> String { #"{"metadata":{"name":"\#(name)"},"spec":{\#(spec)}}"# }

    static let cases: [Refusal] = [
        Refusal(
            "\(apps)/deployments", body(#""replicas":-1,"minReadySeconds":-1,\#(selector),\#(template(#""restartPolicy":"Never","#))"#),
            "spec.replicas: Invalid value: -1: must be greater than or equal to 0",
            #"spec.template.spec.restartPolicy: Unsupported value: "Never": supported values: "Always""#,
            "spec.minReadySeconds: Invalid value: -1: must be greater than or equal to 0"),
        Refusal(
            "\(apps)/deployments", body(#""selector":{},\#(template())"#),
            "spec.selector: Invalid value: {}: empty selector is invalid for deployment"),
        Refusal(
            "\(apps)/deployments", body(template()), "spec.selector: Required value",
            #"spec.template.metadata.labels: Invalid value: {"a":"b"}: `selector` does not match template `labels`"#),
        Refusal(
            "\(apps)/deployments",
            body(#""strategy":{"rollingUpdate":{"maxSurge":"150","maxUnavailable":"200%"}},\#(selector),\#(template())"#),
            #"spec.strategy.rollingUpdate.maxSurge: Invalid value: "150": a valid percent string must be a numeric string followed by an ending '%' (e.g. '1%',  or '93%', regex used for validation is '[0-9]+%')"#,
            #"spec.strategy.rollingUpdate.maxUnavailable: Invalid value: "200%": must not be greater than 100%"#),
        Refusal(
            "\(apps)/statefulsets", body(#""podManagementPolicy":"X","ordinals":{"start":-1},\#(selector),\#(template())"#),
            #"spec.podManagementPolicy: Invalid value: "X": must be 'OrderedReady' or 'Parallel'"#,
            "spec.ordinals.start: Invalid value: -1: must be greater than or equal to 0"),
        Refusal(
            "\(apps)/daemonsets",
            body(#""updateStrategy":{"rollingUpdate":{"maxSurge":0,"maxUnavailable":0}},\#(selector),\#(template())"#),
            "spec.updateStrategy.rollingUpdate.maxUnavailable: Required value: cannot be 0 when maxSurge is 0"),
        Refusal(
            "\(batch)/jobs", body(#""completionMode":"Indexed","parallelism":-1,\#(template())"#),
            "spec.parallelism: Invalid value: -1: must be greater than or equal to 0",
            "spec.completions: Required value: when completion mode is Indexed",
            #"spec.template.spec.restartPolicy: Required value: valid values: "OnFailure", "Never""#),
        Refusal(
            "\(batch)/cronjobs",
            body(
                #""schedule":"99 * * * *","timeZone":"","concurrencyPolicy":"X","jobTemplate":{"spec":{\#(template(#""restartPolicy":"Never","#))}}"#,
                name: String(repeating: "n", count: 53)),
            #"spec.schedule: Invalid value: "99 * * * *": end of range (99) above maximum (59): 99"#,
            #"spec.timeZone: Invalid value: "": timeZone must be nil or non-empty string"#,
            #"spec.concurrencyPolicy: Unsupported value: "X": supported values: "Allow", "Forbid", "Replace""#,
            "metadata.name: Invalid value: \"\(String(repeating: "n", count: 53))\": must be no more than 52 characters"),
    ]

    @Test(arguments: cases) func aWorkloadThatIsWrongIsRefusedForEachMistake(_ one: Refusal) async throws { try await one.check() }

    /// What a claim template gives is a volume of its pods.
    @Test func aStatefulSetMountsItsClaims() async throws {
        let answer = await APIClient().send(
            "POST", "\(Self.apps)/statefulsets",
            try JSON(
                parsing: #"""
                    {"metadata":{"name":"db"},"spec":{"selector":{"matchLabels":{"a":"b"}},"serviceName":"db",
                    "volumeClaimTemplates":[{"metadata":{"name":"data"},"spec":{"accessModes":["ReadWriteOnce"],"resources":{"requests":{"storage":"1Gi"}}}}],
                    "template":{"metadata":{"labels":{"a":"b"}},"spec":{"containers":[{"name":"c","image":"a:1","volumeMounts":[{"name":"data","mountPath":"/d"}]}]}}}}
                    """#))
        #expect(answer.status == 201, "\(answer.json.text())")
    }
}
