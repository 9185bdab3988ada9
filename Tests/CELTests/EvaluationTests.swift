import CEL
import Core
import Testing

/// Evaluates with `self` as a document; the value as text, or the message.
func result(_ text: String, _ document: JSON = [:], budget: Int = 1_000_000) -> String {
    do {
        let program = try Program(text, Environment(variables: ["self": .dyn]))
        var meter = Meter(budget)
        return try program.evaluate(["self": Value(document)], &meter).description
    } catch let error as EvaluationError {
        return "error: \(error.message)"
    } catch let error as CompileError {
        return error.description
    } catch {
        return "\(error)"
    }
}

/// Cases of the language definition (https://github.com/google/cel-spec, tests/simple) and of kubernetes.io, "Common Expression Language in
/// Kubernetes".
@Suite struct EvaluationTests {
    @Test(arguments: [
        ("1 + 2 * 3 == 7", "true"), ("(1 + 2) * 3", "9"), ("7 / 2", "3"), ("-7 % 4", "-3"), ("2u + 3u", "5"), ("7.0 / 2.0", "3.5"),
        ("0x1F", "31"), ("1e3", "1000"), ("-9223372036854775808", "-9223372036854775808"), ("!true || !!true", "true"), ("--5", "5"),
        ("true ? 1 : 2", "1"), ("false ? 1 : true ? 2 : 3", "2"), ("1 < 1.5 && 2u > 1 && dyn(1) == 1.0", "true"), ("'a' < 'b'", "true"),
        ("2 in [1, 2] && 'k' in {'k': 1}", "true"), ("[1] + [2, 3]", "[1, 2, 3]"), ("{'a': {'b': [10, 20]}}.a.b[1]", "20"),
        ("'tacocat'.size() + size(b'\\xff\\x00')", "9"), (#"r'\d' + "\u00e9\t" + '''x'y'''"#, "\\dé\tx'y"), ("null == null", "true"),
        ("type(1) == int && type(type(1)) == type", "true"), ("{1: 'a'}[1] // comment", "a"), ("dyn({1: 'a'})[1.0]", "a"),
    ])
    func operators(_ text: String, _ expected: String) { #expect(result(text) == expected) }

    @Test(arguments: [
        ("9223372036854775807 + 1", "integer overflow"), ("-(-9223372036854775807 - 1)", "integer overflow"),
        ("0u - 1u", "unsigned integer overflow"), ("1 / 0", "division by zero"), ("1 % 0", "modulus by zero"),
        ("self.a.b", "no such key: b"), ("self.list[3]", "index out of bounds: 3"), ("self.a + 1", "no such overload"),
        ("int('x')", #"strconv.ParseInt: parsing "x": invalid syntax"#), ("self.text ? 1 : 2", "no such overload"),
        ("self.list.all(x, x.y > 0)", "no such key: y"), ("{'a': 1, 'a': 2}", "insert failed: key a already exists"),
        ("'a'.matches('(')", "error parsing regexp: missing closing ): `(`"), ("duration('5')", #"time: missing unit in duration "5""#),
    ])
    func errors(_ text: String, _ message: String) {
        #expect(result(text, ["a": [:], "list": [1, 2], "text": "x"]) == "error: \(message)")
    }

    @Test func aTermThatSettlesTheMatterHidesTheErrorsOfOthers() {
        #expect(result("1 / 0 > 0 || true") == "true")
        #expect(result("false && 1 / 0 > 0") == "false")
        #expect(result("1 / 0 > 0 && false") == "false")
        #expect(result("1 / 0 > 0 || false") == "error: division by zero")
        #expect(result("[0, 1].exists(x, 1 / x == 1)") == "true")
        #expect(result("[0, 2].all(x, 4 / x > 2)") == "false")
    }

    @Test(arguments: [
        ("[1, 2, 3].all(x, x > 0)", "true"), ("[1, 2, 3].exists_one(x, x > 2)", "true"), ("[1, 2, 3].filter(x, x % 2 == 1)", "[1, 3]"),
        ("[1, 2, 3].map(x, x > 1, x * x)", "[4, 9]"), ("{'a': 1}.exists(k, k == 'a')", "true"), ("[].all(x, false)", "true"),
        ("[5, 7].all(i, v, v > i)", "true"), ("{'a': 1}.transformMap(k, v, v + 1)", "{a: 2}"),
        ("[3, 4].transformList(i, v, i * v)", "[0, 4]"), ("[1, 2].map(x, [3].map(y, x + y))", "[[4], [5]]"),
        ("has(self.a) && !has(self.b) && has(self.a.c) == false", "true"),
    ])
    func macros(_ text: String, _ expected: String) { #expect(result(text, ["a": [:]]) == expected) }

    @Test(arguments: [
        ("self.?a.?b.orValue(5)", "5"), ("self[?'a'].hasValue()", "true"), ("optional.none().or(optional.of(2)).value()", "2"),
        ("self.?c.optMap(x, x + 1).orValue(0)", "8"), ("[?self.?c, ?self.?d]", "[7]"), ("{?'k': self.?d}", "{}"),
        ("optional.none().value()", "error: optional.none() dereference"),
    ])
    func optionals(_ text: String, _ expected: String) { #expect(result(text, ["a": [:], "c": 7]) == expected) }

    @Test(arguments: [
        ("'hello world'.contains('o w') && 'abc'.startsWith('ab') && 'abc'.endsWith('bc')", "true"),
        ("'tacocat'.charAt(4) + 'tacocat'.substring(1, 3) + 'Ab'.upperAscii() + 'Ab'.lowerAscii()", "cacABab"),
        ("'tacocat'.indexOf('a', 3) - 'tacocat'.lastIndexOf('c')", "1"), ("' x '.trim() + 'a,b'.replace(',', ';', 1)", "xa;b"),
        ("'a,b,c'.split(',', 2)", "[a, b,c]"), ("['a', 'b'].join('-')", "a-b"), ("'abc'.split('')", "[a, b, c]"),
        ("'%s has %d of %.2f%% %x'.format([dyn('a'), 3, 1.5, 255])", "a has 3 of 1.50% ff"), ("'ab'.replace('', '_')", "_a_b_"),
        ("'abc 123 def 45'.findAll('[0-9]+')", "[123, 45]"), ("'abc 123'.find('[0-9]*')", ""),
        ("'ab12'.matches('^[a-z]+[0-9]{2}$') && !'a'.matches('b')", "true"),
        ("[1, 2, 3].isSorted() && [3, 1, 2].max() == 3 && [1.5, 2.5].sum() == 4.0 && [1, 2, 1].lastIndexOf(1) == 2", "true"),
        ("sets.contains([1, 2, 3], [2]) && sets.equivalent([1, 2], [2, 1]) && !sets.intersects([1], [2])", "true"),
        ("quantity('1.5Gi').isGreaterThan(quantity('1500Mi')) && quantity('1k').asInteger() == 1000", "true"),
        ("quantity('200m').add(quantity('800m')).compareTo(quantity('1')) + quantity('5').sub(2).asInteger()", "3"),
        ("isQuantity('1x') || isQuantity('')", "false"), ("url('https://[::1]:80/a?b=c&b=d').getQuery()['b']", "[c, d]"),
        ("url('https://example.com:80/p').getHost() + url('/p').getScheme()", "example.com:80"), ("isURL('nope nope')", "false"),
        ("ip('127.0.0.1').isLoopback() && ip('::1').family() == 6 && !isIP('01.2.3.4')", "true"),
        ("cidr('10.1.2.3/8').masked().containsIP('10.255.0.1') && string(cidr('10.1.2.3/8').masked()) == '10.0.0.0/8'", "true"),
        ("string(ip('2001:db8:0:0:0:0:0:1')) + string(ip.isCanonical('::0001'))", "2001:db8::1false"),
        ("format.dns1123Label().validate('ok').hasValue()", "false"), ("format.named('nope').hasValue()", "false"),
        ("timestamp('2026-11-26T12:30:00Z').getDayOfWeek() * 100 + timestamp('2026-11-26T23:30:00Z').getHours('+01:00')", "400"),
        ("timestamp('2026-03-01T00:00:00Z') - duration('24h') == timestamp('2026-02-28T00:00:00Z')", "true"),
        ("string(duration('1h30m') + duration('-0.5s')) + ' ' + string(duration('90m').getHours())", "5399.5s 1"),
    ])
    func functions(_ text: String, _ expected: String) { #expect(result(text) == expected) }

    @Test func whatCostsTooMuchIsGivenUp() {
        let list = "[" + (0..<50).map { String($0) }.joined(separator: ", ") + "]"
        #expect(
            result("\(list).all(a, \(list).all(b, \(list).all(c, \(list).all(d, a + b + c + d >= 0))))")
                == "error: operation cancelled: actual cost limit exceeded")
        #expect(result("[0].all(x, false) || true", budget: 3) == "error: operation cancelled: actual cost limit exceeded")
    }

    @Test func aValueIsTakenFromAnActivationOnlyWhenItIsNeeded() throws {
        struct Counted: Activation {
            func value(of name: String, _ meter: inout Meter) throws -> Value? {
                if name == "bad.value" { throw EvaluationError("asked for") }
                return .bool(true)
            }
        }
        let environment = Environment(variables: ["good": .bool, "bad.value": .bool])
        var meter = Meter(100)
        #expect(try Program("good || bad.value", environment).evaluate(Counted(), &meter) == .bool(true))
        #expect(throws: EvaluationError("asked for")) { try Program("good && bad.value", environment).evaluate(Counted(), &meter) }
        #expect(meter.remaining < 100)
    }
}
