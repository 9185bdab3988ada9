import Core
import Logging
import Testing

@testable import Server

/// What the process says of itself passes the redactor, whoever says it.
@Suite struct RedactingLogTests {
    private struct Broken: Error, CustomStringConvertible {
        let description = "connect to https://bot:hunter2secret@hooks.example/x failed"
    }

    @Test func noSecretAndNoEscapeGetsThrough() {
        let lines = LogLines()
        let logger = Logger(label: "test") { _ in lines }.redacted(by: Redactor(.keyed([1, 2, 3])))
        logger.warning("GET https://jane:hunter2secret@10.0.0.4/ \u{1B}[31mfailed")
        logger.error(
            "a request failed",
            metadata: [
                "error": "\(Broken())", "password": "hunter2secret", "list": ["Authorization: Bearer hunter2secrethunter2secret"],
                "path": "/api/v1/incidents",
            ])
        #expect(lines.all.count == 2)
        let text = lines.all.joined(separator: "\n")
        #expect(!text.contains("hunter2secret") && !text.contains("\u{1B}"), "\(text)")
        #expect(text.contains("<redacted:") && text.contains("path=/api/v1/incidents") && text.contains("10.0.0.4"), "\(text)")
    }
}
