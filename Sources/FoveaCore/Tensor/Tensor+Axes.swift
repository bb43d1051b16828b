extension Tensor {
  /// The axes in another order: axis `i` of the result is axis `axes[i]` of this.
  ///
  /// - Returns: nil where `axes` are not all of this tensor's, each once.
  package func permuted(_ axes: [Int]) -> Tensor? {
    let dimensions = shape.dimensions
    guard axes.sorted() == Array(dimensions.indices) else { return nil }
    var strides = [Int](repeating: 1, count: dimensions.count)
    for axis in dimensions.indices.dropLast().reversed() { strides[axis] = strides[axis + 1] * dimensions[axis + 1] }
    // Axes that stay neighbors are one.
    var (extents, steps) = ([Int](), [Int]())
    for (place, axis) in axes.enumerated() {
      if place > 0, axis == axes[place - 1] + 1 {
        extents[extents.count - 1] *= dimensions[axis]
        steps[steps.count - 1] = strides[axis]
      } else {
        extents.append(dimensions[axis])
        steps.append(strides[axis])
      }
    }
    guard let run = extents.popLast(), let step = steps.popLast(), shape.count > 0 else { return self }
    return withUnsafeFloats { source in
      Tensor(Shape(axes.map { dimensions[$0] })) { result in
        var place = [Int](repeating: 0, count: extents.count)
        var (from, to) = (0, 0)
        while true {
          for i in 0..<run { result[to + i] = source[from + i * step] }
          to += run
          var axis = extents.count - 1
          while axis >= 0 {
            place[axis] += 1
            from += steps[axis]
            if place[axis] < extents[axis] { break }
            from -= steps[axis] * extents[axis]
            place[axis] = 0
            axis -= 1
          }
          if axis < 0 { break }
        }
      }
    }
  }
}
