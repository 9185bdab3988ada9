import CAssets
package import Core

/// An application that comes with Martlet, made for the twin.
package enum BuiltInApplication: String, Sendable, CaseIterable {
    /// Twelve services that call each other, under 200 requests a second.
    case shop

    /// Its manifest, as `kubectl apply -f` takes it.
    package var text: String { BuiltInFile.text("apps/\(rawValue).yaml") }

    /// Its objects, in the order in which they are made.
    package var objects: [JSON] { (try? Manifest.read(text, place: rawValue)) ?? [] }

    /// Where they are.
    var namespace: String { objects.first { $0.kind == "Namespace" }?.metadataName ?? "default" }
}

extension SimulatedCluster {
    /// Makes what runs in every cluster beside its control plane: CoreDNS and metrics-server, which serves metrics.k8s.io from when it is ready.
    package func makeClusterServices() throws(MartletError) {
        for object in try Manifest.read(BuiltInFile.text("apps/cluster-services.yaml"), place: "cluster-services") {
            try apply(object, in: "kube-system")
        }
    }
}

/// Files that are part of the program.
enum BuiltInFile {
    static let names: [String] = (0..<martlet_asset_count()).map { String(cString: martlet_asset_at($0).name) }

    /// Empty for a file that is not there.
    static func text(_ name: String) -> String {
        guard let index = names.firstIndex(of: name) else { return "" }
        let asset = martlet_asset_at(index)
        return String(decoding: UnsafeBufferPointer(start: asset.bytes, count: asset.count), as: UTF8.self)
    }
}
