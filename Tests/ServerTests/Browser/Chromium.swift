import Core
import Dispatch
import Foundation
import Synchronization

/// A headless Chromium, driven by the DevTools protocol over its debugging pipe (JSON messages that end with a zero byte, on
/// descriptors 3 and 4): no port, no WebSocket, no other tool.
final class Chromium: Sendable {
    struct Failure: Error, CustomStringConvertible { let description: String }

    private struct State {
        var nextID = 0
        var waiting: [Int: CheckedContinuation<JSON, any Error>] = [:]
        var isClosed = false
    }

    /// Debian's, or what `MARTLET_CHROMIUM` names; nil when there is none.
    static var path: String? {
        let candidates = [ProcessInfo.processInfo.environment["MARTLET_CHROMIUM"], "/usr/bin/chromium", "/usr/bin/chromium-browser"]
        return candidates.compactMap { $0 }.first { FileManager.default.isExecutableFile(atPath: $0) }
    }

    private let process: pid_t
    private let input: Int32
    private let profile: TemporaryFolder
    private let state = Mutex(State())

    init(path: String) throws {
        profile = try TemporaryFolder()
        var toBrowser: [Int32] = [0, 0], fromBrowser: [Int32] = [0, 0]
        guard pipe(&toBrowser) == 0, pipe(&fromBrowser) == 0 else { throw Failure(description: "no pipe") }
        for descriptor in toBrowser + fromBrowser { _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC) }
        // Out of the way of 3 and 4, so that duplicating one never closes the other.
        let read = fcntl(toBrowser[0], F_DUPFD_CLOEXEC, 64), write = fcntl(fromBrowser[1], F_DUPFD_CLOEXEC, 64)
        close(toBrowser[0])
        close(fromBrowser[1])
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        posix_spawn_file_actions_adddup2(&actions, read, 3)
        posix_spawn_file_actions_adddup2(&actions, write, 4)
        posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0)
        defer { posix_spawn_file_actions_destroy(&actions) }
        let arguments = [
            path, "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", "--hide-scrollbars",
            "--remote-debugging-pipe", "--user-data-dir=\(profile.path)", "about:blank",
        ]
        var pointers: [UnsafeMutablePointer<CChar>?] = arguments.map { strdup($0) }
        pointers.append(nil)
        defer { for pointer in pointers { free(pointer) } }
        var id: pid_t = 0
        let result = posix_spawn(&id, path, &actions, nil, pointers, environ)
        close(read)
        close(write)
        guard result == 0 else { throw Failure(description: "\(path) does not start: \(String(cString: strerror(result)))") }
        process = id
        input = toBrowser[1]
        let output = fromBrowser[0]
        let thread = Thread { [weak self] in
            var buffer: [UInt8] = []
            var chunk = [UInt8](repeating: 0, count: 1 << 16)
            while true {
                let count = Foundation.read(output, &chunk, chunk.count)
                guard count > 0 else { break }
                buffer += chunk[..<count]
                while let end = buffer.firstIndex(of: 0) {
                    self?.receive(Array(buffer[..<end]))
                    buffer.removeSubrange(...end)
                }
            }
            close(output)
            self?.fail()
        }
        thread.start()
    }

    deinit { end() }

    func end() {
        guard
            state.withLock({ state in
                defer { state.isClosed = true }; return !state.isClosed
            })
        else { return }
        kill(process, SIGKILL)
        var status: Int32 = 0
        waitpid(process, &status, 0)
        close(input)
        fail()
    }

    /// Calls a method and waits for its result.
    func send(_ method: String, _ parameters: JSON = [:], session: String? = nil) async throws -> JSON {
        let id = state.withLock { state in
            state.nextID += 1
            return state.nextID
        }
        var message: JSON = ["id": JSON(id), "method": .string(method), "params": parameters]
        if let session { message["sessionId"] = .string(session) }
        let bytes = message.serialized() + [0]
        let answer: JSON = try await withCheckedThrowingContinuation { continuation in
            let isClosed = state.withLock { state in
                if !state.isClosed { state.waiting[id] = continuation }
                return state.isClosed
            }
            guard !isClosed else { return continuation.resume(throwing: Failure(description: "the browser has ended")) }
            var sent = 0
            while sent < bytes.count {
                let count = bytes[sent...].withUnsafeBytes { Foundation.write(input, $0.baseAddress, $0.count) }
                guard count > 0 else { break }
                sent += count
            }
        }
        if let error = answer["error"] { throw Failure(description: "\(method): \(error.text())") }
        return answer["result"] ?? [:]
    }

    private func receive(_ bytes: [UInt8]) {
        guard let message = try? JSON(parsing: bytes), let id = message["id"]?.int else { return }
        state.withLock { $0.waiting.removeValue(forKey: id) }?.resume(returning: message)
    }

    private func fail() {
        let waiting = state.withLock { state in
            defer { state.waiting = [:] }
            return state.waiting
        }
        for continuation in waiting.values { continuation.resume(throwing: Failure(description: "the browser has ended")) }
    }
}

/// One tab.
struct BrowserPage: Sendable {
    let browser: Chromium
    let session: String

    static func open(_ browser: Chromium) async throws -> BrowserPage {
        let target = try await browser.send("Target.createTarget", ["url": "about:blank"])
        let attached = try await browser.send("Target.attachToTarget", ["targetId": target["targetId"] ?? .null, "flatten": true])
        let page = BrowserPage(browser: browser, session: attached["sessionId"]?.string ?? "")
        for domain in ["Page", "Runtime"] { _ = try await page.send("\(domain).enable") }
        return page
    }

    func send(_ method: String, _ parameters: JSON = [:]) async throws -> JSON {
        try await browser.send(method, parameters, session: session)
    }

    func show(width: Int, height: Int, dark: Bool, phone: Bool = false) async throws {
        _ = try await send(
            "Emulation.setDeviceMetricsOverride",
            ["width": JSON(width), "height": JSON(height), "deviceScaleFactor": phone ? 2 : 1, "mobile": .bool(phone)])
        _ = try await send(
            "Emulation.setEmulatedMedia", ["features": [["name": "prefers-color-scheme", "value": .string(dark ? "dark" : "light")]]])
    }

    func go(_ url: String) async throws {
        _ = try await send("Page.navigate", ["url": .string(url)])
        try await wait(for: "document.readyState === 'complete' && location.href !== 'about:blank'")
    }

    /// The value of an expression.
    @discardableResult
    func evaluate(_ expression: String) async throws -> JSON {
        let result = try await send(
            "Runtime.evaluate", ["expression": .string(expression), "returnByValue": true, "awaitPromise": true, "userGesture": true])
        if let exception = result["exceptionDetails"] { throw Chromium.Failure(description: exception.text()) }
        return result[at: "result", "value"] ?? .null
    }

    /// Returns once an expression is true; the page may be replaced by another meanwhile. The patience is for what hangs, and no measure
    /// of speed: beside other tests on a small machine everything takes its time.
    func wait(for expression: String) async throws {
        let promise = """
            new Promise((done) => { const t0 = Date.now(); const look = () => { let ok = false; try { ok = \(expression) } catch {} \
            if (ok) done('yes'); else if (Date.now() - t0 > 240000) done('no'); else setTimeout(look, 20); }; look(); })
            """
        for _ in 0..<50 {
            do {
                let answer = try await evaluate(promise)
                if answer == "yes" { return }
                let text = try await evaluate("location.href + ' ' + document.body.innerText.slice(0, 600)")
                throw Chromium.Failure(description: "never true: \(expression)\n\(text.string ?? "")")
            } catch let failure as Chromium.Failure
                where failure.description.contains("context was destroyed") || failure.description.contains("navigated")
            {
                continue
            }
        }
    }

    /// A PNG of what is visible, or of the whole page.
    func picture(full: Bool = false) async throws -> [UInt8] {
        let result = try await send("Page.captureScreenshot", ["format": "png", "captureBeyondViewport": .bool(full)])
        return Array(Data(base64Encoded: result["data"]?.string ?? "") ?? Data())
    }

    func press(_ key: String) async throws {
        for type in ["keyDown", "keyUp"] {
            _ = try await send(
                "Input.dispatchKeyEvent",
                ["type": .string(type), "key": .string(key), "text": .string(type == "keyDown" && key.count == 1 ? key : "")])
        }
    }
}
