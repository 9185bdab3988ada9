import Core
import Kubernetes

/// Between the form in which an object is stored and the one in which a group version serves it.
enum ServedForm {
    /// The object as `resource` shows it.
    static func served(_ object: JSON, _ resource: APIResource) -> JSON {
        guard resource.type != resource.storage || resource.type.group == "events.k8s.io" else { return object }
        if resource.custom != nil { return versioned(object, resource.groupVersion) }
        return resource.type.group == "events.k8s.io"
            ? rename(object, eventFields, apiVersion: "events.k8s.io/v1") : AutoscalerForm.first(object)
    }

    /// The object as it is stored.
    static func stored(_ object: JSON, _ resource: APIResource) -> JSON {
        guard resource.type != resource.storage else { return object }
        if resource.custom != nil {
            return versioned(object, "\(resource.storage.group)/\(resource.storage.version)")
        }
        if resource.type.group == "events.k8s.io" { return rename(object, eventFields.map { ($0.1, $0.0) }, apiVersion: "v1") }
        return AutoscalerForm.second(object)
    }

    /// Conversion with the strategy None changes nothing but the version.
    private static func versioned(_ object: JSON, _ apiVersion: String) -> JSON {
        var object = object
        object["apiVersion"] = .string(apiVersion)
        return object
    }

    private static let eventFields = [
        ("involvedObject", "regarding"), ("message", "note"), ("reportingComponent", "reportingController"), ("source", "deprecatedSource"),
        ("firstTimestamp", "deprecatedFirstTimestamp"), ("lastTimestamp", "deprecatedLastTimestamp"), ("count", "deprecatedCount"),
    ]

    private static func rename(_ object: JSON, _ fields: [(String, String)], apiVersion: String) -> JSON {
        let names = Dictionary(fields, uniquingKeysWith: { $1 })
        var out: JSONObject = [:]
        for (key, value) in object.object ?? [:] { out[names[key] ?? key] = value }
        out["apiVersion"] = .string(apiVersion)
        return .object(out)
    }
}
