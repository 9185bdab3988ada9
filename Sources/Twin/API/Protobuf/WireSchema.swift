/// The messages in which Kubernetes v1.36 writes its built-in kinds (the `generated.proto` of its APIs): numbers, names and types of fields.
///
/// One message a line, `Name field:type …`, in sections `# section apiVersion`. A field has the number after the one before it, unless a number
/// stands before it. Types: `s` string, `i` integer, `b` boolean, `f` double, `y` bytes, `q` quantity, `is` integer or string, `t` time, `mt`
/// time with microseconds, `raw` JSON as it is, `w` list in a message of its own, `orList`, `orBool`, `orTexts` a schema or something
/// else; `Name` or `section.Name` a message, `[T]` list, `{T}` map by string, `^T` a message whose members stand in the object itself.
/// `?` is a pointer in Go: absent and zero are two things there, and nowhere else; `!` is in JSON also when it is zero.
struct WireSchema: Sendable {
    static let builtIn = WireSchema(WireText.all)

    indirect enum Form: Sendable {
        case string, integer, boolean, double, bytes, quantity, integerOrString, time, microTime, json, wrappedTexts
        case schemaOrList, schemaOrBool, schemaOrTexts
        case message(String)
        case list(Form)
        case map(Form)
    }

    struct Field: Sendable {
        let number: Int
        /// Empty for a message whose members stand in the object itself.
        let name: String
        let form: Form
        let isPointer: Bool
        let isShownWhenZero: Bool

        var isInline: Bool { name.isEmpty }
    }

    struct Message: Sendable {
        /// By ascending number.
        let fields: [Field]

        subscript(number: Int) -> Field? { fields.first { $0.number == number } }
    }

    /// By `section.Name`.
    private(set) var messages: [String: Message] = [:]
    private var sections: [String: String] = [:]

    /// The message of a kind; nil for a kind that has none. What belongs to no group (`Status`, `DeleteOptions`) may stand in any.
    func name(kind: String, apiVersion: String) -> String? {
        let own = sections[apiVersion].map { "\($0).\(kind)" }
        return [own, "meta.\(kind)"].compactMap(\.self).first { messages[$0] != nil }
    }

    init(_ text: String) {
        var section = ""
        for line in text.split(separator: "\n") {
            let words = line.split(separator: " ")
            guard let first = words.first else { continue }
            if first == "#", words.count == 3 {
                section = String(words[1])
                sections[String(words[2])] = section
                continue
            }
            var number = 0
            var fields: [Field] = []
            for word in words.dropFirst() {
                if let next = Int(word) { number = next - 1; continue }
                number += 1
                fields.append(WireSchema.field(word, number, section))
            }
            messages["\(section).\(first)"] = Message(fields: fields)
        }
    }

    private static func field(_ word: Substring, _ number: Int, _ section: String) -> Field {
        let colon = word.firstIndex(of: ":") ?? word.startIndex
        let isInline = word.hasPrefix("^")
        var type = word[word.index(after: isInline ? word.startIndex : colon)...]
        let isPointer = type.hasSuffix("?")
        let isShownWhenZero = type.hasSuffix("!")
        if isPointer || isShownWhenZero { type.removeLast() }
        return Field(
            number: number, name: isInline ? "" : String(word[..<colon]), form: form(type, section), isPointer: isPointer,
            isShownWhenZero: isShownWhenZero)
    }

    private static func form(_ type: Substring, _ section: String) -> Form {
        if type.hasPrefix("[") { return .list(form(type.dropFirst().dropLast(), section)) }
        if type.hasPrefix("{") { return .map(form(type.dropFirst().dropLast(), section)) }
        return switch type {
        case "s": .string
        case "i": .integer
        case "b": .boolean
        case "f": .double
        case "y": .bytes
        case "q": .quantity
        case "is": .integerOrString
        case "t": .time
        case "mt": .microTime
        case "raw": .json
        case "w": .wrappedTexts
        case "orList": .schemaOrList
        case "orBool": .schemaOrBool
        case "orTexts": .schemaOrTexts
        default: .message(type.contains(".") ? String(type) : "\(section).\(type)")
        }
    }
}
