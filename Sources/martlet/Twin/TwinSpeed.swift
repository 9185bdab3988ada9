import ArgumentParser

/// How fast a twin's time passes: a number, or `max`.
struct TwinSpeed: ExpressibleByArgument, CustomStringConvertible {
    /// Seconds of the cluster in one of ours; infinite: as many as the machine can.
    let value: Double

    init(_ value: Double) { self.value = value }

    init?(argument: String) {
        if argument == "max" {
            value = .infinity
        } else if let number = Double(argument), number > 0, number <= 10_000 {
            value = number
        } else {
            return nil
        }
    }

    var description: String { value == .infinity ? "max" : value == value.rounded() ? "\(Int(value))" : "\(value)" }
    var defaultValueDescription: String { description }
}
