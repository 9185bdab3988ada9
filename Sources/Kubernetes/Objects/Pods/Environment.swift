package import Core

/// One environment variable: a value, or where it comes from.
package struct EnvVar: JSONReadable, Equatable {
    package var name = ""
    package var value: String?
    @Boxed package var valueFrom: EnvVarSource?

    package init() {}

    package mutating func read(from reader: inout JSONReader) throws(JSONError) {
        try reader.members { (r, key) throws(JSONError) in
            switch key {
            case "name": name = try r.text() ?? ""
            case "value": value = try r.text()
            case "valueFrom": _valueFrom = try r.boxed()
            default: try r.skip()
            }
        }
    }
}

/// Where the value of an environment variable comes from.
package struct EnvVarSource: JSONReadable, Equatable {
    package var configMapKeyRef: KeySelector?
    package var secretKeyRef: KeySelector?
    package var fieldRef: FieldSelector?
    package var resourceFieldRef: ResourceFieldSelector?

    package init() {}

    package mutating func read(from reader: inout JSONReader) throws(JSONError) {
        try reader.members { (r, key) throws(JSONError) in
            switch key {
            case "configMapKeyRef": configMapKeyRef = try r.read()
            case "secretKeyRef": secretKeyRef = try r.read()
            case "fieldRef": fieldRef = try r.read()
            case "resourceFieldRef": resourceFieldRef = try r.read()
            default: try r.skip()
            }
        }
    }
}

/// A key of a ConfigMap or Secret in the same namespace.
package struct KeySelector: JSONReadable, Equatable {
    package var name = ""
    package var key = ""
    package var optional = false

    package init() {}

    package mutating func read(from reader: inout JSONReader) throws(JSONError) {
        try reader.members { (r, key) throws(JSONError) in
            switch key {
            case "name": name = try r.text() ?? ""
            case "key": self.key = try r.text() ?? ""
            case "optional": optional = try r.flag() ?? false
            default: try r.skip()
            }
        }
    }
}

/// A field of the pod itself.
package struct FieldSelector: JSONReadable, Equatable {
    package var apiVersion: String?
    package var fieldPath = ""

    package init() {}

    package mutating func read(from reader: inout JSONReader) throws(JSONError) {
        try reader.members { (r, key) throws(JSONError) in
            switch key {
            case "apiVersion": apiVersion = try r.text()
            case "fieldPath": fieldPath = try r.text() ?? ""
            default: try r.skip()
            }
        }
    }
}

/// A request or limit of a container.
package struct ResourceFieldSelector: JSONReadable, Equatable {
    package var containerName: String?
    package var resource = ""
    package var divisor: Quantity?

    package init() {}

    package mutating func read(from reader: inout JSONReader) throws(JSONError) {
        try reader.members { (r, key) throws(JSONError) in
            switch key {
            case "containerName": containerName = try r.text()
            case "resource": resource = try r.text() ?? ""
            case "divisor": divisor = try r.quantity()
            default: try r.skip()
            }
        }
    }
}

/// All keys of a ConfigMap or Secret as environment variables.
package struct EnvFromSource: JSONReadable, Equatable {
    package var prefix: String?
    package var configMapRef: OptionalReference?
    package var secretRef: OptionalReference?

    package init() {}

    package mutating func read(from reader: inout JSONReader) throws(JSONError) {
        try reader.members { (r, key) throws(JSONError) in
            switch key {
            case "prefix": prefix = try r.text()
            case "configMapRef": configMapRef = try r.read()
            case "secretRef": secretRef = try r.read()
            default: try r.skip()
            }
        }
    }
}

/// A ConfigMap or Secret by name, which may be allowed to be missing.
package struct OptionalReference: JSONReadable, Equatable {
    package var name = ""
    package var optional = false

    package init() {}

    package mutating func read(from reader: inout JSONReader) throws(JSONError) {
        try reader.members { (r, key) throws(JSONError) in
            switch key {
            case "name": name = try r.text() ?? ""
            case "optional": optional = try r.flag() ?? false
            default: try r.skip()
            }
        }
    }
}
