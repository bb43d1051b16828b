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
/// lies between its layers, what a training keeps besides, and what explaining makes of a picture ask first (``OutOfMemory``).
/// What does not: what kernels take for themselves, such as weights in their order; gradients and second derivatives on their way
/// back through the layers; the weights of Keras and ONNX models while they are converted; and copies of one picture's numbers, or
/// of a layer's, where these are drawn, ranked, or gone through by filters and relevance. A network near the end of the memory
/// comes here by them.
@inline(never)
func stop(_ message: String, _ file: StaticString = #fileID, _ line: UInt = #line) -> Never {
  fatalError(message, file: file, line: line)  // unreachable: but by faulty code, and where memory ends
}
