import Core

/// When a line of a log was written, where it says so.
enum LogTime {
    /// The first RFC 3339 time within the first ``reach`` bytes of the line, a blank instead of the `T`, slashes in the date (Go's
    /// `log`, nginx) and a missing zone (UTC) allowed.
    static func of(_ line: LogLine) -> Timestamp? {
        let bytes = line.bytes.prefix(reach)
        func isDigit(_ i: Int) -> Bool { i < bytes.count && (0x30...0x39).contains(bytes[i]) }
        var i = 0
        while i + 19 <= bytes.count {
            defer { i += 1 }
            guard isDigit(i), isDigit(i + 3), bytes[i + 4] == 0x2D || bytes[i + 4] == 0x2F, bytes[i + 7] == bytes[i + 4],
                bytes[i + 13] == 0x3A, bytes[i + 16] == 0x3A,
                bytes[i + 10] == 0x54 || bytes[i + 10] == 0x20
            else { continue }
            let date = bytes[i..<i + 10].map { $0 == 0x2F ? 0x2D : $0 }
            var text = String(decoding: date, as: UTF8.self) + "T" + String(decoding: bytes[i + 11..<i + 19], as: UTF8.self)
            var end = i + 19
            if end < bytes.count, bytes[end] == 0x2E || bytes[end] == 0x2C {
                end += 1
                while isDigit(end) { end += 1 }
            }
            if end + 6 <= bytes.count, bytes[end] == 0x2B || bytes[end] == 0x2D, isDigit(end + 1), bytes[end + 3] == 0x3A {
                text += String(decoding: bytes[end..<end + 6], as: UTF8.self)
            } else {
                text += "Z"
            }
            if let time = Timestamp(text) { return time }
        }
        return nil
    }

    /// Structured lines begin with other fields now and then.
    private static let reach = 160
}
