internal import CKernels

extension Tensor {
  /// The largest |x| of all elements; infinity where one is infinite or not a number.
  ///
  /// Read in the order in which they lie in memory, as fast as that gives them: what fills up a layout is zeros, or what
  /// zeros came to.
  package var largestMagnitude: Float {
    let tensor = layout.holdsFloats ? self : plain()
    defer { withExtendedLifetime(tensor) {} }
    return Self.largestMagnitude(tensor.address, tensor.byteCount / MemoryLayout<Float>.stride)
  }

  /// Of `count` floats that follow each other.
  package static func largestMagnitude(_ floats: UnsafePointer<Float>, _ count: Int) -> Float {
    let bits = fovea_largest_magnitude(VectorInstructions.best.raw, count, floats)
    return bits >= Float.infinity.bitPattern ? .infinity : Float(bitPattern: bits)
  }

  /// Whether every element that counts is a finite number.
  package var isFinite: Bool {
    largestMagnitude.isFinite || withUnsafeFloats { $0.allSatisfy(\.isFinite) }
  }
}
