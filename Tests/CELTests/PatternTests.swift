import CEL
import Testing

/// RE2 syntax (https://github.com/google/re2/wiki/Syntax).
@Suite struct PatternTests {
    @Test(arguments: [
        ("a|b*c", "bbc", true), ("^a.c$", "a\nc", false), ("(?s)^a.c$", "a\nc", true), ("(?i)ÄB", "äb", true), ("[^a-c]", "abc", false),
        ("^[[:alpha:]_]+$", "aZ_", true), (#"\bfoo\b"#, "a foo b", true), (#"\bfoo\b"#, "afoo", false), ("x{2,3}y", "xxy", true),
        ("^x{2}$", "xxx", false), ("(?m)^b$", "a\nb\nc", true), (#"^\Qa.b\E$"#, "a.b", true), (#"\x{e9}\x41"#, "éA", true),
        ("^(?:a|b)(?P<n>c)?$", "ac", true), ("^[]a]+$", "]a", true), ("^[a\\-z]+$", "a-z", true), ("a{,2}", "a{,2}", true), ("", "x", true),
        (#"^\d+(\.\d+)?\s*$"#, "1.5 ", true), ("^(a*)*$", "aaa", true),
    ])
    func matches(_ pattern: String, _ text: String, _ expected: Bool) throws {
        #expect(try Pattern(pattern).matches(text) == expected)
    }

    @Test(arguments: [
        ("(", "missing closing ): `(`"), (")", "unexpected ): `)`"), ("[a", "missing closing ]: `[a`"),
        ("*a", "missing argument to repetition operator: `*`"), ("a**", "invalid nested repetition operator: `**`"),
        ("[b-a]", "invalid character class range: `b-a`"), ("a{1001}", "invalid repeat count: `{1001}`"),
        ("\\", "trailing backslash at end of expression: ``"), (#"\y"#, #"invalid escape sequence: `\y`"#),
    ])
    func mistakes(_ pattern: String, _ message: String) {
        do {
            _ = try Pattern(pattern)
            Issue.record("\(pattern) was read")
        } catch {
            #expect(error.message == "error parsing regexp: \(message)")
        }
    }
}
