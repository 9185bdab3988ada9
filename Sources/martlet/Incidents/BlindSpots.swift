import Core

/// What a server may not see, told beside every list that might otherwise look like health.
enum BlindSpots {
    /// Says on standard error which clusters cannot be watched, or not whole.
    static func warn(_ status: JSON) {
        for text in texts(status) { Terminal.printToError("warning: \(text)") }
    }

    static func texts(_ status: JSON) -> [String] {
        (status["clusters"]?.array ?? []).compactMap { cluster in
            let name = cluster["name"]?.string ?? ""
            if let error = cluster["error"]?.string { return "cluster \(name) cannot be watched: \(error)" }
            guard cluster["blind"] == true else { return nil }
            let kinds = (cluster["unreadable"]?.array ?? []).compactMap(\.string)
            return "cluster \(name) is not seen whole: not allowed to list \(kinds.joined(separator: ", ")) (see martlet doctor)"
        }
    }
}
