import Core
import Testing

@testable import martlet

@Suite struct TerminalTableTests {
    private func table() -> TerminalTable {
        var table = TerminalTable("ID", "SEVERITY", "WHAT")
        table.add("12", TerminalTable.Cell("critical", .critical), "checkout does not start")
        table.add("7", "low", "日本語\u{1B}[31m のログ")
        return table
    }

    @Test func alignsAndMakesSafe() {
        #expect(
            table().lines(width: nil, colour: false) == [
                "ID   SEVERITY   WHAT", "12   critical   checkout does not start", "7    low        日本語[31m のログ",
            ])
    }

    @Test(arguments: 1...40)
    func neverExceedsTheWidth(_ width: Int) {
        for line in table().lines(width: width, colour: false) { #expect(line.displayWidth <= width) }
    }

    @Test func cutsWithAnEllipsis() {
        #expect(table().lines(width: 25, colour: false)[1] == "12   critical   checkout…")
    }

    @Test func coloursOnlyWhenAsked() {
        #expect(table().lines(width: 80, colour: true)[1].contains("\u{1B}[1;31mcritical\u{1B}[0m"))
    }

    @Test(arguments: [(38, "38s"), (90, "90s"), (200, "3m20s"), (3600, "60m"), (7500, "2h5m"), (200_000, "2d")])
    func ages(_ seconds: Int, _ text: String) { #expect(Duration.seconds(seconds).age == text) }
}

@Suite struct YAMLTextTests {
    @Test func quotesWhatCouldBeReadOtherwise() {
        let document: JSON = [
            "name": "checkout", "port": "8080", "answer": "no", "empty": "", "list": [["a": 1, "b": ["x", "- y"]], []],
            "nested": ["k": nil, "text": "a: b # c"],
        ]
        #expect(
            document.yaml == """
                name: checkout
                port: "8080"
                answer: "no"
                empty: ""
                list:
                - a: 1
                  b:
                  - x
                  - "- y"
                - []
                nested:
                  k: null
                  text: "a: b # c"
                """)
    }

    @Test func controlCharactersBecomeEscapes() {
        #expect(JSON.string("a\u{9B}\u{202E}\u{E0041}").text().escapedForTerminal == #""a\u009b\u202e\udb40\udc41""#)
    }
}
