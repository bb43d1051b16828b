/// Ends the program where its own code is wrong, such as a tensor of three elements and shape [2, 2]. Unlike
/// `precondition`, it says what is wrong in an optimized program too. What comes from outside is checked before, by
/// initializers that throw.
@inline(__always)
func require(
  _ condition: Bool, _ message: @autoclosure () -> String, file: StaticString = #fileID, line: UInt = #line
) {
  if !condition { stop(message(), file, line) }
}

/// Ends the program, and says why. Tensors that find no memory end here, too, as Swift's own arrays do. Weights, a batch and what
/// lies between its layers ask first (``OutOfMemory``). What does not yet: gradients of each thread, what an optimizer remembers,
/// batches of open networks that are joined, and those that explaining makes; a network near the end of the memory comes here by them.
@inline(never)
func stop(_ message: String, _ file: StaticString = #fileID, _ line: UInt = #line) -> Never {
  fatalError(message, file: file, line: line)  // unreachable: but by faulty code, and where memory ends
}
