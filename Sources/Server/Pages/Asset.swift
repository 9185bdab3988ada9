import CAssets
import Core
import Foundation

/// A file that is part of the program.
struct Asset: Sendable {
    let name: String
    let bytes: [UInt8]
    /// Changes with the content, so that browsers may keep the file for ever.
    let version: String

    /// Files of the pages; those in folders are for other rooms.
    static let all: [Asset] = (0..<martlet_asset_count()).compactMap { index in
        let asset = martlet_asset_at(index)
        let name = String(cString: asset.name)
        guard !name.contains("/") else { return nil }
        let bytes = Array(UnsafeBufferPointer(start: asset.bytes, count: asset.count))
        return Asset(name: name, bytes: bytes, version: String(Digest.sha256Hex(bytes).prefix(12)))
    }

    private static func named(_ name: String) -> Asset { all.first { $0.name == name } ?? Asset(name: name, bytes: [], version: "0") }

    static let css = named("app.css")
    static let js = named("app.js")
    static let mark = named("mark.svg")

    /// The mark as it stands in a page, where it takes the colour of the text.
    static let markPath: HTML = {
        let text = String(decoding: mark.bytes, as: UTF8.self)
        guard let start = text.range(of: "<path"), let end = text.range(of: "/>") else { return .empty }
        return HTML(asset: "<svg viewBox=\"0 0 32 32\" aria-hidden=\"true\">\(text[start.lowerBound..<end.upperBound])</svg>")
    }()

    var mediaType: String {
        if name.hasSuffix(".css") { return "text/css; charset=utf-8" }
        return name.hasSuffix(".js") ? "text/javascript; charset=utf-8" : "image/svg+xml"
    }
}
