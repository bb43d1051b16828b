import FoveaCore

extension Tensor {
  /// Floats in memory, those that pad a blocked layout included.
  private var storedCount: Int { byteCount / MemoryLayout<Float>.stride }

  /// Writes this fresh tensor, element by element, from two of its layout. Zeros must give zero, since they pad blocks.
  @inline(__always)
  func combine(_ first: Tensor, _ second: Tensor, _ body: (Float, Float) -> Float) {
    let (x, y, z) = (first.address, second.address, address)
    for i in 0..<storedCount { z[i] = body(x[i], y[i]) }
    withExtendedLifetime((first, second, self)) {}
  }

  /// Each element squared, in the same layout, or in plain order where that holds no floats.
  func squared() -> Tensor {
    guard layout.holdsFloats else { return plain().squared() }
    let result = Tensor(uninitialized: shape, layout: layout)
    result.combine(self, self) { $0 * $1 }
    return result
  }
}

extension Tensor {
  /// The sum over the first axis, of a tensor `[rows, columns]`.
  func sumOfRows() -> Tensor {
    let columns = shape[1]
    return Tensor([columns]) { sum in
      withUnsafeFloats { source in
        for start in stride(from: 0, to: source.count, by: columns) {
          for i in 0..<columns { sum[i] += source[start + i] }
        }
      }
    }
  }
}
