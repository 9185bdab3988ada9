package import Core

/// One write that reached the twin's API.
package struct LoggedRequest: Sendable {
    package let time: Timestamp
    package let method: String
    package let path: String
    package let status: Int
    package let isDryRun: Bool
    /// The annotation `martlet/operation` of the object that came back; nil without one.
    package let operation: String?

    init(_ request: TwinRequest, status: Int, body: [UInt8], time: Timestamp) {
        self.time = time
        method = request.method
        path = request.path
        self.status = status
        isDryRun = request["dryRun"] == "All"
        operation = (try? JSON(parsing: body))?[at: "metadata", "annotations", "martlet/operation"]?.string
    }

    package var json: JSON {
        var out: JSON = [
            "time": .string(time.rfc3339(decimals: 3)), "method": .string(method), "path": .string(path), "status": JSON(status),
        ]
        if isDryRun { out["dryRun"] = true }
        if let operation { out["operation"] = .string(operation) }
        return out
    }
}

/// `Sun, 22 Nov 2026 23:20:30 GMT` (RFC 9110 section 5.6.7).
enum HTTPDate {
    static func text(_ time: Timestamp) -> String {
        let (year, month, day, second) = time.calendar
        let days = Int((Double(time.wholeSeconds) / 86_400).rounded(.down))
        let weekday = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"][((days % 7) + 7) % 7]
        let name = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"][month - 1]
        func two(_ n: Int) -> String { n < 10 ? "0\(n)" : String(n) }
        return "\(weekday), \(two(day)) \(name) \(year) \(two(second / 3600)):\(two(second / 60 % 60)):\(two(second % 60)) GMT"
    }
}
