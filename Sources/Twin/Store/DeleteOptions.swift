/// What a delete asks for (meta/v1 DeleteOptions).
package struct DeleteOptions: Sendable {
    package enum Propagation: String, Sendable {
        case foreground = "Foreground"
        case background = "Background"
        case orphan = "Orphan"
    }

    /// Seconds; nil takes the object's own. Zero removes at once.
    package var gracePeriodSeconds: Int?
    package var propagation: Propagation?
    package var uid: String?
    package var resourceVersion: String?

    package init(
        gracePeriodSeconds: Int? = nil, propagation: Propagation? = nil, uid: String? = nil, resourceVersion: String? = nil
    ) {
        self.gracePeriodSeconds = gracePeriodSeconds
        self.propagation = propagation
        self.uid = uid
        self.resourceVersion = resourceVersion
    }
}

/// The parts of an object that can be written apart from the rest.
package enum Subresource: String, Sendable { case status, scale, binding, eviction, ephemeralcontainers, resize, finalize }
