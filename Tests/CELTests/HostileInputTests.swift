import CEL
import Core
import Testing

/// No text brings the evaluator down or keeps it for long.
@Suite struct HostileInputTests {
    private static let words = [
        "a", "self", "1", "0u", "1.5", "'x'", "\"\\n\"", "b'\\xff'", "r'\\'", "(", ")", "[", "]", "{", "}", ".", "?", ":", ",", "+", "-",
        "*",
        "/", "%", "!", "&&", "||", "==", "<", "in", "has(", ".all(x, ", ".map(y, ", ".?", "[?", "null", "true", "size(", "\u{1F600}", "'''",
        "\\", "$", "9999999999999999999999", "1e999", ".matches('", "(a+)+$", "[^", "{2,1000}", "optional.of(", ".split(", "format(",
        "timestamp(", "duration('", "quantity('", "cidr('", "\n", "//", "`", "0x", "u", ".replace('',", ".substring(",
    ]

    @Test func randomWordsAreAnsweredSomehow() {
        var random = SeededGenerator(seed: 20_261_126)
        for _ in 0..<20_000 {
            let text = (0..<Int.random(in: 1...14, using: &random)).map { _ in
                Self.words[Int.random(in: 0..<Self.words.count, using: &random)]
            }.joined()
            _ = result(text, ["a": [1, "b", ["c": nil]]], budget: 2_000)
        }
    }

    @Test func randomCharactersAreAnsweredSomehow() {
        var random = SeededGenerator(seed: 7)
        for _ in 0..<5_000 {
            var view = String.UnicodeScalarView()
            for _ in 0..<Int.random(in: 0...40, using: &random) {
                view.append(Unicode.Scalar(UInt32.random(in: 0...0x17F, using: &random)) ?? "a")
            }
            _ = result(String(view))
        }
    }

    @Test func nestingIsLimited() {
        for (open, close) in [("(", ")"), ("[", "]"), ("!(", ")"), ("{'a': ", "}"), ("size(", ")"), ("true ? true : ", "")] {
            let text = String(repeating: open, count: 5_000) + "1" + String(repeating: close, count: 5_000)
            #expect(result(text).contains("expression recursion limit exceeded: 250"), "\(open)")
        }
        let chain = Array(repeating: "1", count: 5_000)
        #expect(result(chain.joined(separator: " + ")).contains("expression recursion limit exceeded: 250"))
        // As in cel-go, terms of the logical operators do not nest.
        #expect(result(Array(repeating: "true", count: 5_000).joined(separator: " && ")) == "true")
    }

    @Test func extremeTimesAreNoCrash() {
        for text in [
            "timestamp(-9223372036854775807 - 1)", "timestamp(9223372036)", "timestamp('1690-01-01T00:00:00Z') - duration('200000h')",
            "timestamp('2260-01-01T00:00:00Z') + duration('200000h')",
        ] {
            #expect(result(text) == "error: timestamp overflow", "\(text)")
        }
        #expect(result("timestamp('1679-01-01T00:00:00Z').getDayOfYear() + duration('2562047h').getHours()") == "2562047")
    }

    @Test func noPatternHangs() {
        let text = String(repeating: "a", count: 5_000) + "!"
        #expect(result("self.matches('^(a+)+$') || self.matches('^(a|aa|a*)*b$')", .string(text)) == "false")
        #expect(result("'x'.matches('((((){1000}){1000}){1000}){1000}')").hasPrefix("error: error parsing regexp: "))
        #expect(result("'x'.matches('((a{500}){500}){500}')").hasPrefix("error: error parsing regexp: "))
        #expect(result("'x'.matches('\(String(repeating: "(", count: 3_000))')").hasPrefix("error: error parsing regexp: "))
    }
}
