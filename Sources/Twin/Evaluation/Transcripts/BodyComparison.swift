import Core

/// Compares two documents member by member, leaving out what ``Exclusion`` lists.
struct BodyComparison {
    /// An object of the state that the request worked on, where no other exchange shows the very version that the real server worked on.
    struct Assumed {
        /// As it is served.
        let object: JSON
        /// What the request itself says: that must come out, whatever the object was.
        let request: JSON?
    }

    /// In a stream the ages in tables count to moments that the stream does not tell.
    var agesDiffer = false

    private(set) var differences: [EvaluationCase.Difference] = []
    private var exclusions: Set<Exclusion> = []

    var notes: [String] { exclusions.map(\.rawValue).sorted() }

    mutating func note(_ exclusion: Exclusion) { exclusions.insert(exclusion) }

    mutating func differ(_ place: String, expected: JSON?, found: JSON?) {
        differences.append(.init(place, expected: expected, found: found))
    }

    mutating func compare(expected: JSON?, found: JSON?, at place: String, assumed: Assumed? = nil) {
        compare(expected, found, place, assumed?.object, assumed?.request, passes: assumed != nil)
    }

    private mutating func compare(
        _ expected: JSON?, _ found: JSON?, _ place: String, _ seed: JSON?, _ request: JSON?, passes: Bool
    ) {
        if expected == found { return }
        // The twin handed on what it was given, and the request does not speak of it.
        if passes, seed == found, request == nil { return note(.unseenState) }
        switch (expected, found) {
        case (.object(let a)?, .object(let b)?):
            let generated = a["generateName"] != nil && a["generateName"] == b["generateName"]
            for key in a.keys.sorted() + b.keys.filter({ a[$0] == nil }).sorted() {
                let (x, y) = (a[key] ?? .null, b[key] ?? .null)
                if x == y { continue }
                // Changes before, and who made them, belong to a state of which only another version is known.
                if key == "generation" || key == "managedFields", passes { note(.unseenState); continue }
                if key == "name", generated { note(.generatedName); continue }
                if let reason = Exclusion.reason(key, x, y) { note(reason); continue }
                compare(a[key], b[key], place.isEmpty ? key : "\(place).\(key)", seed?[key], request?[key], passes: passes)
            }
        case (.array(let a)?, .array(let b)?):
            for i in 0..<max(a.count, b.count) {
                let x: JSON? = i < a.count ? a[i] : Optional.none
                let y: JSON? = i < b.count ? b[i] : Optional.none
                // Of a list of named elements the request may speak of some only.
                if let name = x?["name"], name == y?["name"], let spoken = request?.array, spoken.allSatisfy({ $0["name"] != nil }) {
                    compare(
                        x, y, "\(place)[\(i)]", seed?.array?.first { $0["name"] == name }, spoken.first { $0["name"] == name },
                        passes: passes)
                } else {
                    compare(x, y, "\(place)[\(i)]", seed?[i], request?[i], passes: passes && request == nil)
                }
            }
        case (.string(let a)?, .string(let b)?) where Exclusion.leveled(a) == Exclusion.leveled(b):
            note(a.contains("kube-api-access") ? .generatedName : .version)
        case (.string(let a)?, .string(let b)?) where agesDiffer && place.contains(".cells[") && Exclusion.isAge(a) && Exclusion.isAge(b):
            note(.time)
        default: differ(place, expected: expected, found: found)
        }
    }
}
