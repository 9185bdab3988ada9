import Core
import Foundation

/// One measured number, printed as one line of JSON with what is needed to measure it again.
struct Figure {
    let name: String
    let value: Double
    let unit: String
    /// What must be reached, in the same unit; nil where nothing is demanded.
    var limit: Double?
    /// Further numbers of the same measurement.
    var more: JSONObject = [:]

    func print() {
        var json: JSON = [
            "name": .string(name), "value": .number(Figure.round(value)), "unit": .string(unit),
        ]
        if let limit {
            json["limit"] = .number(limit)
            json["met"] = .bool(value < limit)
        }
        for (key, value) in more { json[key] = value }
        json["cpu"] = .string(Figure.processor)
        json["command"] = .string("martlet " + CommandLine.arguments.dropFirst().joined(separator: " "))
        json["build"] = .string(Version.build)
        json["commit"] = .string(Invocation.environment("MARTLET_COMMIT") ?? "unknown")
        json["time"] = .string(SystemClock().now().rfc3339())
        Terminal.printLine(json.text())
    }

    /// Three significant digits, or whole numbers from 100 up.
    static func round(_ value: Double) -> Double {
        guard value != 0, value.isFinite else { return 0 }
        let scale = pow(10, max(0, 2 - floor(log10(abs(value)))))
        return (value * scale).rounded() / scale
    }

    /// The model of the processor and how many there are.
    private static var processor: String {
        let text = FileManager.default.contents(atPath: "/proc/cpuinfo").map { String(decoding: $0, as: UTF8.self) } ?? ""
        let model = text.split(separator: "\n").first { $0.hasPrefix("model name") }?.split(separator: ":").last
        return
            "\(model.map { $0.trimmingCharacters(in: .whitespaces) } ?? Version.platform) x \(ProcessInfo.processInfo.activeProcessorCount)"
    }
}

/// What a piece of work took.
struct Cost {
    /// Seconds by the wall, and processor seconds of the whole process.
    var wall = Double.infinity
    var processor = Double.infinity

    /// Runs `work` `count` times and returns the least of each: what the work needs when nothing disturbs it.
    static func least(of count: Int, _ work: () throws -> Void) rethrows -> Cost {
        var cost = Cost()
        for _ in 0..<count {
            let start = ContinuousClock.now, used = processorSeconds
            try work()
            cost.wall = min(cost.wall, (ContinuousClock.now - start).secondCount)
            cost.processor = min(cost.processor, processorSeconds - used)
        }
        return cost
    }

    static var processorSeconds: Double {
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }

    /// The most memory that this process ever held resident, in MB (10⁶ bytes).
    static var peakMemory: Double { memory("VmHWM:") }
    /// What it holds resident now, in MB.
    static var residentMemory: Double { memory("VmRSS:") }

    static func memory(_ field: String, of process: String = "self") -> Double {
        // Files of /proc have no size, so that they must be read to their end.
        guard let file = FileHandle(forReadingAtPath: "/proc/\(process)/status"), let data = try? file.readToEnd() else { return 0 }
        let line = String(decoding: data, as: UTF8.self).split(separator: "\n").first { $0.hasPrefix(field) }
        return (line?.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap { Double($0) } ?? 0) * 1024 / 1e6
    }
}
