import Core

/// Says what is being waited for, on standard error, when that is a terminal and it takes longer than a second.
enum Progress {
    static func show<Result: Sendable>(_ what: String, _ work: @escaping @Sendable () async throws -> Result) async throws -> Result {
        guard Terminal.errorIsTerminal else { return try await work() }
        return try await withThrowingTaskGroup(of: Result?.self) { group in
            group.addTask { try await work() }
            group.addTask {
                let clock = SystemClock()
                var seconds = 0
                while true {
                    do { try await clock.sleep(for: .seconds(1)) } catch { break }
                    seconds += 1
                    Terminal.ask("\r\u{1B}[K\(what.terminalSafe), \(seconds) s".cut(to: (Terminal.width ?? 80)))
                }
                if seconds > 0 { Terminal.ask("\r\u{1B}[K") }
                return nil
            }
            defer { group.cancelAll() }
            while let result = try await group.next() {
                if let result {
                    group.cancelAll()
                    _ = try await group.next()  // so that the line is gone before anything else is printed
                    return result
                }
            }
            throw CancellationError()
        }
    }
}
