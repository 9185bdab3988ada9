extension String {
    /// Columns that the text takes on a terminal: two for wide East Asian characters and emoji, none for combining marks
    /// (Unicode Standard Annex 11, coarse).
    var displayWidth: Int {
        if utf8.allSatisfy({ $0 < 0x80 }) { return utf8.count }
        return unicodeScalars.reduce(0) { $0 + String.displayWidth(of: $1) }
    }

    /// The text in at most `width` columns; what was cut shows as `…`.
    func cut(to width: Int) -> String {
        if displayWidth <= width { return self }
        guard width > 0 else { return "" }
        var out = String.UnicodeScalarView()
        var used = 0
        for scalar in unicodeScalars {
            let next = String.displayWidth(of: scalar)
            if used + next > width - 1 { break }
            out.append(scalar)
            used += next
        }
        return String(out) + "…"
    }

    private static func displayWidth(of scalar: Unicode.Scalar) -> Int {
        switch scalar.value {
        case 0x300...0x36F, 0x1AB0...0x1AFF, 0x1DC0...0x1DFF, 0x20D0...0x20FF, 0xFE00...0xFE0F, 0xFE20...0xFE2F, 0x200D: 0
        case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0x33FF, 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xA000...0xA4CF, 0xAC00...0xD7A3,
            0xF900...0xFAFF, 0xFE30...0xFE4F, 0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1F64F, 0x1F900...0x1F9FF,
            0x20000...0x3FFFD:
            2
        default: 1
        }
    }
}
