/// Functions of text: the standard ones and cel-go's "strings" extension, version 2. Places are counted in characters of Unicode.
enum Strings {
    static let overloads: [Overload] = sizes + tests + places + changes + composition

    private static let composition: [Overload] = [
        Overload(on: .list(.string), "join", .string) { values, meter in .string(try join(values[0], "", &meter)) },
        Overload(on: .list(.string), "join", [.string], .string) { values, meter in
            .string(try join(values[0], values[1].string ?? "", &meter))
        },
        Overload(on: .string, "format", [.list(.dyn)], .string) { values, meter in
            guard case (.string(let text), .list(let arguments)) = (values[0], values[1]) else { throw EvaluationError.noSuchOverload }
            return .string(try TextFormat.format(text, arguments, &meter))
        },
        Overload("strings.quote", [.string], .string) { values, _ in .string(Conversions.quoted(values[0].string ?? "")) },
    ]

    private static func scalars(_ value: Value) -> [Unicode.Scalar] { Array((value.string ?? "").unicodeScalars) }

    private static func text(_ scalars: some Sequence<Unicode.Scalar>) -> Value {
        var view = String.UnicodeScalarView()
        view.append(contentsOf: scalars)
        return .string(String(view))
    }

    // MARK: Size

    private static let sizes: [Overload] = [ValueType.string, .bytes, .list(.parameter("A")), .map(.parameter("A"), .parameter("B"))]
        .flatMap { type in
            [Overload("size", [type], .int, size), Overload(on: type, "size", .int, size)]
        }

    @Sendable private static func size(_ values: [Value], _ meter: inout Meter) throws -> Value {
        switch values[0] {
        case .string(let text):
            try meter.traverse(text.utf8.count)
            return .int(Int64(text.unicodeScalars.count))
        case .bytes(let bytes): return .int(Int64(bytes.count))
        case .list(let list): return .int(Int64(list.count))
        case .map(let map): return .int(Int64(map.count))
        default: throw EvaluationError.noSuchOverload
        }
    }

    // MARK: Tests

    private static let tests: [Overload] = [
        test("contains") { text, part in find(part, in: text, from: 0) != nil },
        test("startsWith") { text, part in text.starts(with: part) },
        test("endsWith") { text, part in text.reversed().starts(with: part.reversed()) },
    ]

    private static func test(_ name: String, _ body: @escaping @Sendable ([Unicode.Scalar], [Unicode.Scalar]) -> Bool) -> Overload {
        Overload(on: .string, name, [.string], .bool) { values, meter in
            let (text, part) = (scalars(values[0]), scalars(values[1]))
            try meter.traverse(text.count)
            if name == "contains" { try meter.traverse(text.count * part.count / 10) }
            return .bool(body(text, part))
        }
    }

    // MARK: Places

    private static func find(_ part: [Unicode.Scalar], in text: [Unicode.Scalar], from start: Int) -> Int? {
        guard start >= 0, text.count - start >= part.count else { return nil }
        return (start...(text.count - part.count)).first { text[$0..<$0 + part.count].elementsEqual(part) }
    }

    private static func findLast(_ part: [Unicode.Scalar], in text: [Unicode.Scalar], upTo last: Int) -> Int? {
        guard text.count >= part.count else { return nil }
        let last = min(last, text.count - part.count)
        guard last >= 0 else { return nil }
        return (0...last).last { text[$0..<$0 + part.count].elementsEqual(part) }
    }

    private static func place(_ value: Value, in count: Int) throws -> Int {
        guard case .int(let index) = value, index >= 0, index <= Int64(count) else {
            throw EvaluationError("index out of range: \(Conversions.shown(value))")
        }
        return Int(index)
    }

    private static let places: [Overload] = [
        Overload(on: .string, "charAt", [.int], .string) { values, meter in
            let text = scalars(values[0])
            try meter.traverse(text.count)
            let index = try place(values[1], in: text.count)
            return Strings.text(text[index..<min(index + 1, text.count)])
        },
        Overload(on: .string, "indexOf", [.string], .int) { values, meter in
            let text = scalars(values[0])
            try meter.traverse(text.count)
            return .int(Int64(find(scalars(values[1]), in: text, from: 0) ?? -1))
        },
        Overload(on: .string, "indexOf", [.string, .int], .int) { values, meter in
            let text = scalars(values[0])
            try meter.traverse(text.count)
            return .int(Int64(find(scalars(values[1]), in: text, from: try place(values[2], in: text.count)) ?? -1))
        },
        Overload(on: .string, "lastIndexOf", [.string], .int) { values, meter in
            let text = scalars(values[0])
            try meter.traverse(text.count)
            return .int(Int64(findLast(scalars(values[1]), in: text, upTo: text.count) ?? -1))
        },
        Overload(on: .string, "lastIndexOf", [.string, .int], .int) { values, meter in
            let text = scalars(values[0])
            try meter.traverse(text.count)
            return .int(Int64(findLast(scalars(values[1]), in: text, upTo: try place(values[2], in: text.count)) ?? -1))
        },
        Overload(on: .string, "substring", [.int], .string) { values, meter in
            let text = scalars(values[0])
            try meter.traverse(text.count)
            return Strings.text(text[try place(values[1], in: text.count)...])
        },
        Overload(on: .string, "substring", [.int, .int], .string) { values, meter in
            let text = scalars(values[0])
            try meter.traverse(text.count)
            let (start, end) = (try place(values[1], in: text.count), try place(values[2], in: text.count))
            guard start <= end else { throw EvaluationError("invalid substring range. start: \(start), end: \(end)") }
            return Strings.text(text[start..<end])
        },
    ]

    // MARK: Changes

    private static let changes: [Overload] = [
        Overload(on: .string, "lowerAscii", .string) { values, meter in
            try mapped(values[0], &meter) { ("A"..."Z").contains($0) ? Unicode.Scalar(UInt8($0.value + 32)) : $0 }
        },
        Overload(on: .string, "upperAscii", .string) { values, meter in
            try mapped(values[0], &meter) { ("a"..."z").contains($0) ? Unicode.Scalar(UInt8($0.value - 32)) : $0 }
        },
        Overload(on: .string, "trim", .string) { values, meter in
            let text = scalars(values[0])
            try meter.traverse(text.count)
            let isSpace = { (c: Unicode.Scalar) in c.properties.isWhitespace }
            guard let first = text.firstIndex(where: { !isSpace($0) }), let last = text.lastIndex(where: { !isSpace($0) }) else {
                return .string("")
            }
            return Strings.text(text[first...last])
        },
        Overload(on: .string, "replace", [.string, .string], .string) { values, meter in
            try replaced(values[0], values[1], values[2], limit: .max, &meter)
        },
        Overload(on: .string, "replace", [.string, .string, .int], .string) { values, meter in
            guard case .int(let limit) = values[3] else { throw EvaluationError.noSuchOverload }
            return try replaced(values[0], values[1], values[2], limit: limit < 0 ? .max : limit, &meter)
        },
        Overload(on: .string, "split", [.string], .list(.string)) { values, meter in
            .list(try parts(values[0], values[1], limit: .max, &meter))
        },
        Overload(on: .string, "split", [.string, .int], .list(.string)) { values, meter in
            guard case .int(let limit) = values[2] else { throw EvaluationError.noSuchOverload }
            return .list(try parts(values[0], values[1], limit: limit < 0 ? .max : limit, &meter))
        },
        Overload(on: .string, "reverse", .string) { values, meter in
            let text = scalars(values[0])
            try meter.traverse(text.count)
            return Strings.text(text.reversed())
        },
    ]

    private static func mapped(_ value: Value, _ meter: inout Meter, _ change: (Unicode.Scalar) -> Unicode.Scalar) throws -> Value {
        let text = scalars(value)
        try meter.traverse(text.count)
        return Strings.text(text.map(change))
    }

    /// At most `limit` parts; a separator of nothing splits into characters.
    private static func parts(_ value: Value, _ separator: Value, limit: Int64, _ meter: inout Meter) throws -> [Value] {
        let (text, separator) = (scalars(value), scalars(separator))
        try meter.traverse(text.count)
        if limit == 0 { return [] }
        var parts: [Value] = []
        var start = 0
        while Int64(parts.count) < limit - 1 {
            guard let next = separator.isEmpty ? (start + 1 < text.count ? start + 1 : nil) : find(separator, in: text, from: start) else {
                break
            }
            parts.append(Strings.text(text[start..<next]))
            start = next + separator.count
        }
        if !separator.isEmpty || start < text.count { parts.append(Strings.text(text[start...])) }
        return parts
    }

    private static func replaced(_ value: Value, _ old: Value, _ new: Value, limit: Int64, _ meter: inout Meter) throws -> Value {
        let (text, old, new) = (scalars(value), scalars(old), scalars(new))
        try meter.traverse(text.count)
        var out: [Unicode.Scalar] = []
        var at = 0
        var count: Int64 = 0
        while count < limit, let next = old.isEmpty ? (at <= text.count ? at : nil) : find(old, in: text, from: at) {
            try meter.traverse(new.count)
            out += text[at..<next] + new
            count += 1
            at = next + old.count
            if old.isEmpty {
                guard at < text.count else { return Strings.text(out) }
                out.append(text[at])
                at += 1
            }
        }
        return Strings.text(out + text[min(at, text.count)...])
    }

    private static func join(_ list: Value, _ separator: String, _ meter: inout Meter) throws -> String {
        guard case .list(let elements) = list else { throw EvaluationError.noSuchOverload }
        var texts: [String] = []
        for element in elements {
            guard case .string(let text) = element else { throw EvaluationError.noSuchOverload }
            try meter.traverse(text.utf8.count + separator.utf8.count)
            texts.append(text)
        }
        return texts.joined(separator: separator)
    }
}
