import CEL
import Core

/// The formats of text that structural schemas may ask for (kube-openapi pkg/validation/strfmt); any other asks for nothing.
enum StringFormat {
    /// Whether a text is of a format, as the schema writes its name.
    static func accepts(_ text: String, _ format: String) -> Bool {
        if let pattern = patterns[format] { return pattern.matches(text) }
        switch format {
        case "date-time", "datetime": return isTime(text)
        case "date": return text.utf8.count == 10 && GoTime.problem("\(text)T00:00:00Z", micro: false) == nil
        case "duration": return isDuration(text)
        case "ipv4": return IPAddress(text)?.isFour == true
        case "ipv6": return IPAddress(text)?.isFour == false
        case "cidr": return IPNetwork(text) != nil
        case "byte": return Base64.firstFault(text) == nil
        case "hostname", "k8s-long-name": return Names.subdomain(text).isEmpty
        case "k8s-short-name": return Names.label(text).isEmpty
        case "uri": return isAddress(text)
        default: return true
        }
    }

    private static let patterns: [String: Pattern] = {
        let hex = "[0-9a-fA-F]"
        func uuid(_ version: String, _ variant: String) -> String {
            "^\(hex){8}-?\(hex){4}-?\(version)\(hex){3}-?\(variant)\(hex){3}-?\(hex){12}$"
        }
        let texts = [
            "email": #"^[^@\s<>]+@[^@\s<>.]+(\.[^@\s<>.]+)*$"#,
            "mac": "^\(hex){2}([:-]\(hex){2}){5}$|^\(hex){2}([:-]\(hex){2}){7}$|^\(hex){4}(\\.\(hex){4}){2,3}$",
            "uuid": uuid(hex, hex), "uuid3": uuid("3", hex), "uuid4": uuid("4", "[89abAB]"), "uuid5": uuid("5", "[89abAB]"),
            "bsonobjectid": "^\(hex){24}$", "hexcolor": "^#?(\(hex){3}|\(hex){6})$", "creditcard": #"^[0-9][0-9 -]{11,22}[0-9]$"#,
            "ssn": #"^\d{3}[- ]?\d{2}[- ]?\d{4}$"#,
            "rgbcolor": #"^rgb\(\s*\d{1,3}\s*,\s*\d{1,3}\s*,\s*\d{1,3}\s*\)$"#,
        ]
        return texts.compactMapValues { try? Pattern($0) }
    }()

    /// RFC 3339 with any number of decimals.
    private static func isTime(_ text: String) -> Bool { GoTime.problem(text.uppercased(), micro: false) == nil }

    /// Go's `time.ParseDuration`, or words such as `3 days`.
    private static func isDuration(_ text: String) -> Bool {
        durations.contains { $0.matches(text) }
    }

    private static let durations = [
        #"^[-+]?(0|((\d+(\.\d*)?|\.\d+)(ns|us|µs|μs|ms|s|m|h))+)$"#,
        #"^(\d+)\s*(ns|us|µs|ms|s|m|h|d|w|nanoseconds?|microseconds?|milliseconds?|seconds?|minutes?|hours?|hrs?|days?|weeks?|wks?)$"#,
    ].compactMap { try? Pattern($0) }

    /// Go's `url.ParseRequestURI`: an absolute path, or a scheme with what follows it.
    private static func isAddress(_ text: String) -> Bool {
        if text.contains(where: { $0.isWhitespace || $0.asciiValue.map { $0 < 0x20 || $0 == 0x7F } ?? false }) { return false }
        if text.hasPrefix("/") { return true }
        guard let colon = text.firstIndex(of: ":"), let first = text.first, first.isASCII, first.isLetter else { return false }
        return text[..<colon].allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "+-.".contains($0)) }
    }
}
