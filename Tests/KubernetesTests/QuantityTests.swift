import Kubernetes
import Testing

@Suite struct QuantityTests {
    @Test(arguments: [
        ("0", "0"), ("1", "1"), ("100m", "100m"), ("1000m", "1"), ("1500m", "1500m"), ("0.5", "500m"), ("1.5", "1500m"), ("1000", "1k"),
        ("1200", "1200"), ("12e6", "12e6"), ("1E", "1E"), ("1e3", "1e3"), ("128Mi", "128Mi"), ("1024Ki", "1Mi"), ("1.5Gi", "1536Mi"),
        ("0.5Gi", "512Mi"), ("1000Ki", "1000Ki"), ("512", "512"), ("1Ki", "1Ki"), ("0.5Ki", "512"), ("-1", "-1"), ("+5", "5"),
        (".5", "500m"),
        ("5.", "5"), ("1n", "1n"), ("0.1n", "1n"), ("1u", "1u"), ("9007199254740988Ki", "9007199254740988Ki"),
        ("100000000000000000000", "9223372036854775807"),
        ("1e-3", "1e-3"), ("3000000000u", "3k"), ("00012", "12"), ("1.0000000001", "1000000001n"),
        (".1Gi", "107374182400m"), ("55.555555555Ti", "61083979320278049095680n"),
        ("1.0000000000000000000000000001Ei", "1152921504606846976000000001n"), ("9.5Ei", "9223372036854775807"),
    ])
    func canonicalText(_ text: String, _ canonical: String) throws {
        #expect(try #require(Quantity(text)).description == canonical)
    }

    @Test(arguments: ["", "m", "1.2.3", "1x", "1 Gi", "Gi", "--1", "1e", "1e1.5", "1mi", "0x10", "1KI", ".", "+", "１"])
    func notAQuantity(_ text: String) {
        #expect(Quantity(text) == nil)
    }

    @Test func amounts() throws {
        #expect(try #require(Quantity("128Mi")).value == 134_217_728)
        #expect(try #require(Quantity("250m")).milliValue == 250)
        #expect(try #require(Quantity("250m")).value == 1)
        #expect(try #require(Quantity("-250m")).value == -1)
        #expect(Quantity("1000m") == Quantity("1"))
        #expect(try #require(Quantity("1Gi")) > (try #require(Quantity("1G"))))
        #expect((try #require(Quantity("1Gi")) + (try #require(Quantity("512Mi")))).description == "1536Mi")
        #expect(Quantity(milli: 1500).description == "1500m")
        #expect(Quantity(bytes: 1 << 30).description == "1Gi")
    }

    @Test func everyCanonicalTextReadsBackAsItself() throws {
        for suffix in ["n", "u", "m", "", "k", "M", "G", "T", "P", "Ki", "Mi", "Gi", "Ti", "e3", "e-6"] {
            for digits in ["1", "7", "999", "1000", "1023", "1024", "123456", "0.25", "3.14159"] {
                let first = try #require(Quantity(digits + suffix))
                let second = try #require(Quantity(first.description))
                #expect(first.description == second.description)
            }
        }
    }

    /// Whoever may write a pod, or send a snapshot, may write these.
    @Test(arguments: ["99999999999999999999999Ei", "99999999999999999999E", "9223372036854775807Ei", "1e99", "99999999999999999999999"])
    func theLargestIsTheLargest(_ text: String) throws {
        let quantity = try #require(Quantity(text))
        #expect(quantity.value == Int.max)
        #expect(quantity.milliValue == Int.max)
    }
}
