import Core
import Documents
import Foundation

/// The requests that reach a Service from outside the cluster: annotation `twin.martlet/load`, a number of requests per second or
/// `{rate: 200, daily: 0.4, peak: 15, noise: 0.05}`.
struct LoadShape: Sendable, Equatable {
    static let annotation = "twin.martlet/load"

    /// Requests per second, on average.
    var rate: Double
    /// How far the rate swings over a day, as a share of it.
    var daily = 0.0
    /// The hour (UTC) of the day's most.
    var peak = 15.0
    /// How far single seconds differ, as a share of the rate.
    var noise = 0.0

    init(rate: Double) { self.rate = rate }

    /// - Throws: `MartletError` (`invalid`), naming the place.
    init(yaml: String, place: String) throws(MartletError) {
        let reader = BehaviourReader(place: place)
        let document = try DocumentReader.json(yaml, place: place)
        guard let members = document.object else {
            self.init(rate: try reader.number(document, "the load"))
            return
        }
        self.init(rate: 0)
        for (key, value) in members {
            switch key {
            case "rate": rate = try reader.number(value, key)
            case "daily": daily = try reader.share(value, key)
            case "peak": peak = try reader.number(value, key)
            case "noise": noise = try reader.share(value, key)
            default: throw reader.unknown(key, at: key, ["rate", "daily", "peak", "noise"])
            }
        }
    }

    /// Requests per second at a moment. The noise is a function of seed and second, so that it is the same in every run.
    func rate(at time: Timestamp, seed: UInt64) -> Double {
        let seconds = Int64(time.seconds)
        let hour = Double(seconds % 86_400) / 3600
        let swing = daily == 0 ? 1 : 1 + daily * cos((hour - peak) / 12 * .pi)
        guard noise > 0 else { return rate * swing }
        var generator = SeededGenerator(seed: seed ^ UInt64(bitPattern: seconds))
        return max(0, rate * swing * (1 + noise * (2 * generator.unit() - 1)))
    }
}
