import CEL
import Testing

/// The texts are cel-go's (parser and checker of https://github.com/google/cel-go).
@Suite struct CompileErrorTests {
    private let environment = Environment(variables: [
        "object": .dyn,
        "self": .object(ObjectType(name: "Widget", fields: ["size": .int, "name": .string, "tags": .list(.string)])),
    ])

    private func message(_ text: String) -> String {
        do {
            _ = try Program(text, environment)
            return ""
        } catch {
            return error.description
        }
    }

    @Test(arguments: [
        ("objekt.spec > 1", 1, "undeclared reference to 'objekt' (in container '')"),
        ("self.foo > 1", 5, "undefined field 'foo'"),
        ("self.size > 'a'", 11, "found no matching overload for '_>_' applied to '(int, string)'"),
        ("self.size == self.name", 11, "found no matching overload for '_==_' applied to '(int, string)'"),
        ("self.name.startsWith(1)", 21, "found no matching overload for 'startsWith' applied to 'string.(int)'"),
        ("self.size.foo", 10, "type 'int' does not support field selection"),
        ("self.all(x, true)", 1, "expression of type 'Widget' cannot be range of a comprehension (must be list, map, or dynamic)"),
        ("self.tags.all(t, t)", 14, "found no matching overload for '_&&_' applied to '(bool, string)'"),
        ("self.size && true", 11, "found no matching overload for '_&&_' applied to '(int, bool)'"),
        ("nope(1)", 5, "undeclared reference to 'nope' (in container '')"),
        ("[1, 'a']", 5, "expected type 'int' but found 'string'"),
        ("has(object)", 5, "invalid argument to has() macro"),
        ("[1].map(1, 2)", 9, "argument must be a simple name"),
        ("object.size() > 1 )", 19, "Syntax error: extraneous input ')' expecting <EOF>"),
        ("1 $ 2", 3, "Syntax error: token recognition error at: '$'"),
        ("99999999999999999999", 1, "invalid int literal"),
        ("for + 1", 1, "reserved identifier: for"),
    ])
    func mistakesAreToldWithTheirPlace(_ text: String, _ column: Int, _ expected: String) {
        let arrow = String(repeating: ".", count: column - 1) + "^"
        #expect(message(text) == "ERROR: <input>:1:\(column): \(expected)\n | \(text)\n | \(arrow)")
    }

    @Test func everyMistakeIsToldAndTheLineIsFound() {
        #expect(
            message("a &&\n  b") == """
                ERROR: <input>:1:1: undeclared reference to 'a' (in container '')
                 | a &&
                 | ^
                ERROR: <input>:2:3: undeclared reference to 'b' (in container '')
                 |   b
                 | ..^
                """)
    }

    @Test func typesAreKnown() throws {
        for (text, type) in [
            ("self.size > 1", ValueType.bool), ("self.tags.map(t, t.size())", .list(.int)), ("object.spec.replicas", .dyn),
            ("true ? 'a' : 'b'", .string), ("{'a': 1.0}", .map(.string, .double)), ("object.a + 1", .int), ("object.a + object.b", .dyn),
            ("[] + [1]", .list(.int)), ("type(1)", .type(.int)),
        ] {
            #expect(try Program(text, environment).resultType == type, "\(text)")
        }
    }
}
