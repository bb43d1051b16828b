internal import CKernels

extension Tensor {
  /// The largest |x| of all elements; infinity where one is infinite or not a number.
  ///
  /// Read in the order in which they lie in memory, as fast as that gives them: what fills up a layout is zeros, or what
  /// zeros came to.
  package var largestMagnitude: Float {
    let tensor = layout.holdsFloats && element == .float32 ? self : plainFloats()
    defer { withExtendedLifetime(tensor) {} }
    let (floats, count) = (tensor.address, tensor.byteCount / MemoryLayout<Float>.stride)
    let parts = count < Self.fewestShared ? 1 : KernelThreads.current
    guard parts > 1 else { return Self.largestMagnitude(floats, count) }
    var sizes = [Float](repeating: 0, count: parts)
    sizes.withUnsafeMutableBufferPointer { sizes in
      let sizes = sizes
      KernelThreads.run(parts) { part in
        let first = count * part / parts
        sizes[part] = Self.largestMagnitude(floats + first, count * (part + 1) / parts - first)
      }
    }
    return sizes.reduce(0, max)
  }

  /// Fewer are read in less time than other threads take to begin.
  private static let fewestShared = 1 << 19

  /// Of `count` floats that follow each other.
  package static func largestMagnitude(_ floats: UnsafePointer<Float>, _ count: Int) -> Float {
    largestMagnitude(floats, rows: 1, columns: count, pitch: count)
  }

  /// Of rows of `columns` floats that lie `pitch` floats apart.
  package static func largestMagnitude(
    _ floats: UnsafePointer<Float>, rows: Int, columns: Int, pitch: Int
  ) -> Float {
    magnitude(bits: fovea_largest_magnitude(VectorInstructions.inUse.raw, rows, columns, pitch, floats))
  }

  /// What the kernels say of a largest magnitude.
  static func magnitude(bits: UInt32) -> Float {
    bits >= Float.infinity.bitPattern ? .infinity : Float(bitPattern: bits)
  }

  /// Whether every element that counts is a finite number.
  package var isFinite: Bool {
    largestMagnitude.isFinite || withUnsafeFloats { $0.allSatisfy(\.isFinite) }
  }
}
