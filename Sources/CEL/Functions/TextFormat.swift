import Foundation

/// `"%s has %d".format([…])` (cel-go's "strings" extension).
enum TextFormat {
    static func format(_ text: String, _ arguments: [Value], _ meter: inout Meter) throws -> String {
        var out = ""
        var next = 0
        var rest = text.unicodeScalars[...]
        while let c = rest.popFirst() {
            guard c == "%" else { out.unicodeScalars.append(c); continue }
            if rest.first == "%" { rest.removeFirst(); out += "%"; continue }
            var precision: Int?
            if rest.first == "." {
                rest.removeFirst()
                let digits = rest.prefix { Lexer.isDigit($0) }
                rest = rest.dropFirst(digits.count)
                guard let given = Int(String(digits)), given <= 1000 else {
                    throw EvaluationError("could not parse formatting clause: error while parsing precision")
                }
                precision = given
            }
            guard let verb = rest.popFirst() else { throw EvaluationError("unexpected end of format string") }
            guard next < arguments.count else { throw EvaluationError("index \(next) out of range") }
            let piece = try clause(verb, arguments[next], precision)
            try meter.traverse(piece.utf8.count)
            out += piece
            next += 1
        }
        return out
    }

    private static func clause(_ verb: Unicode.Scalar, _ value: Value, _ precision: Int?) throws -> String {
        switch verb {
        case "s": return Conversions.shown(value)
        case "d":
            switch value {
            case .int, .uint: return Conversions.shown(value)
            case .double(let x) where !x.isFinite: return x.isNaN ? "NaN" : x < 0 ? "-Infinity" : "Infinity"
            default: throw wrong("decimal clause can only be used on integers", value)
            }
        case "f", "e":
            guard let number = double(value) else {
                throw wrong(
                    verb == "f" ? "fixed-point clause can only be used on doubles" : "scientific clause can only be used on doubles", value)
            }
            if !number.isFinite { return number.isNaN ? "NaN" : number < 0 ? "-Infinity" : "Infinity" }
            return String(format: "%.\(precision ?? 6)\(String(verb))", number)
        case "b":
            switch value {
            case .bool(let x): return x ? "1" : "0"
            case .int(let x): return String(x, radix: 2)
            case .uint(let x): return String(x, radix: 2)
            default: throw wrong("only integers and bools can be formatted as binary", value)
            }
        case "o":
            switch value {
            case .int(let x): return String(x, radix: 8)
            case .uint(let x): return String(x, radix: 8)
            default: throw wrong("octal clause can only be used on integers", value)
            }
        case "x", "X":
            let isUpper = verb == "X"
            switch value {
            case .int(let x): return String(x, radix: 16, uppercase: isUpper)
            case .uint(let x): return String(x, radix: 16, uppercase: isUpper)
            case .string(let x): return hex(Array(x.utf8), isUpper)
            case .bytes(let x): return hex(x, isUpper)
            default: throw wrong("only integers, byte buffers, and strings can be formatted as hex", value)
            }
        default:
            throw EvaluationError("could not parse formatting clause: unrecognized formatting clause \"\(verb)\"")
        }
    }

    private static func wrong(_ what: String, _ value: Value) -> EvaluationError {
        EvaluationError("error during formatting: \(what), was given \(value.type)")
    }

    private static func double(_ value: Value) -> Double? {
        switch value {
        case .double(let x): x
        case .int(let x): Double(x)
        case .uint(let x): Double(x)
        default: nil
        }
    }

    private static func hex(_ bytes: [UInt8], _ isUpper: Bool) -> String {
        bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16, uppercase: isUpper) }.joined()
    }
}
