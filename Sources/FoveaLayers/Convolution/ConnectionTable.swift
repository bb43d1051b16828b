import FoveaCore

/// Which input maps each filter of a convolution sees. A weight exists for each pair in the table, and no other.
struct ConnectionTable: Sendable {
  let rows: [[Int]]
  private let channels: Int
  private let area: Int
  /// Where each pair's weights lie in a full kernel.
  private let places: [Int]

  /// - Throws: ``LayerError/invalidConfiguration(kind:key:expected:got:)`` where the table does not fit the layer.
  init(_ rows: [[Int]], filters: Int, channels: Int, area: Int, _ check: Check) throws(LayerError) {
    let key = "connections"
    try check.that(
      rows.count == filters, key, "one list of input maps for each of \(filters.counted("filter"))", rows.count)
    for (filter, maps) in rows.enumerated() {
      let key = "\(key).\(filter)"
      try check.that(!maps.isEmpty, key, "a list of at least one input map", maps)
      try check.that(maps.allSatisfy { (0..<channels).contains($0) }, key, "input maps 0 to \(channels - 1)", maps)
      try check.that(Set(maps).count == maps.count, key, "a list that names no input map twice", maps)
    }
    self.rows = rows
    self.channels = channels
    self.area = area
    places = rows.enumerated().flatMap { filter, maps in maps.map { filter * channels + $0 } }
  }

  var pairs: Int { places.count }

  /// The filters that see each input map.
  var readers: [Int] {
    var counts = [Int](repeating: 0, count: channels)
    for map in rows.joined() { counts[map] += 1 }
    return counts
  }

  /// The weights of all pairs, zero where there is no connection: `[pairs, …]` to `[filters, channels, …]`.
  func expand(_ weights: Tensor, to shape: Shape) -> Tensor {
    let full = Tensor(zeros: shape)
    let compact = weights.plain()
    var next = compact.address
    for place in places {
      (full.address + place * area).update(from: next, count: area)
      next += area
    }
    withExtendedLifetime((full, compact)) {}
    return full
  }

  /// Those of a full kernel's weights that exist: `[filters, channels, …]` to `[pairs, …]`.
  func gather(_ weights: Tensor, to shape: Shape) -> Tensor {
    let compact = Tensor(uninitialized: shape)
    let full = weights.plain()
    var next = compact.address
    for place in places {
      next.update(from: full.address + place * area, count: area)
      next += area
    }
    withExtendedLifetime((full, compact)) {}
    return compact
  }
}
