import Core

extension Duration {
    /// As kubectl writes ages: `38s`, `3m`, `5h`, `12d`; the two greatest units where that helps (`3m20s`, `1h5m`).
    var age: String {
        let seconds = max(0, components.seconds)
        switch seconds {
        case ..<120: return "\(seconds)s"
        case ..<600: return seconds % 60 == 0 ? "\(seconds / 60)m" : "\(seconds / 60)m\(seconds % 60)s"
        case ..<7200: return "\(seconds / 60)m"
        case ..<28800: return seconds / 60 % 60 == 0 ? "\(seconds / 3600)h" : "\(seconds / 3600)h\(seconds / 60 % 60)m"
        case ..<172_800: return "\(seconds / 3600)h"
        default: return "\(seconds / 86400)d"
        }
    }
}
