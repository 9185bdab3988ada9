import Core
import Testing

@testable import Journal

/// RFC 9162 section 2.1.1, straight from its recursive definition.
private func reference(_ inputs: ArraySlice<[UInt8]>) -> [UInt8] {
    switch inputs.count {
    case 0: return Digest.sha256([])
    case 1: return Digest.sha256([0] + inputs[inputs.startIndex])
    case let n:
        var k = 1
        while k * 2 < n { k *= 2 }
        return Digest.sha256([1] + reference(inputs.prefix(k)) + reference(inputs.dropFirst(k)))
    }
}

@Suite struct MerkleTrees {
    /// The eight inputs that the certificate-transparency projects test with, and their published roots.
    static let inputs: [[UInt8]] = [
        [], [0x00], [0x10], [0x20, 0x21], [0x30, 0x31], [0x40, 0x41, 0x42, 0x43], [0x50, 0x51, 0x52, 0x53, 0x54, 0x55, 0x56, 0x57],
        [
            0x60, 0x61, 0x62, 0x63, 0x64, 0x65, 0x66, 0x67, 0x68, 0x69, 0x6a, 0x6b, 0x6c, 0x6d, 0x6e, 0x6f,
        ],
    ]
    static let roots = [
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    ]

    @Test func emptyRoot() {
        #expect(Digest.hex(CompactTree().root) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
    }

    @Test func publishedRoots() {
        var tree = CompactTree()
        for (input, root) in zip(MerkleTrees.inputs, MerkleTrees.roots) {
            tree.append(leafHash: MerkleHash.leaf(input))
            #expect(Digest.hex(tree.root) == root)
        }
    }

    @Test func compactTreeFollowsTheDefinitionAndCanBeContinued() throws {
        var inputs: [[UInt8]] = []
        var tree = CompactTree()
        for i in 0..<130 {
            inputs.append(Array("leaf \(i)".utf8))
            tree.append(leafHash: MerkleHash.leaf(inputs[i]))
            #expect(tree.root == reference(inputs[...]))
            tree = try #require(CompactTree(size: tree.size, peaks: tree.peaks))
        }
        #expect(CompactTree(size: 3, peaks: [tree.peaks[0]]) == nil)
    }

    @Test func everyInclusionProofHoldsAndNoForgedOneDoes() throws {
        var generator = SeededGenerator(seed: 7)
        for size in 1...33 {
            let leaves = (0..<size).map { MerkleHash.leaf(Array("\($0)".utf8)) }
            let root = MerkleProof.root(leaves[...])
            for index in 0..<size {
                let proof = try #require(MerkleProof.inclusion(of: index, leaves: leaves))
                func holds(_ leaf: [UInt8], _ index: Int, _ size: Int, _ proof: [[UInt8]], _ root: [UInt8]) -> Bool {
                    MerkleProof.verifyInclusion(leafHash: leaf, index: index, size: size, proof: proof, root: root)
                }
                #expect(holds(leaves[index], index, size, proof, root))
                #expect(!holds(MerkleHash.leaf([0xFF]), index, size, proof, root))
                #expect(!holds(leaves[index], index, size, proof + [root], root))
                #expect(!holds(leaves[index], size, size, proof, root))
                if !proof.isEmpty {
                    #expect(!holds(leaves[index], index, size, Array(proof.dropLast()), root))
                    #expect(!holds(leaves[index], (index + 1) % size, size, proof, root))
                    var forged = proof
                    let at = Int.random(in: 0..<forged.count, using: &generator)
                    forged[at][Int.random(in: 0..<32, using: &generator)] ^= 1
                    #expect(!holds(leaves[index], index, size, forged, root))
                }
            }
            #expect(MerkleProof.inclusion(of: size, leaves: leaves) == nil)
        }
    }

    @Test func everyConsistencyProofHoldsAndNoForgedOneDoes() throws {
        for second in 1...33 {
            let leaves = (0..<second).map { MerkleHash.leaf(Array("\($0)".utf8)) }
            let newRoot = MerkleProof.root(leaves[...])
            for first in 1...second {
                let oldRoot = MerkleProof.root(leaves[..<first])
                let proof = try #require(MerkleProof.consistency(from: first, leaves: leaves))
                func holds(_ a: [UInt8], _ b: [UInt8], _ proof: [[UInt8]]) -> Bool {
                    MerkleProof.verifyConsistency(from: first, root: a, to: second, root: b, proof: proof)
                }
                #expect(holds(oldRoot, newRoot, proof))
                #expect(!holds(MerkleHash.leaf([1]), newRoot, proof))
                #expect(!holds(oldRoot, MerkleHash.leaf([1]), proof))
                if first < second {
                    #expect(!holds(oldRoot, newRoot, Array(proof.dropLast())))
                    #expect(!holds(oldRoot, newRoot, proof + [newRoot]))
                }
            }
            #expect(MerkleProof.consistency(from: second + 1, leaves: leaves) == nil)
        }
    }
}
