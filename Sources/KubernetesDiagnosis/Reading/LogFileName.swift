/// `<pod>.<container>.log`, `.previous.log`, `….log.error-<status>.json`.
struct LogFileName {
    let pod: String
    let container: String
    var previous = false
    var error: Int?

    init?(_ name: String) {
        var stem = name[...]
        if let range = stem.firstRange(of: ".log.error-"), stem.hasSuffix(".json") {
            error = Int(stem[range.upperBound...].dropLast(5))
            stem = stem[..<range.lowerBound]
        } else if stem.hasSuffix(".log") {
            stem = stem.dropLast(4)
        } else {
            return nil
        }
        if stem.hasSuffix(".previous") { previous = true; stem = stem.dropLast(9) }
        // A container's name holds no dot (RFC 1123 label), a pod's may: the last dot parts them.
        guard let dot = stem.lastIndex(of: "."), dot != stem.startIndex else { return nil }
        pod = String(stem[..<dot])
        container = String(stem[stem.index(after: dot)...])
    }
}
