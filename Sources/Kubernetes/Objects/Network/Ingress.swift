package import Core

/// An Ingress.
package struct Ingress: KubernetesResource, Equatable {
    package static let type = ResourceType.ingresses

    @Shared package var metadata: ObjectMeta
    package var spec = IngressSpec()
    package var status = IngressStatus()

    package init() {}

    package mutating func read(from reader: inout JSONReader) throws(JSONError) {
        try reader.members { (r, key) throws(JSONError) in
            switch key {
            case "metadata": _metadata = try r.shared()
            case "spec": spec = try r.read() ?? IngressSpec()
            case "status": status = try r.read() ?? IngressStatus()
            default: try r.skip()
            }
        }
    }
}

/// Which hosts and paths go to which Services.
package struct IngressSpec: JSONReadable, Equatable {
    package var ingressClassName: String?
    package var defaultBackend: IngressBackend?
    package var rules: [IngressRule] = []
    package var tls: [IngressTLS] = []

    package init() {}

    package mutating func read(from reader: inout JSONReader) throws(JSONError) {
        try reader.members { (r, key) throws(JSONError) in
            switch key {
            case "ingressClassName": ingressClassName = try r.text()
            case "defaultBackend": defaultBackend = try r.read()
            case "rules": rules = try r.list()
            case "tls": tls = try r.list()
            default: try r.skip()
            }
        }
    }
}

/// The paths of one host; no host means every host.
package struct IngressRule: JSONReadable, Equatable {
    package var host: String?
    package var http: IngressPaths?

    package init() {}

    package mutating func read(from reader: inout JSONReader) throws(JSONError) {
        try reader.members { (r, key) throws(JSONError) in
            switch key {
            case "host": host = try r.text()
            case "http": http = try r.read()
            default: try r.skip()
            }
        }
    }
}

/// The paths of a rule.
package struct IngressPaths: JSONReadable, Equatable {
    package var paths: [IngressPath] = []

    package init() {}

    package mutating func read(from reader: inout JSONReader) throws(JSONError) {
        try reader.members { (r, key) throws(JSONError) in
            switch key {
            case "paths": paths = try r.list()
            default: try r.skip()
            }
        }
    }
}

/// One path and where it goes.
package struct IngressPath: JSONReadable, Equatable {
    package var path: String?
    package var pathType: String?
    package var backend = IngressBackend()

    package init() {}

    package mutating func read(from reader: inout JSONReader) throws(JSONError) {
        try reader.members { (r, key) throws(JSONError) in
            switch key {
            case "path": path = try r.text()
            case "pathType": pathType = try r.text()
            case "backend": backend = try r.read() ?? IngressBackend()
            default: try r.skip()
            }
        }
    }
}

/// A Service port, or another object.
package struct IngressBackend: JSONReadable, Equatable {
    package var service: IngressService?
    @Boxed package var resource: ObjectReference?

    package init() {}

    package mutating func read(from reader: inout JSONReader) throws(JSONError) {
        try reader.members { (r, key) throws(JSONError) in
            switch key {
            case "service": service = try r.read()
            // extensions/v1beta1 and networking.k8s.io/v1beta1 name it flatly.
            case "serviceName":
                var named = service ?? IngressService()
                named.name = try r.text() ?? ""
                service = named
            case "servicePort":
                var named = service ?? IngressService()
                switch try r.intOrString() {
                case .int(let number): named.port.number = number
                case .string(let name): named.port.name = name
                case nil: break
                }
                service = named
            case "resource": _resource = try r.boxed()
            default: try r.skip()
            }
        }
    }
}

/// The Service behind a path.
package struct IngressService: JSONReadable, Equatable {
    package var name = ""
    package var port = IngressPort()

    package init() {}

    package mutating func read(from reader: inout JSONReader) throws(JSONError) {
        try reader.members { (r, key) throws(JSONError) in
            switch key {
            case "name": name = try r.text() ?? ""
            case "port": port = try r.read() ?? IngressPort()
            default: try r.skip()
            }
        }
    }
}

/// A port by number or name.
package struct IngressPort: JSONReadable, Equatable {
    package var number: Int?
    package var name: String?

    package init() {}

    package mutating func read(from reader: inout JSONReader) throws(JSONError) {
        try reader.members { (r, key) throws(JSONError) in
            switch key {
            case "number": number = try r.int()
            case "name": name = try r.text()
            default: try r.skip()
            }
        }
    }
}

/// Hosts and the Secret of their certificate.
package struct IngressTLS: JSONReadable, Equatable {
    package var hosts: [String] = []
    package var secretName: String?

    package init() {}

    package mutating func read(from reader: inout JSONReader) throws(JSONError) {
        try reader.members { (r, key) throws(JSONError) in
            switch key {
            case "hosts": hosts = try r.texts()
            case "secretName": secretName = try r.text()
            default: try r.skip()
            }
        }
    }
}

/// Addresses that a controller has given.
package struct IngressStatus: JSONReadable, Equatable {
    package var loadBalancer = LoadBalancerStatus()

    package init() {}

    package mutating func read(from reader: inout JSONReader) throws(JSONError) {
        try reader.members { (r, key) throws(JSONError) in
            switch key {
            case "loadBalancer": loadBalancer = try r.read() ?? LoadBalancerStatus()
            default: try r.skip()
            }
        }
    }
}

/// Addresses of a load balancer.
package struct LoadBalancerStatus: JSONReadable, Equatable {
    package var ingress: [LoadBalancerAddress] = []

    package init() {}

    package mutating func read(from reader: inout JSONReader) throws(JSONError) {
        try reader.members { (r, key) throws(JSONError) in
            switch key {
            case "ingress": ingress = try r.list()
            default: try r.skip()
            }
        }
    }
}

/// One address.
package struct LoadBalancerAddress: JSONReadable, Equatable {
    package var ip: String?
    package var hostname: String?

    package init() {}

    package mutating func read(from reader: inout JSONReader) throws(JSONError) {
        try reader.members { (r, key) throws(JSONError) in
            switch key {
            case "ip": ip = try r.text()
            case "hostname": hostname = try r.text()
            default: try r.skip()
            }
        }
    }
}

/// A class of Ingresses and who serves it.
package struct IngressClass: KubernetesResource, Equatable {
    package static let type = ResourceType.ingressClasses

    @Shared package var metadata: ObjectMeta
    package var spec = IngressClassSpec()

    package init() {}

    package mutating func read(from reader: inout JSONReader) throws(JSONError) {
        try reader.members { (r, key) throws(JSONError) in
            switch key {
            case "metadata": _metadata = try r.shared()
            case "spec": spec = try r.read() ?? IngressClassSpec()
            default: try r.skip()
            }
        }
    }
}

/// The controller of a class.
package struct IngressClassSpec: JSONReadable, Equatable {
    package var controller = ""

    package init() {}

    package mutating func read(from reader: inout JSONReader) throws(JSONError) {
        try reader.members { (r, key) throws(JSONError) in
            switch key {
            case "controller": controller = try r.text() ?? ""
            default: try r.skip()
            }
        }
    }
}
