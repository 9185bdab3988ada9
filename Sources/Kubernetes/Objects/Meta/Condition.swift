package import Core

/// A condition of any kind of object; `status` is `True`, `False` or `Unknown`.
package struct Condition: JSONReadable, Equatable {
    package var type = ""
    package var status = ""
    package var reason: String?
    package var message: String?
    package var lastTransitionTime: Timestamp?
    package var lastUpdateTime: Timestamp?
    package var lastHeartbeatTime: Timestamp?
    package var lastProbeTime: Timestamp?
    package var observedGeneration: Int?

    package init() {}

    package mutating func read(from reader: inout JSONReader) throws(JSONError) {
        try reader.members { (r, key) throws(JSONError) in
            switch key {
            case "type": type = try r.text() ?? ""
            case "status": status = try r.text() ?? ""
            case "reason": reason = try r.text()
            case "message": message = try r.text()
            case "lastTransitionTime": lastTransitionTime = try r.time()
            case "lastUpdateTime": lastUpdateTime = try r.time()
            case "lastHeartbeatTime": lastHeartbeatTime = try r.time()
            case "lastProbeTime": lastProbeTime = try r.time()
            case "observedGeneration": observedGeneration = try r.int()
            default: try r.skip()
            }
        }
    }
}
