import Core
import Foundation
import Server

/// This machine: configuration, store, running server, terminal.
enum MachineChecks {
    static func configuration(_ options: ConfigurationOptions, _ report: inout DoctorReport) -> Configuration? {
        do throws(MartletError) {
            let configuration = try options.load()
            report.add("configuration", .ok, configuration.file.map { "\($0) is valid" } ?? "no file; the defaults hold")
            return configuration
        } catch {
            report.fail("configuration", error)
            return nil
        }
    }

    static func store(_ home: String, _ report: inout DoctorReport) {
        guard let attributes = try? FileManager.default.attributesOfItem(atPath: home) else {
            let parent = existingParent(of: home)
            if access(parent, W_OK) == 0 {
                report.add("store", .ok, "\(home) does not exist yet and can be made")
            } else {
                report.add(
                    "store", .error, "\(home) does not exist and cannot be made: \(parent) is not writable",
                    fix: "set MARTLET_HOME to a folder of yours")
            }
            return
        }
        guard access(home, W_OK | X_OK) == 0 else {
            return report.add(
                "store", .error, "\(home) is not writable", fix: "set MARTLET_HOME to a folder of yours, or correct its permissions")
        }
        if let mode = attributes[.posixPermissions] as? Int, mode & 0o077 != 0 {
            report.add("store", .warning, "others on this machine may enter \(home)", fix: "chmod 700 \(home)")
        }
        let space = try? FileManager.default.attributesOfFileSystem(forPath: home)
        guard let free = (space?[.systemFreeSize] as? NSNumber).map({ $0.doubleValue / 1e6 }) else {
            return report.add("store", .ok, "\(home) is writable")
        }
        let text = "\(home) is writable, \(free >= 10_000 ? "\(Int(free / 1000)) GB" : "\(Int(free)) MB") free"
        let advice = free < 200 ? "make room: the journal refuses to act when its disk is full" : nil
        report.add("store", free < 200 ? .warning : .ok, text, fix: advice)
    }

    private static func existingParent(of path: String) -> String {
        var url = URL(fileURLWithPath: path).deletingLastPathComponent()
        while !FileManager.default.fileExists(atPath: url.path), url.path != "/" { url.deleteLastPathComponent() }
        return url.path
    }

    static func server(_ options: ServerOptions, _ report: inout DoctorReport) async throws {
        do {
            let status = try await options.withServer { client in (try await client.get("/api/v1/status"), client.address) }
            let paused = status.0["paused"]?.bool == true
            report.add(
                "martlet", paused ? .warning : .ok,
                "a server of version \(status.0["version"]?.string ?? "?") runs at \(status.1)" + (paused ? " and is paused" : ""),
                fix: paused ? "\(Invocation.name) resume" : nil)
        } catch let error as MartletError {
            report.add("martlet", .note, error.message, details: error.details, fix: error.fix)
        }
    }

    static func terminal(_ report: inout DoctorReport) {
        guard Terminal.outputIsTerminal else {
            return report.add("terminal", .note, "standard output is not a terminal: no colour, nothing is cut")
        }
        let colour = Terminal.usesColour ? "colour" : "no colour (NO_COLOR or TERM)"
        let locale = Invocation.environment("LC_ALL") ?? Invocation.environment("LC_CTYPE") ?? Invocation.environment("LANG") ?? ""
        let isUnicode = locale.lowercased().replacing("-", with: "").contains("utf8")
        report.add(
            "terminal", isUnicode ? .ok : .note, "\(Terminal.width.map { "\($0) columns" } ?? "unknown width"), \(colour)",
            details: isUnicode ? [] : ["the locale is not UTF-8, so that names and quotation marks may look wrong"])
    }
}
