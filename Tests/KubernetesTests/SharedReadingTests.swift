import Core
import Kubernetes
import Testing

/// What repeats within a list is read once and shared; that must not be seen from outside.
@Suite struct SharedReading {
    private static func pod(_ name: String, _ spec: String, _ more: String = "") -> String {
        #"{"metadata":{"name":"\#(name)","labels":{"app":"shop","tier":"front"}\#(more)},"spec":\#(spec)}"#
    }

    private static func spec(_ value: String, space: String = "") -> String {
        #"{"containers":[{"name":"app","image":"registry.example/shop/front:1.0","env":[{"name":"PEER_ADDRESS","value":\#(space)"\#(value)"}]}]}"#
    }

    @Test func aListReadsAsItsItemsDo() throws {
        let pods = [
            Self.pod("a", Self.spec("https://peer.shop.svc:8443/v1")),
            Self.pod("b", Self.spec("https://peer.shop.svc:8443/v1")),
            // Same length and ends, another middle.
            Self.pod("c", Self.spec("https://peer.shup.svc:8443/v1")),
            Self.pod("d", Self.spec("https://peer.shop.svc:8443/v1", space: " ")),
            // Begins as an earlier value does, and goes on.
            Self.pod("e", Self.spec("https://peer.shop.svc:8443/v1/more")),
            Self.pod("f", Self.spec(#"https:\/\/peer.shop.svc:8443\/v1"#)),
            Self.pod("g", #"{"containers":[{"name":"app","env":12,"image":["registry.example/shop/front:1.0"]}]}"#),
            Self.pod("h", Self.spec("https://peer.shop.svc:8443/v1"), #","annotations":{"app":"shop","tier":"front"}"#),
        ]
        let list = try ObjectList<Pod>(parsing: Array(#"{"kind":"PodList","items":[\#(pods.joined(separator: ","))]}"#.utf8))
        #expect(list.items.count == pods.count)
        for (item, text) in zip(list.items, pods) { #expect(try item == Pod(parsing: Array(text.utf8))) }
    }

    @Test func moreDifferentValuesThanAreRemembered() throws {
        let pods = (0..<600).map { Self.pod("p\($0)", Self.spec("https://peer-\($0 % 300).shop.svc:8443/v1")) }
        let list = try ObjectList<Pod>(parsing: Array(#"{"items":[\#(pods.joined(separator: ","))]}"#.utf8))
        for (i, item) in list.items.enumerated() {
            #expect(item.spec.containers.first?.env.first?.value == "https://peer-\(i % 300).shop.svc:8443/v1")
        }
    }

    /// Short strings are told apart by their bytes alone, also where the document ends behind them.
    @Test(arguments: ["", "a", "b", "ab", "ba", "abcdefg", "bcdefga", "abcdefgh", "hgfedcba", "abcdefghijklmnop", "ponmlkjihgfedcba", "é"])
    func shortStringsStayApart(_ last: String) throws {
        let earlier = ["", "a", "b", "ab", "ba", "abcdefg", "bcdefga", "abcdefgh", "abcdefghabcdefgh", "abcdefghijklmnop", "e"]
        let pods = (earlier + [last]).map { #"{"metadata":{"namespace":"\#($0)"}}"# }
        let list = try ObjectList<Pod>(parsing: Array(#"{"items":[\#(pods.joined(separator: ","))]}"#.utf8))
        #expect(list.items.map(\.metadata.namespace) == earlier + [last])
    }

    /// Values that begin alike for longer than what is hashed of them.
    @Test func valuesThatDifferLate() throws {
        let long = String(repeating: "x", count: 300)
        let values = (0..<40).map { "\(long)\($0 % 4)" }
        let pods = values.map { #"{"metadata":{"labels":{"a":"\#($0)"},"annotations":{"a":"\#($0)"}}}"# }
        let list = try ObjectList<Pod>(parsing: Array(#"{"items":[\#(pods.joined(separator: ","))]}"#.utf8))
        #expect(list.items.map { $0.metadata.labels["a"] } == values)
        #expect(list.items.map { $0.metadata.annotations["a"] } == values)
    }

    @Test func changingACopyLeavesTheOriginal() throws {
        let original = try Pod(parsing: Array(Self.pod("a", Self.spec("x")).utf8))
        var copy = original
        copy.metadata.labels["app"] = "other"
        copy.spec.containers = []
        copy.status.phase = "Failed"
        #expect(original.metadata.labels["app"] == "shop")
        #expect(original.spec.containers.count == 1)
        #expect(original.status == PodStatus())
        #expect(copy != original)
        copy.metadata.labels["app"] = "shop"
        #expect(copy.metadata == original.metadata)
    }
}
