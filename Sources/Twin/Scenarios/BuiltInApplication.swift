import CAssets
package import Core

/// An application that comes with Martlet, made for the twin.
package enum BuiltInApplication: String, Sendable, CaseIterable {
    /// Twelve services that call each other, under 200 requests a second.
    case shop

    /// Its manifest, as `kubectl apply -f` takes it.
    package var text: String {
        for index in 0..<martlet_asset_count() {
            let asset = martlet_asset_at(index)
            guard String(cString: asset.name) == "apps/\(rawValue).yaml" else { continue }
            return String(decoding: UnsafeBufferPointer(start: asset.bytes, count: asset.count), as: UTF8.self)
        }
        return ""
    }

    /// Its objects, in the order in which they are made.
    package var objects: [JSON] { (try? Manifest.read(text, place: rawValue)) ?? [] }
}
