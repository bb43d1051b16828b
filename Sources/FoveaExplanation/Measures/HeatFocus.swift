public import FoveaCore

/// Where the heat of a map lies, in the pixels of the picture that was given.
public struct HeatFocus: Sendable, Hashable {
  /// The mean place of all heat that speaks for the decision; nil where there is none.
  public let centroid: PicturePoint?
  /// Around the hottest part: the places around the hottest one that have half of its heat, and hang together.
  public let box: PictureBox?
  /// The share of the heat within ``box``.
  public let share: Float

  /// - Parameter geometry: from the picture's pixels to the network's input, which the map covers.
  /// - Throws: ``ImageError/unknownGeometry(kind:)``
  public init(_ map: HeatMap, _ geometry: PictureGeometry) throws(ImageError) {
    let back = try geometry.covered(by: ImageSize(width: map.width, height: map.height)).toOriginal
    let heat = map.positive
    let total = heat.values.reduce(0.0) { $0 + Double($1.isFinite ? $1 : 0) }
    guard total > 0, let hottest = heat.values.indices.max(by: { heat.values[$0] < heat.values[$1] }) else {
      (centroid, box, share) = (nil, nil, 0)
      return
    }
    var (x, y) = (0.0, 0.0)
    for (place, value) in heat.values.enumerated() where value.isFinite {
      x += Double(value) * Double(place % map.width)
      y += Double(value) * Double(place / map.width)
    }
    centroid = back.apply(PicturePoint(x: x / total, y: y / total))
    let part = Self.part(of: heat, around: hottest)
    let (columns, rows) = (part.lazy.map { $0 % map.width }, part.lazy.map { $0 / map.width })
    let (left, top) = (columns.min() ?? 0, rows.min() ?? 0)
    let cells = PictureBox(
      x: left, y: top, width: (columns.max() ?? 0) - left + 1, height: (rows.max() ?? 0) - top + 1)
    box = back.apply(cells).clipped(to: geometry.original)
    let right = left + Int(cells.width)
    let bottom = top + Int(cells.height)
    var inside = 0.0
    for row in top..<bottom {
      for column in left..<right { inside += Double(heat.values[row * map.width + column]) }
    }
    share = Float(inside / total)
  }

  /// Places that hang together with the hottest one, side by side, and have half of its heat or more.
  private static func part(of heat: HeatMap, around hottest: Int) -> [Int] {
    let least = heat.values[hottest] / 2
    var isTaken = Array(repeating: false, count: heat.values.count)
    isTaken[hottest] = true
    var part = [hottest]
    var next = 0
    while next < part.count {
      let place = part[next]
      next += 1
      let (row, column) = (place / heat.width, place % heat.width)
      for (dy, dx) in [(-1, 0), (1, 0), (0, -1), (0, 1)] {
        let (y, x) = (row + dy, column + dx)
        guard (0..<heat.height).contains(y), (0..<heat.width).contains(x) else { continue }
        let neighbor = y * heat.width + x
        if !isTaken[neighbor], heat.values[neighbor] >= least {
          isTaken[neighbor] = true
          part.append(neighbor)
        }
      }
    }
    return part
  }
}
