package import Core

extension JSON {
    /// The same with every string `{{now}}` replaced by the time.
    package func resolvingNow(_ now: Timestamp) -> JSON {
        switch self {
        case .string("{{now}}"): .string(now.rfc3339())
        case .array(let elements): .array(elements.map { $0.resolvingNow(now) })
        case .object(let members): .object(members.mapValues { $0.resolvingNow(now) })
        default: self
        }
    }
}
