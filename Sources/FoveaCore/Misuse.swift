/// Ends the program where its own code is wrong, such as a tensor of three elements and shape [2, 2]. Unlike
/// `precondition`, it says what is wrong in an optimized program too. What comes from outside is checked before, by
/// initializers that throw.
@inline(__always)
func require(
  _ condition: Bool, _ message: @autoclosure () -> String, file: StaticString = #fileID, line: UInt = #line
) {
  if !condition { stop(message(), file, line) }
}

/// Ends the program, and says why. Small tensors that find no memory end here, too, as Swift's own arrays do; what can be
/// large because somebody wants it so, such as weights, a batch and what it comes to, asks first: ``OutOfMemory``.
@inline(never)
func stop(_ message: String, _ file: StaticString = #fileID, _ line: UInt = #line) -> Never {
  fatalError(message, file: file, line: line)  // unreachable: by input that fits into memory; else only by faulty code
}
