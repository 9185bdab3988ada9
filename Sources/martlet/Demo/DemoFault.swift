import Core

/// What a bad release may do to a Deployment. Each moves one field of the template, as a hurried edit would.
enum DemoFault: String, CaseIterable {
    case settingRemoved, tagMissing, memoryLimitCut, probePortWrong, commandMistyped, configMapRenamed, tooMuchCPU, nodeLabelMissing

    /// What is wrong, as a category of `docs/categories.md`: the reason that the new revision's pods fail.
    var category: String {
        switch self {
        case .settingRemoved: "missing-env"
        case .tagMissing: "image-tag-not-found"
        case .memoryLimitCut: "oom-killed"
        case .probePortWrong: "readiness-probe-failing"
        case .commandMistyped: "command-not-found"
        case .configMapRenamed: "configmap-missing"
        case .tooMuchCPU: "insufficient-cpu"
        case .nodeLabelMissing: "node-selector-mismatch"
        }
    }

    /// For the narration: what the release does, in the words of whoever wrote it.
    func summary(_ component: DemoScenario.Component) -> String {
        switch self {
        case .settingRemoved: "removes the setting \(component.setting)"
        case .tagMissing: "names an image tag that was never pushed"
        case .memoryLimitCut: "cuts the memory limit to 64Mi"
        case .probePortWrong: "moves the readiness probe to port \(component.port + 1)"
        case .commandMistyped: "sets a command that is not in the image"
        case .configMapRenamed: "reads its settings from a ConfigMap that does not exist"
        case .tooMuchCPU: "asks for 64 CPUs"
        case .nodeLabelMissing: "wants nodes with a label that no node has"
        }
    }

    func apply(to deployment: inout JSON, _ component: DemoScenario.Component) {
        var template = deployment[at: "spec", "template"] ?? [:]
        var container = template[at: "spec", "containers"]?[0] ?? [:]
        switch self {
        case .settingRemoved: container["env"] = []
        case .tagMissing:
            let image = container["image"]?.string ?? ""
            container["image"] = .string((image.split(separator: ":").first.map(String.init) ?? image) + ":9.9.0")
        case .memoryLimitCut:
            container[at: "resources", "limits", "memory"] = "64Mi"
            container[at: "resources", "requests", "memory"] = "64Mi"
        case .probePortWrong: container[at: "readinessProbe", "httpGet", "port"] = JSON(component.port + 1)
        case .commandMistyped: container["command"] = ["/usr/local/bin/\(component.name)d"]
        case .configMapRenamed: container["envFrom"] = [["configMapRef": ["name": "\(component.name)-setings"]]]
        case .tooMuchCPU: container[at: "resources", "requests", "cpu"] = "64"
        case .nodeLabelMissing: template[at: "spec", "nodeSelector"] = ["disk": "nvme"]
        }
        template[at: "spec", "containers"] = [container]
        deployment[at: "spec", "template"] = template
    }
}
