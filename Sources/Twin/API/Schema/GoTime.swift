import Core

/// Why a text is no time, in the words of Go's `time.Parse`, which the API server hands on.
enum GoTime {
    /// nil for a time. With `micro` exactly six decimals are asked for, as `MicroTime` does.
    static func problem(_ text: String, micro: Bool) -> String? {
        let layout = micro ? "2006-01-02T15:04:05.000000Z07:00" : "2006-01-02T15:04:05Z07:00"
        var rest = text[...]
        func cannot(_ element: String) -> String {
            "parsing time \(quoted(text)) as \"\(layout)\": cannot parse \(quoted(rest)) as \"\(element)\""
        }
        func outOfRange(_ what: String) -> String { "parsing time \(quoted(text)): \(what) out of range" }
        /// The number of the next digits; nil where they are not digits.
        func number(_ digits: Int) -> Int? {
            let part = rest.prefix(digits)
            guard part.utf8.count == digits, part.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
            rest = rest.dropFirst(digits)
            return Int(part)
        }
        var values: [Int] = []
        for (element, digits, separator, range, name) in elements {
            if !separator.isEmpty {
                guard rest.hasPrefix(separator) else { return cannot(separator) }
                rest = rest.dropFirst()
            }
            guard let value = number(digits) else { return cannot(element) }
            guard range.contains(value) else { return outOfRange(name) }
            values.append(value)
        }
        if micro {
            let digits = rest.dropFirst().prefix { $0.isASCII && $0.isNumber }
            guard rest.hasPrefix("."), digits.count >= 6 else { return cannot(".000000") }
            rest = rest.dropFirst(7)
        } else if rest.hasPrefix("."), rest.dropFirst().first?.isNumber == true {
            rest = rest.dropFirst().drop { $0.isNumber }
        }
        if rest.hasPrefix("Z") {
            rest = rest.dropFirst()
        } else {
            guard rest.hasPrefix("+") || rest.hasPrefix("-"), rest.count >= 6 else { return cannot("Z07:00") }
            let zone = rest.dropFirst().prefix(5)
            guard zone.dropFirst(2).hasPrefix(":"), Int(zone.prefix(2)) != nil, Int(zone.suffix(2)) != nil else { return cannot("Z07:00") }
            rest = rest.dropFirst(6)
        }
        if !rest.isEmpty { return "parsing time \(quoted(text)): extra text: \(quoted(rest))" }
        return values[2] > days(year: values[0], month: values[1]) ? outOfRange("day") : nil
    }

    private static let elements: [(element: String, digits: Int, separator: String, range: ClosedRange<Int>, name: String)] = [
        ("2006", 4, "", 0...9999, "year"), ("01", 2, "-", 1...12, "month"), ("02", 2, "-", 1...99, "day"), ("15", 2, "T", 0...23, "hour"),
        ("04", 2, ":", 0...59, "minute"), ("05", 2, ":", 0...59, "second"),
    ]

    private static func days(year: Int, month: Int) -> Int {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    private static func quoted(_ text: some StringProtocol) -> String { JSON.string(String(text)).text() }
}
