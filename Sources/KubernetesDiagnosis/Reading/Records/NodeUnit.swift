import Core

/// The state of one systemd unit of a node: an element of `units.json` (SNAPSHOT.md).
package struct NodeUnit: Sendable, Hashable {
    package let node: String
    /// `kubelet.service`, also without its suffix.
    package let unit: String
    /// systemd's `ActiveState`: `active`, `inactive`, `failed`, `activating`, …
    package let activeState: String
    package let subState: String

    package init(node: String, unit: String, activeState: String, subState: String) {
        self.node = node
        self.unit = unit
        self.activeState = activeState
        self.subState = subState
    }

    /// Nil where it does not say which unit of which node is in which state.
    init?(json: JSON) {
        guard let node = json["node"]?.string, let unit = json["unit"]?.string, let state = json["activeState"]?.string else { return nil }
        self.init(node: node, unit: unit, activeState: state, subState: json["subState"]?.string ?? "")
    }

    /// Without `.service`.
    var name: String { unit.hasSuffix(".service") ? String(unit.dropLast(8)) : unit }
    var isDown: Bool { activeState == "inactive" || activeState == "failed" }
    var isKubelet: Bool { name == "kubelet" }
    var isRuntime: Bool { ["containerd", "crio", "cri-o", "docker", "cri-docker"].contains(name) }
}
