import Core

/// Times as pages show them: in UTC as they leave the server, in the reader's zone where a script can tell it.
enum Times {
    /// `14:02:07`
    static func clock(_ time: Timestamp) -> HTML { element(time, text: String(time.rfc3339().dropFirst(11).dropLast()), as: "clock") }

    /// `2026-11-22 14:02:07`
    static func date(_ time: Timestamp) -> HTML {
        element(time, text: time.rfc3339().replacing("T", with: " ").replacing("Z", with: ""), as: "date")
    }

    /// `3 min`. `now` is on the clock that `time` is on.
    static func age(_ time: Timestamp, now: Timestamp) -> HTML {
        element(time, text: Words.age(now - time), as: "age", #" data-age="\#(Int((now - time).secondCount))""#)
    }

    private static func element(_ time: Timestamp, text: String, as form: HTML, _ more: HTML = .empty) -> HTML {
        let machine = time.rfc3339()
        return
            #"<time datetime="\#(machine)" data-as="\#(form)"\#(more) title="\#(machine.replacing("T", with: " ").replacing("Z", with: " UTC"))">\#(text)</time>"#
    }
}

/// Numbers and names as people say them.
enum Words {
    /// `now`, `40 s`, `3 min`, `5 h`, `2 d`
    static func age(_ duration: Duration) -> String {
        let seconds = Int(duration.secondCount)
        switch seconds {
        case ..<1: return "now"
        case ..<60: return "\(seconds) s"
        case ..<3600: return "\(seconds / 60) min"
        case ..<172_800: return "\(seconds / 3600) h"
        default: return "\(seconds / 86_400) d"
        }
    }

    /// `0.4 s`, `12 s`, `4 min 10 s`, `2 h 5 min`, `3 d 2 h`
    static func length(_ duration: Duration) -> String {
        let exact = max(0, duration.secondCount)
        let seconds = Int(exact)
        func two(_ a: Int, _ b: Int, _ big: String, _ small: String) -> String { b == 0 ? "\(a) \(big)" : "\(a) \(big) \(b) \(small)" }
        switch exact {
        case ..<10: return "\(Double(Int(exact * 10)) / 10) s".replacing(".0 s", with: " s")
        case ..<60: return "\(seconds) s"
        case ..<3600: return two(seconds / 60, seconds % 60, "min", "s")
        case ..<86_400: return two(seconds / 3600, seconds / 60 % 60, "h", "min")
        default: return two(seconds / 86_400, seconds / 3600 % 24, "d", "h")
        }
    }

    static func count(_ number: Int, _ one: String, _ many: String? = nil) -> String {
        "\(number) \(number == 1 ? one : many ?? one + "s")"
    }

    /// `a`, `a and b`, `a, b and 3 more`
    static func list(_ names: [String], atMost limit: Int = 4) -> String {
        if names.count > limit { return names.prefix(limit - 1).joined(separator: ", ") + " and \(names.count - limit + 1) more" }
        guard names.count > 1, let last = names.last else { return names.first ?? "" }
        return names.dropLast().joined(separator: ", ") + " and " + last
    }

    static func percent(_ share: Double) -> String { "\(Int((max(0, min(1, share)) * 100).rounded())) %" }

    static func gate(_ gate: GateResult.Gate) -> String {
        switch gate {
        case .dryRun: "Dry run"
        case .policy: "Policy"
        case .errorBudget: "Error budget"
        case .drift: "Drift"
        case .blastRadius: "Blast radius"
        case .rehearsal: "Rehearsal"
        }
    }
}
