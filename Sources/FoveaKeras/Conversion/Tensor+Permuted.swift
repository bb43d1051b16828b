import FoveaCore

extension Tensor {
  /// The axes of a weight in another order: axis `i` of the result is axis `axes[i]` of this.
  ///
  /// - Throws: ``KerasProblem`` where there are not as many.
  func ordered(_ axes: [Int]) throws -> Tensor {
    guard let tensor = permuted(axes) else {
      throw KerasProblem("an array of it has the shape \(shape), which is not that of such a weight")
    }
    return tensor
  }

  /// The first axes backward, each of them.
  func reversed(alongFirst axes: Int) -> Tensor {
    let count = shape.dimensions.prefix(axes).reduce(1, *)
    guard count > 0 else { return self }
    let inner = shape.count / count
    return withUnsafeFloats { source in
      Tensor(shape) { result in
        for tap in 0..<count {
          for i in 0..<inner { result[tap * inner + i] = source[(count - 1 - tap) * inner + i] }
        }
      }
    }
  }
}
