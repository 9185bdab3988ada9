// Compiled by scripts/fuzz together with the reader's own files. Reading member by member and skipping must agree on every input: whether it
// is JSON, and where it ends.

import Foundation

extension JSONReader {
    mutating func walk() throws(JSONError) {
        switch try kind() {
        case .null: try null()
        case .bool: _ = try bool()
        case .number: _ = try rawNumber()
        case .string:
            // Wrong escapes are an error only for who wants to know what the string says.
            let (range, escaped) = try rawString()
            _ = try? string(range, escaped: escaped)
        case .array: try array { (r) throws(JSONError) in try r.walk() }
        case .object: try object { (r, _) throws(JSONError) in try r.walk() }
        }
    }
}

@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let bytes = UnsafeBufferPointer(start: start, count: count)
    var walking = JSONReader(bytes), skipping = JSONReader(bytes)
    var walked = false, skipped = false
    do throws(JSONError) { try walking.walk(); walked = true } catch {}
    do throws(JSONError) { try skipping.skip(); skipped = true } catch {}
    precondition(walked == skipped, "walking and skipping disagree on whether this is JSON")
    precondition(!walked || walking.offset == skipping.offset, "walking and skipping disagree on where it ends")
    return 0
}
