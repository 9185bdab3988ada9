import Core

/// A small application and one bad release of it, drawn from a seed: which namespace and services there are, which of them is
/// released, what is wrong with the release and which field it moves. Nothing outside the demo knows any of these names.
struct DemoScenario: DemoStory {
    /// One service of the application.
    struct Component {
        let name: String
        let port: Int
        /// The environment variable through which it finds what it calls, and that service.
        let setting: String
        let calls: String?
        let replicas: Int
    }

    let seed: UInt64
    let namespace: String
    let components: [Component]
    let target: Component
    let fault: DemoFault

    init(seed: UInt64) {
        self.seed = seed
        var generator = SeededGenerator(seed: seed)
        let theme = DemoScenario.themes[Int(generator.next() % UInt64(DemoScenario.themes.count))]
        namespace = theme.namespace
        let names = theme.services.shuffled(using: &generator)
        let count = 4 + Int(generator.next() % 3)
        var components: [Component] = []
        for (index, name) in names.prefix(count).enumerated() {
            let callee = index == 0 ? nil : names[Int(generator.next() % UInt64(index))]
            let setting = (callee ?? "listen").uppercased() + (callee == nil ? "_ADDRESS" : "_URL")
            components.append(
                Component(
                    name: name, port: 8000 + Int(generator.next() % 1000), setting: setting, calls: callee,
                    replicas: 2 + Int(generator.next() % 2)))
        }
        self.components = components
        target = components[Int(generator.next() % UInt64(components.count))]
        fault = DemoFault.allCases[Int(generator.next() % UInt64(DemoFault.allCases.count))]
    }

    /// What there is before the release, in the order in which it is created.
    var manifests: [JSON] {
        var objects: [JSON] = [["apiVersion": "v1", "kind": "Namespace", "metadata": ["name": .string(namespace)]]]
        for component in components {
            objects.append(settings(of: component))
            objects.append(service(component))
            objects.append(deployment(component))
        }
        return objects
    }

    /// The released Deployment: the same, but for what ``fault`` does to its template.
    var release: JSON {
        var deployment = deployment(target)
        fault.apply(to: &deployment, target)
        return deployment
    }

    /// How the twin plays it: the registry knows every image as it was first deployed, and no other tag.
    var images: JSON {
        [
            "images": .array(
                components.map { component in
                    let image = image(of: component)
                    return ["image": .string(image.repository), "tags": [.string(image.tag)]]
                })
        ]
    }

    private static let themes: [(namespace: String, services: [String])] = [
        ("shop", ["checkout", "catalog", "cart", "payments", "search", "storefront", "orders"]),
        ("media", ["player", "encoder", "thumbnails", "library", "playlists", "uploads", "captions"]),
        ("travel", ["booking", "itinerary", "seats", "fares", "loyalty", "gateway", "invoices"]),
        ("clinic", ["appointments", "records", "billing", "pharmacy", "portal", "results", "reminders"]),
    ]
}

// MARK: Objects

extension DemoScenario {
    private func image(of component: Component) -> (repository: String, tag: String) {
        var generator = SeededGenerator(seed: seed &+ UInt64(component.port))
        let version = "\(1 + generator.next() % 4).\(generator.next() % 10).\(generator.next() % 10)"
        return ("registry.example/\(namespace)/\(component.name)", version)
    }

    private func settings(of component: Component) -> JSON {
        [
            "apiVersion": "v1", "kind": "ConfigMap",
            "metadata": ["name": "\(component.name)-settings", "namespace": .string(namespace)],
            "data": ["LOG_LEVEL": "info", "REQUEST_TIMEOUT": "2s"],
        ]
    }

    private func service(_ component: Component) -> JSON {
        [
            "apiVersion": "v1", "kind": "Service", "metadata": ["name": .string(component.name), "namespace": .string(namespace)],
            "spec": [
                "selector": ["app": .string(component.name)],
                "ports": [["name": "http", "port": 80, "targetPort": JSON(component.port)]],
            ],
        ]
    }

    private func deployment(_ component: Component) -> JSON {
        let name = JSON.string(component.name)
        let address = component.calls.map { "http://\($0)" } ?? "0.0.0.0:\(component.port)"
        let image = image(of: component)
        let behaviour: JSON = [
            component.name: [
                "listen": [JSON(component.port)], "needsEnv": [.string(component.setting)],
                "memory": ["initial": "30Mi", "growth": "30Mi/s", "workingSet": "90Mi"], "cpu": "40m",
                "commands": [.string("/usr/local/bin/\(component.name)")], "log": ["listening on :\(component.port)"],
            ]
        ]
        let container: JSON = [
            "name": name, "image": .string("\(image.repository):\(image.tag)"),
            "ports": [["containerPort": JSON(component.port)]],
            "env": [["name": .string(component.setting), "value": .string(address)]],
            "envFrom": [["configMapRef": ["name": "\(component.name)-settings"]]],
            "resources": ["requests": ["cpu": "50m", "memory": "128Mi"], "limits": ["memory": "256Mi"]],
            "readinessProbe": [
                "httpGet": ["path": "/ready", "port": JSON(component.port)], "initialDelaySeconds": 1, "periodSeconds": 2,
            ],
        ]
        return [
            "apiVersion": "apps/v1", "kind": "Deployment",
            "metadata": ["name": name, "namespace": .string(namespace), "labels": ["app": name]],
            "spec": [
                "replicas": JSON(component.replicas), "selector": ["matchLabels": ["app": name]],
                "template": [
                    "metadata": ["labels": ["app": name], "annotations": ["twin.martlet/behaviour": .string(behaviour.text())]],
                    "spec": ["containers": [container]],
                ],
            ],
        ]
    }
}
