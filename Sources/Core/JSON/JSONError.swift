/// Where and why a document is not JSON. `offset` counts bytes from its start.
package struct JSONError: Error, Sendable, Hashable, CustomStringConvertible {
    package let offset: Int
    package let reason: String

    package init(_ offset: Int, _ reason: String) {
        self.offset = offset
        self.reason = reason
    }

    package var description: String { "not JSON at byte \(offset): \(reason)" }
}
