extension Quantity {
    package init?(_ text: String) {
        var text = text
        guard let value = text.withUTF8({ Quantity(utf8: $0) }) else { return nil }
        self = value
    }

    /// Reads sign, digits, and one of the suffixes `n u m k M G T P E Ki Mi Gi Ti Pi Ei` or a decimal exponent; nil for anything else.
    package init?(utf8 text: UnsafeBufferPointer<UInt8>) {
        var i = 0
        var negative = false
        if i < text.count, text[i] == UInt8(ascii: "-") || text[i] == UInt8(ascii: "+") {
            negative = text[i] == UInt8(ascii: "-")
            i += 1
        }
        // Mantissa as digits and a count of those behind the point.
        var mantissa: UInt128 = 0
        var decimals = 0
        var dropped = 0
        var lost = false
        var digits = 0
        var point = false
        while i < text.count {
            let byte = text[i]
            if byte == UInt8(ascii: "."), !point {
                point = true
            } else if byte >= 0x30, byte <= 0x39 {
                digits += 1
                if mantissa < Quantity.mantissaLimit {
                    mantissa = mantissa * 10 + UInt128(byte - 0x30)
                    if point { decimals += 1 }
                } else {
                    if byte != 0x30 { lost = true }
                    if !point { dropped += 1 }
                }
            } else {
                break
            }
            i += 1
        }
        guard digits > 0, let (suffix, format) = Suffix.read(UnsafeBufferPointer(rebasing: text[i...])) else { return nil }
        var factor: UInt128 = 1
        var power = dropped - decimals + 9
        switch suffix {
        case .ten(let exponent): power += exponent
        case .two(let shift): factor = 1 << UInt128(shift)
        }
        let amount = Quantity.scaled(mantissa, factor: factor, power: power, lost: lost)
        self.init(nano: negative ? -amount : amount, format: format)
    }

    /// Enough for every billionth of the largest amount; with the largest suffix it still fits twice the width of a number.
    private static let mantissaLimit: UInt128 = 10_000_000_000_000_000_000_000_000_000_000

    /// mantissa × factor × 10^power, rounded up, cut at the largest amount.
    private static func scaled(_ mantissa: UInt128, factor: UInt128, power: Int, lost: Bool) -> Int128 {
        if mantissa == 0 { return lost ? 1 : 0 }
        let product = mantissa.multipliedFullWidth(by: factor)
        let largest = UInt128(largest)
        var amount = product.low
        if power < 0 {
            // Without a binary suffix the product is below the mantissa's limit: then nothing is left of it.
            guard -power <= 38 else { return 1 }
            let divisor = (0..<(-power)).reduce(UInt128(1)) { tenfold, _ in tenfold * 10 }
            guard product.high < divisor else { return Int128(largest) }
            let (quotient, remainder) = divisor.dividingFullWidth(product)
            guard quotient < largest else { return Int128(largest) }
            amount = quotient + (remainder != 0 || lost ? 1 : 0)
        } else {
            guard product.high == 0, amount <= largest else { return Int128(largest) }
            for _ in 0..<min(power, 40) {
                amount *= 10
                if amount > largest { return Int128(largest) }
            }
            amount += lost ? 1 : 0
        }
        return Int128(min(largest, amount))
    }

    private enum Suffix {
        case ten(Int)
        case two(Int)

        static func read(_ text: UnsafeBufferPointer<UInt8>) -> (Suffix, Format)? {
            switch String(decoding: text, as: UTF8.self) {
            case "": return (.ten(0), .decimal)
            case "n": return (.ten(-9), .decimal)
            case "u": return (.ten(-6), .decimal)
            case "m": return (.ten(-3), .decimal)
            case "k": return (.ten(3), .decimal)
            case "M": return (.ten(6), .decimal)
            case "G": return (.ten(9), .decimal)
            case "T": return (.ten(12), .decimal)
            case "P": return (.ten(15), .decimal)
            case "E": return (.ten(18), .decimal)
            case "Ki": return (.two(10), .binary)
            case "Mi": return (.two(20), .binary)
            case "Gi": return (.two(30), .binary)
            case "Ti": return (.two(40), .binary)
            case "Pi": return (.two(50), .binary)
            case "Ei": return (.two(60), .binary)
            default:
                guard text[0] | 0x20 == UInt8(ascii: "e"), text.count <= 12 else { return nil }
                let digits = String(decoding: text.dropFirst(), as: UTF8.self)
                return Int(digits).map { (.ten($0), .exponent) }
            }
        }
    }
}

extension Quantity: CustomStringConvertible {
    /// The canonical text: no fraction, the largest suffix that needs none; binary amounts below 1024, and those that are not whole, are
    /// written in decimal (`Quantity.CanonicalizeBytes` of apimachinery).
    package var description: String {
        if nano == 0 { return "0" }
        if format == .binary, nano.magnitude >= UInt128(1024 * Quantity.one), nano % Quantity.one == 0 { return binaryText }
        var amount = nano
        var exponent = -9
        while exponent < 18 && amount % 1000 == 0 {
            amount /= 1000
            exponent += 3
        }
        if format == .exponent { return exponent == 0 ? "\(amount)" : "\(amount)e\(exponent)" }
        let suffixes = ["n", "u", "m", "", "k", "M", "G", "T", "P", "E"]
        return "\(amount)\(suffixes[(exponent + 9) / 3])"
    }

    private var binaryText: String {
        var amount = value
        var step = 0
        while step < 6 && amount % 1024 == 0 {
            amount /= 1024
            step += 1
        }
        return "\(amount)" + ["", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"][step]
    }
}
