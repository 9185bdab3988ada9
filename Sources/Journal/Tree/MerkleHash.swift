import Crypto

/// The hashes of RFC 9162 section 2.1.1 with SHA-256: leaves and nodes are told apart by their first byte.
package enum MerkleHash {
    /// The root of a tree without leaves.
    package static let empty: [UInt8] = Array(SHA256.hash(data: [UInt8]()))

    package static func leaf(_ input: [UInt8]) -> [UInt8] {
        var hash = SHA256()
        hash.update(data: [0x00])
        hash.update(data: input)
        return Array(hash.finalize())
    }

    package static func node(_ left: [UInt8], _ right: [UInt8]) -> [UInt8] {
        var hash = SHA256()
        hash.update(data: [0x01])
        hash.update(data: left)
        hash.update(data: right)
        return Array(hash.finalize())
    }
}
