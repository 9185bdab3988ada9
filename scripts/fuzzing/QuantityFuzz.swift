// Compiled by scripts/fuzz together with the files of Quantity. What can be read is written in a form that reads as the same amount.

@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    guard let quantity = Quantity(utf8: UnsafeBufferPointer(start: start, count: count)) else { return 0 }
    let text = quantity.description
    guard let again = Quantity(text) else { preconditionFailure("\(text) was written and cannot be read") }
    precondition(again == quantity, "\(text) reads as another amount")
    precondition(again.description == text, "\(text) is written as \(again.description) when read again")
    return 0
}
