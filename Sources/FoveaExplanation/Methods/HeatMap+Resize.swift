package import FoveaCore

extension HeatMap {
  /// At another size, corners on corners: element i lies at i·(extent − 1) / (extent' − 1).
  package func resizedByCorners(width newWidth: Int, height newHeight: Int) -> HeatMap {
    func scale(_ old: Int, _ new: Int) -> Float { new > 1 ? Float(old - 1) / Float(new - 1) : 0 }
    let (sx, sy) = (scale(width, newWidth), scale(height, newHeight))
    return sampled(newWidth, newHeight) { (Float($0) * sx, Float($1) * sy) }
  }

  /// At another size that covers the same: element i lies at (i + ½)·extent / extent' − ½, and edges repeat.
  package func resized(width newWidth: Int, height newHeight: Int) -> HeatMap {
    let (sx, sy) = (Float(width) / Float(newWidth), Float(height) / Float(newHeight))
    return sampled(newWidth, newHeight) { ((Float($0) + 0.5) * sx - 0.5, (Float($1) + 0.5) * sy - 0.5) }
  }

  private func sampled(_ newWidth: Int, _ newHeight: Int, _ place: (Int, Int) -> (Float, Float)) -> HeatMap {
    var result = [Float](repeating: 0, count: newWidth * newHeight)
    for row in 0..<newHeight {
      for column in 0..<newWidth {
        let (x, y) = place(column, row)
        result[row * newWidth + column] = value(x: x, y: y)
      }
    }
    return HeatMap(result, width: newWidth, height: newHeight)
  }

  /// Between elements, linearly; edges repeat.
  package func value(x: Float, y: Float) -> Float {
    let (u, v) = (min(max(x, 0), Float(width - 1)), min(max(y, 0), Float(height - 1)))
    let (left, top) = (Int(u), Int(v))
    let (right, bottom) = (min(left + 1, width - 1), min(top + 1, height - 1))
    let (a, b) = (u - Float(left), v - Float(top))
    let above = values[top * width + left] * (1 - a) + values[top * width + right] * a
    let below = values[bottom * width + left] * (1 - a) + values[bottom * width + right] * a
    return above * (1 - b) + below * b
  }
}
