/// The short flag by which a well-known program takes a password. A long flag says so by its name.
struct PasswordFlag: Sendable {
    /// Two characters.
    let text: StaticString
    /// `-px`
    let isAttached: Bool
    /// `-p x`
    let isSeparate: Bool
    /// `user:x`: only what is behind the colon is secret.
    var isPair = false

    private static let programs: [(name: StaticString, flag: PasswordFlag)] = {
        // A space behind -p makes MySQL ask, and what follows is a database.
        let mysql = PasswordFlag(text: "-p", isAttached: true, isSeparate: false)
        let both = PasswordFlag(text: "-p", isAttached: true, isSeparate: true)
        let ldap = PasswordFlag(text: "-w", isAttached: true, isSeparate: true)
        return [
            ("mysql", mysql), ("mysqldump", mysql), ("mysqladmin", mysql), ("mysqlsh", mysql), ("mysqlimport", mysql),
            ("mysqlcheck", mysql),
            ("mysqlshow", mysql), ("mariadb", mysql), ("mariadb-dump", mysql), ("mariadb-admin", mysql), ("sshpass", both),
            ("mongo", both), ("mongosh", both), ("mongodump", both), ("mongorestore", both),
            ("redis-cli", PasswordFlag(text: "-a", isAttached: false, isSeparate: true)), ("ldapsearch", ldap), ("ldapmodify", ldap),
            ("ldapadd", ldap), ("curl", PasswordFlag(text: "-u", isAttached: true, isSeparate: true, isPair: true)),
        ]
    }()

    /// The flag of the program that a word names, if it is one of these.
    static func of(program word: Range<Int>, in scan: Scan) -> PasswordFlag? {
        // The first letters of the names above: most words are done here.
        switch scan.bytes[word.lowerBound] {
        case UInt8(ascii: "m"), UInt8(ascii: "s"), UInt8(ascii: "r"), UInt8(ascii: "l"), UInt8(ascii: "c"): break
        default: return nil
        }
        return programs.first { $0.name.utf8CodeUnitCount == word.count && scan.has($0.name, at: word.lowerBound) }?.flag
    }

    /// The same for a word of a list of arguments; the folders before a program's name do not matter.
    static func of(program argument: String) -> PasswordFlag? {
        let name = argument.split(separator: "/").last ?? ""
        return programs.first { "\($0.name)" == name }?.flag
    }
}

extension Scan {
    /// The password at a word that begins with a dash, when the word is this flag.
    func value(of flag: PasswordFlag, at word: Range<Int>) -> Range<Int>? {
        guard has(flag.text, at: word.lowerBound) else { return nil }
        var start = word.lowerBound + 2
        let isApart = start == word.upperBound && start < bytes.count && bytes[start] == 0x20
        guard isApart ? flag.isSeparate : flag.isAttached else { return nil }
        while isApart, start < bytes.count, bytes[start] == 0x20 { start += 1 }
        guard start < bytes.count else { return nil }
        let end: Int
        if let quote = [UInt8(ascii: "'"), UInt8(ascii: "\"")].first(where: { $0 == bytes[start] }), start >= word.upperBound {
            start += 1
            end = bytes[start...].firstIndex { $0 == quote || $0 == 0x0A } ?? bytes.count
        } else {
            end = bytes[start...].firstIndex { $0 <= 0x20 || $0 == UInt8(ascii: "'") || $0 == UInt8(ascii: "\"") } ?? bytes.count
            if isApart, bytes[start] == UInt8(ascii: "-") { return nil }
        }
        guard flag.isPair else { return start < end ? start..<end : nil }
        return bytes[start..<end].firstIndex(of: UInt8(ascii: ":")).flatMap { $0 + 1 < end ? $0 + 1..<end : nil }
    }
}
