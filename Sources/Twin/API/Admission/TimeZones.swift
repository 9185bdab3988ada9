import Foundation

/// Names of the time zone database that the machine has.
enum TimeZones {
    static func isKnown(_ name: String) -> Bool { !name.isEmpty && (name == "UTC" || TimeZone(identifier: name) != nil) }
}
