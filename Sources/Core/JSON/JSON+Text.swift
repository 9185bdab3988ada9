extension JSON {
    /// Parses one JSON document. A key that stands twice keeps its last value.
    package init(parsing bytes: [UInt8]) throws(JSONError) {
        self = try JSONReader.read(bytes) { (r) throws(JSONError) in try r.value() }
    }

    package init(parsing text: String) throws(JSONError) { try self.init(parsing: Array(text.utf8)) }

    /// The document as UTF-8, keys in the order they are held; `sortedKeys` sorts them by Unicode scalars, `pretty` indents by two.
    package func serialized(sortedKeys: Bool = false, pretty: Bool = false) -> [UInt8] {
        var writer = JSONWriter(sortedKeys: sortedKeys, pretty: pretty)
        writer.write(self, indent: 0)
        return writer.out
    }

    /// Appends the document, as ``serialized(sortedKeys:pretty:)`` gives it, to bytes that are there already.
    package func append(to out: inout [UInt8]) {
        var writer = JSONWriter(sortedKeys: false, pretty: false)
        swap(&writer.out, &out)
        writer.write(self, indent: 0)
        swap(&writer.out, &out)
    }

    package func text(sortedKeys: Bool = false, pretty: Bool = false) -> String {
        String(decoding: serialized(sortedKeys: sortedKeys, pretty: pretty), as: UTF8.self)
    }
}

private struct JSONWriter {
    let sortedKeys: Bool
    let pretty: Bool
    var out: [UInt8] = []

    mutating func write(_ value: JSON, indent: Int) {
        switch value {
        case .null: out += "null".utf8
        case .bool(let x): out += (x ? "true" : "false").utf8
        case .integer(let x): out += String(x).utf8
        case .number(let x): out += JSON.ecmaScriptNumber(x).utf8
        case .string(let x): JSON.appendQuoted(x, to: &out)
        case .array(let elements):
            if elements.isEmpty { out += "[]".utf8; return }
            out.append(UInt8(ascii: "["))
            for (i, element) in elements.enumerated() {
                if i > 0 { out.append(UInt8(ascii: ",")) }
                newLine(indent + 1)
                write(element, indent: indent + 1)
            }
            newLine(indent)
            out.append(UInt8(ascii: "]"))
        case .object(let members):
            if members.isEmpty { out += "{}".utf8; return }
            out.append(UInt8(ascii: "{"))
            var first = true
            func member(_ key: String, _ value: JSON, _ self: inout JSONWriter) {
                if !first { self.out.append(UInt8(ascii: ",")) }
                first = false
                self.newLine(indent + 1)
                JSON.appendQuoted(key, to: &self.out)
                self.out.append(UInt8(ascii: ":"))
                if self.pretty { self.out.append(0x20) }
                self.write(value, indent: indent + 1)
            }
            if sortedKeys {
                for key in members.keys.sorted() { member(key, members[key] ?? .null, &self) }
            } else {
                for (key, value) in members { member(key, value, &self) }
            }
            newLine(indent)
            out.append(UInt8(ascii: "}"))
        }
    }

    mutating func newLine(_ indent: Int) {
        guard pretty else { return }
        out.append(0x0A)
        out.append(contentsOf: repeatElement(0x20, count: indent * 2))
    }
}

extension JSON {
    /// Appends a string in quotes with the escapes that RFC 8785 section 3.2.2.2 names, and no others. What stands between two of them is
    /// copied as a whole.
    static func appendQuoted(_ text: String, to out: inout [UInt8]) {
        out.append(0x22)
        var text = text
        text.withUTF8 { bytes in
            var copied = 0
            for (i, byte) in bytes.enumerated() where byte < 0x20 || byte == 0x22 || byte == 0x5C {
                out.append(contentsOf: bytes[copied..<i])
                appendEscape(of: byte, to: &out)
                copied = i + 1
            }
            out.append(contentsOf: bytes[copied...])
        }
        out.append(0x22)
    }

    private static func appendEscape(of byte: UInt8, to out: inout [UInt8]) {
        switch byte {
        case 0x22: out += [0x5C, 0x22]
        case 0x5C: out += [0x5C, 0x5C]
        case 0x08: out += "\\b".utf8
        case 0x09: out += "\\t".utf8
        case 0x0A: out += "\\n".utf8
        case 0x0C: out += "\\f".utf8
        case 0x0D: out += "\\r".utf8
        default:
            let hex = Array("0123456789abcdef".utf8)
            out += "\\u00".utf8
            out.append(hex[Int(byte >> 4)])
            out.append(hex[Int(byte & 15)])
        }
    }
}
