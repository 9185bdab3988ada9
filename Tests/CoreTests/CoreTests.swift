import Core
import Testing

@Suite struct CanonicalJSON {
    /// RFC 8785 section 3.2.3, appendix B.
    @Test(arguments: [
        ("0", "0"), ("-0.0", "0"), ("5e-324", "5e-324"), ("-5e-324", "-5e-324"), ("1.7976931348623157e308", "1.7976931348623157e+308"),
        ("9007199254740992", "9007199254740992"), ("295147905179352830000", "295147905179352830000"), ("1e23", "1e+23"),
        ("9.999999999999997e22", "9.999999999999997e+22"), ("999999999999999700000", "999999999999999700000"), ("1e21", "1e+21"),
        ("9.999999999999997e-7", "9.999999999999997e-7"), ("0.000001", "0.000001"), ("333333333.3333332", "333333333.3333332"),
        ("1424953923781206.2", "1424953923781206.2"),
    ])
    func numbers(_ value: String, _ text: String) throws { #expect(JSON.ecmaScriptNumber(try #require(Double(value))) == text) }

    @Test func keysSortByUTF16() throws {
        let json = try JSON(parsing: #"{"\u20ac":1,"\r":2,"\ufb33":3,"1":4,"\ud83d\ude00":5,"\u0080":6,"\u00f6":7}"#)
        #expect(
            String(decoding: json.canonical(), as: UTF8.self) == "{\"\\r\":2,\"1\":4,\"\u{80}\":6,\"ö\":7,\"€\":1,\"😀\":5,\"\u{fb33}\":3}")
    }

    @Test(arguments: ["", "{", "[1,]", "{\"a\"}", "01", "1.", "\"\u{1}\"", "tru", "[1] x", "\"\\u12\"", "\"\\"])
    func badInputIsRefused(_ text: String) { #expect(throws: JSONError.self) { try JSON(parsing: text) } }

    @Test func deepNestingIsRefused() {
        #expect(throws: JSONError.self) { try JSON(parsing: String(repeating: "[", count: 100_000)) }
    }
}

@Suite struct Skipping {
    /// Objects and arrays in turns, also across the words in which the reader remembers which is which.
    @Test(arguments: [1, 2, 63, 64, 65, 127, 128, 129, 192, 193, 256])
    func containersAreLeftInTheOrderInWhichTheyWereEntered(_ depth: Int) throws {
        let opening = (0..<depth).map { $0 % 3 == 0 ? #"{"a":"# : "[" }.joined()
        let closing = (0..<depth).reversed().map { $0 % 3 == 0 ? "}" : "]" }
        try JSONReader.read(Array((opening + "1" + closing.joined()).utf8)) { (r) throws(JSONError) in try r.skip() }
        for i in closing.indices {
            var wrong = closing
            wrong[i] = wrong[i] == "}" ? "]" : "}"
            #expect(throws: JSONError.self) {
                try JSONReader.read(Array((opening + "1" + wrong.joined()).utf8)) { (r) throws(JSONError) in try r.skip() }
            }
        }
    }
}

@Suite struct Times {
    @Test(arguments: ["2026-11-21T12:41:46Z", "1970-01-01T00:00:00Z", "2000-02-29T23:59:59Z", "1969-12-31T23:59:59Z"])
    func roundTrip(_ text: String) { #expect(Timestamp(text)?.rfc3339() == text) }

    @Test func offsetsAndFractions() {
        #expect(Timestamp("2026-11-21T14:41:46.25+02:00")?.description == "2026-11-21T12:41:46.250Z")
        #expect(Timestamp("2026-11-21T12:41:46.123456Z")?.rfc3339(decimals: 6) == "2026-11-21T12:41:46.123456Z")
        #expect(Timestamp("2026-13-21T12:41:46Z") == nil)
        #expect(Timestamp("2026-11-21 12:41") == nil)
    }

    /// Every byte counts: with any one of them replaced by a letter, it is no time.
    @Test(arguments: ["2026-11-21T12:41:46Z", "2026-11-21T14:41:46+02:00"])
    func aWrongByteAnywhereIsRefused(_ text: String) {
        for i in text.utf8.indices {
            var wrong = text
            wrong.replaceSubrange(i...i, with: "x")
            #expect(Timestamp(wrong) == nil, "\(wrong)")
        }
    }
}

@Suite struct Companions {
    @Test func aReaderHandsOutOnlyOneOfTheTypeThatIsAskedFor() throws {
        var number = 1, word = "outer"
        try JSONReader.read(Array("[1,2]".utf8)) { (r) throws(JSONError) in
            #expect(r.companion(Int.self) == nil)
            try r.with(&number) { (r) throws(JSONError) in
                #expect(r.companion(String.self) == nil)
                #expect(r.companion(Int.self)?.pointee == 1)
                r.companion(Int.self)?.pointee = 2
                try r.with(&word) { (r) throws(JSONError) in
                    #expect(r.companion(Int.self) == nil)
                    #expect(r.companion(String.self)?.pointee == "outer")
                }
                #expect(r.companion(Int.self)?.pointee == 2)
                try r.skip()
            }
            #expect(r.companion(Int.self) == nil)
        }
        #expect(number == 2)
    }
}

@Suite struct Paths {
    @Test func segmentsAreEncoded() {
        let path = EntityPath(cluster: "arn:aws/eks", namespace: "", kind: "Node", name: "a b")
        #expect(path.description == "k8s/arn%3Aaws%2Feks/_/Node/a%20b")
        #expect(EntityPath(path.description) == path)
        #expect(EntityPath("k8s/a/b/c") == nil)
    }
}
