import FoveaCore

/// Maps of a size, and the larger maps in which they lie, with something on each side.
struct MapFrame: Sendable {
  /// `[channels, height, width]`, of the maps inside and of the whole.
  let inner, outer: Shape
  let sides: Sides

  /// Zeros around each map: `[batch, …inner]` to `[batch, …outer]`.
  func surround(_ maps: Tensor) -> Tensor {
    let batch = maps.shape[0]
    return Tensor(outer.batched(batch)) { whole in
      maps.withUnsafeFloats { maps in
        forEachRow(batch) { inner, outer, width in
          for i in 0..<width { whole[outer + i] = maps[inner + i] }
        }
      }
    }
  }

  /// What lies inside: `[batch, …outer]` to `[batch, …inner]`.
  func cut(_ whole: Tensor) -> Tensor {
    let batch = whole.shape[0]
    return Tensor(inner.batched(batch)) { maps in
      whole.withUnsafeFloats { whole in
        forEachRow(batch) { inner, outer, width in
          for i in 0..<width { maps[inner + i] = whole[outer + i] }
        }
      }
    }
  }

  /// Calls `body` with where each row starts inside and in the whole.
  private func forEachRow(_ batch: Int, _ body: (_ inner: Int, _ outer: Int, _ width: Int) -> Void) {
    let (height, width) = (inner[1], inner[2])
    for map in 0..<batch * inner[0] {
      for row in 0..<height {
        body((map * height + row) * width, (map * outer[1] + row + sides.top) * outer[2] + sides.left, width)
      }
    }
  }
}
