import Core
import Testing

@testable import Twin

@Suite struct NetworkValidationTests {
    private static let services = "/api/v1/namespaces/default/services"
    private static let networking = "/apis/networking.k8s.io/v1/namespaces/default"

    private static func body(_ spec: String) -> String { #"{"metadata":{"name":"n"},"spec":{\#(spec)}}"# }

    private static func path(_ members: String) -> String {
        body(#""rules":[{"http":{"paths":[{\#(members)"backend":{"service":{"name":"s","port":{"number":80}}}}]}}]"#)
    }

    static let cases: [Refusal] = [
        Refusal(services, body(""), "spec.ports: Required value"),
        Refusal(services, body(#""type":"ExternalName""#), "spec.externalName: Required value"),
        Refusal(
            services,
            body(
                #""selector":{"a b":"c"},"sessionAffinity":"X","ports":[{"port":80,"name":"a","protocol":"ICMP"},{"port":0,"name":"a"},{"port":80,"name":"c","protocol":"ICMP"}]"#
            ), #"spec.ports[0].protocol: Unsupported value: "ICMP": supported values: "SCTP", "TCP", "UDP""#,
            #"spec.ports[1].name: Duplicate value: "a""#, "spec.ports[1].port: Invalid value: 0: must be between 1 and 65535, inclusive",
            "spec.ports[1].targetPort: Invalid value: 0: must be between 1 and 65535, inclusive",
            #"spec.ports[2].protocol: Unsupported value: "ICMP": supported values: "SCTP", "TCP", "UDP""#,
            "spec.selector: Invalid value: \"a b\": \(Names.qualifiedName("a b")[0])",
            #"spec.sessionAffinity: Unsupported value: "X": supported values: "ClientIP", "None""#,
            #"spec.ports[2]: Duplicate value: {"Name":"","Protocol":"ICMP","AppProtocol":null,"Port":80,"TargetPort":0,"NodePort":0}"#),
        Refusal(
            services, body(#""type":"NodePort","clusterIP":"None","ports":[{"port":80}]"#),
            #"spec.clusterIPs[0]: Invalid value: "None": may not be set to 'None' for NodePort services"#),
        Refusal(
            "\(networking)/ingresses", body(""), "spec: Invalid value: null: either `defaultBackend` or `rules` must be specified"),
        Refusal(
            "\(networking)/ingresses", path(""), "spec.rules[0].http.paths[0].pathType: Required value: pathType must be specified"),
        Refusal(
            "\(networking)/ingresses", path(#""pathType":"Prefix","path":"a","#),
            #"spec.rules[0].http.paths[0].path: Invalid value: "a": must be an absolute path"#),
        Refusal(
            "\(networking)/ingresses",
            body(#""rules":[{"host":"10.0.0.1","http":{"paths":[{"pathType":"Exact","path":"/","backend":{"service":{"name":"s"}}}]}}]"#),
            #"spec.rules[0].host: Invalid value: "10.0.0.1": must be a DNS name, not an IP address"#,
            "spec.rules[0].http.paths[0].backend: Required value: port name or number is required"),
        Refusal(
            "\(networking)/networkpolicies",
            body(#""policyTypes":["X"],"ingress":[{"from":[{},{"ipBlock":{"cidr":"10.0.0.0/8"},"podSelector":{}}]}]"#),
            "spec.ingress[0].from[0]: Required value: must specify a peer",
            "spec.ingress[0].from[1]: Forbidden: may not specify both ipBlock and another peer",
            #"spec.policyTypes[0]: Unsupported value: "X": supported values: "Ingress", "Egress""#),
    ]

    @Test(arguments: cases) func whatIsWrongIsRefusedForEachMistake(_ one: Refusal) async throws { try await one.check() }
}
