internal import CKernels

/// A matrix as a sum of outer products: matrix[i, j] = Σ_t left[t, i]·right[t, j].
///
/// The gradient of a dense layer's weights is one, with a term for each example. For large layers it is never computed
/// as a whole: the optimizer asks for one block after the other, each of which stays in the nearest caches.
public struct OuterProducts: Sendable {
  /// `[terms, rows]`: the gradient by the outputs.
  public let left: Tensor
  /// `[terms, columns]`: the inputs.
  public let right: Tensor

  /// - Precondition: as many terms on both sides.
  public init(left: Tensor, right: Tensor) {
    require(left.shape[0] == right.shape[0], "\(left.shape) and \(right.shape) have not as many terms")
    self.left = left.converted(to: .float32)
    self.right = right.converted(to: .float32)
  }

  public var terms: Int { left.shape[0] }
  public var rows: Int { left.shape.withoutBatch.count }
  public var columns: Int { right.shape.withoutBatch.count }

  /// Whether factors of so many terms take less than half of the memory that the matrix would.
  public static func areSmall(terms: Int, rows: Int, columns: Int) -> Bool {
    // As terms · (rows + columns) · 2 ≤ rows · columns, which might be too large a number.
    terms <= rows * columns / max((rows + columns) * 2, 1)
  }

  /// Writes a block of the matrix to `destination`, row by row `pitch` apart, or adds it to what is there.
  package func write(
    rows: Range<Int>, columns: Range<Int>, to destination: UnsafeMutablePointer<Float>, pitch: Int, adds: Bool
  ) {
    fovea_outer_products(
      VectorInstructions.inUse.raw, left.address + rows.lowerBound, self.rows,
      right.address + columns.lowerBound, self.columns, Int32(terms), Int32(rows.count), Int32(columns.count),
      destination, pitch, adds)
    withExtendedLifetime(self) {}
  }

  /// Adds the matrix to a tensor of as many elements.
  func add(to sum: inout Tensor) {
    sum.withUnsafeMutableFloats { sum in
      guard let start = sum.baseAddress else { return }
      write(rows: 0..<rows, columns: 0..<columns, to: start, pitch: columns, adds: true)
    }
  }
}
