package import Core

/// What a pod runs and where it may run.
package struct PodSpec: JSONReadable, Equatable {
    package var nodeName: String?
    package var containers: [Container] = []
    package var initContainers: [Container] = []
    package var ephemeralContainers: [Container] = []
    package var volumes: [Volume] = []
    package var nodeSelector: [String: String] = [:]
    /// Node, pod and anti-affinity, as written.
    package var affinity: JSON?
    package var tolerations: [Toleration] = []
    package var topologySpreadConstraints: [TopologySpreadConstraint] = []
    package var priorityClassName: String?
    package var priority: Int?
    package var preemptionPolicy: String?
    package var serviceAccountName: String?
    package var automountServiceAccountToken: Bool?
    package var schedulerName: String?
    package var schedulingGates: [String] = []
    package var readinessGates: [ReadinessGate] = []
    package var restartPolicy: String?
    package var runtimeClassName: String?
    package var dnsPolicy: String?
    @Boxed package var dnsConfig: PodDNSConfig?
    package var hostNetwork = false
    package var hostPID = false
    package var hostname: String?
    package var subdomain: String?
    package var imagePullSecrets: [String] = []
    package var terminationGracePeriodSeconds: Int?
    package var activeDeadlineSeconds: Int?
    @Boxed package var securityContext: PodSecurityContext?
    package var overhead: [String: Quantity] = [:]

    package init() {}

    package mutating func read(from reader: inout JSONReader) throws(JSONError) {
        try reader.members { (r, key) throws(JSONError) in
            switch key {
            case "nodeName": nodeName = try r.text()
            case "containers": containers = try r.repeatedList(\.containers)
            case "initContainers": initContainers = try r.list()
            case "ephemeralContainers": ephemeralContainers = try r.list()
            case "volumes": volumes = try r.repeatedList(\.volumes)
            case "nodeSelector": nodeSelector = try r.repeatedMap(\.nodeSelector)
            case "affinity": affinity = try r.json()
            case "tolerations": tolerations = try r.repeatedList(\.tolerations)
            case "topologySpreadConstraints": topologySpreadConstraints = try r.list()
            case "priorityClassName": priorityClassName = try r.text()
            case "priority": priority = try r.int()
            case "preemptionPolicy": preemptionPolicy = try r.text()
            case "serviceAccountName": serviceAccountName = try r.text()
            case "automountServiceAccountToken": automountServiceAccountToken = try r.flag()
            case "schedulerName": schedulerName = try r.text()
            case "schedulingGates": schedulingGates = try r.names()
            case "readinessGates": readinessGates = try r.list()
            case "restartPolicy": restartPolicy = try r.text()
            case "runtimeClassName": runtimeClassName = try r.text()
            case "dnsPolicy": dnsPolicy = try r.text()
            case "dnsConfig": _dnsConfig = try r.boxed()
            case "hostNetwork": hostNetwork = try r.flag() ?? false
            case "hostPID": hostPID = try r.flag() ?? false
            case "hostname": hostname = try r.text()
            case "subdomain": subdomain = try r.text()
            case "imagePullSecrets": imagePullSecrets = try r.names()
            case "terminationGracePeriodSeconds": terminationGracePeriodSeconds = try r.int()
            case "activeDeadlineSeconds": activeDeadlineSeconds = try r.int()
            case "securityContext": _securityContext = try r.boxed()
            case "overhead": overhead = try r.quantities()
            default: try r.skip()
            }
        }
    }
}
