import Core

/// What `martlet doctor` found, one check after the other.
struct DoctorReport {
    enum Grade: String { case ok, note, warning, error }

    struct Check {
        let name: String
        let grade: Grade
        let text: String
        var details: [String] = []
        var fix: String?
    }

    private(set) var checks: [Check] = []
    /// RBAC that would grant what is missing.
    var manifest: String?
    /// RBAC that would let error rates be watched, where that is not so: everybody's own choice.
    var optional: String?

    mutating func add(_ name: String, _ grade: Grade, _ text: String, details: [String] = [], fix: String? = nil) {
        checks.append(Check(name: name, grade: grade, text: text, details: details, fix: fix))
    }

    mutating func fail(_ name: String, _ error: MartletError) {
        add(name, .error, error.message, details: error.details, fix: error.fix)
    }

    var hasErrors: Bool { checks.contains { $0.grade == .error } }

    var json: JSON {
        var json: JSON = [
            "checks": .array(
                checks.map { check in
                    var json: JSON = [
                        "name": .string(check.name), "grade": .string(check.grade.rawValue), "text": .string(check.text),
                        "details": JSON(check.details),
                    ]
                    if let fix = check.fix { json["fix"] = .string(fix) }
                    return json
                })
        ]
        if let manifest { json["rbac"] = .string(manifest) }
        if let optional { json["optionalRBAC"] = .string(optional) }
        return json
    }

    func lines() -> [String] {
        var table = TerminalTable("STATE", "CHECK", "FOUND")
        for check in checks {
            table.add(.init(check.grade.rawValue, check.grade.style), .init(check.name), .init(check.text))
            for detail in check.details { table.add("", "", .init("  " + detail)) }
            if let fix = check.fix { table.add("", "", .init("  fix: " + fix)) }
        }
        return table.lines()
            + (manifest.map { ["", "This would grant what is missing (save it and use kubectl apply -f):", "", $0.escapedForTerminal] }
                ?? [])
            + (optional.map {
                [
                    "", "This is your choice: with it error rates are watched, and every HTTP page of every pod may be read:", "",
                    $0.escapedForTerminal,
                ]
            } ?? [])
    }
}

extension DoctorReport.Grade {
    fileprivate var style: TerminalStyle {
        switch self {
        case .ok: .ok
        case .note: .soft
        case .warning: .high
        case .error: .critical
        }
    }
}
