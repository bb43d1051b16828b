/// The nearest of what was offered, at most `capacity`: by distance, and by number where that is the same.
struct NearestRows: Sendable {
  private let capacity: Int
  private(set) var distances: [Float] = []
  private(set) var rows: [Int32] = []

  init(capacity: Int) {
    self.capacity = capacity
    distances.reserveCapacity(capacity + 1)
    rows.reserveCapacity(capacity + 1)
  }

  /// What is not nearer need not be offered.
  var bound: Float { rows.count < capacity ? .infinity : distances[capacity - 1] }

  mutating func offer(_ row: Int32, _ distance: Float) {
    guard rows.count < capacity || isBefore(distance, row, rows.count - 1) else { return }
    if rows.count == capacity {
      rows.removeLast()
      distances.removeLast()
    }
    // Few come behind the first blocks, so that shifting costs nothing.
    var place = rows.count
    rows.append(row)
    distances.append(distance)
    while place > 0, isBefore(distance, row, place - 1) {
      (rows[place], distances[place]) = (rows[place - 1], distances[place - 1])
      place -= 1
    }
    (rows[place], distances[place]) = (row, distance)
  }

  private func isBefore(_ distance: Float, _ row: Int32, _ place: Int) -> Bool {
    distance < distances[place] || distance == distances[place] && row < rows[place]
  }

  /// Offers all of a block whose squared distances are lengths[j] − 2·products[j], up to what is the same for all.
  mutating func offer(
    first: Int, count: Int, products: UnsafePointer<Float>, lengths: UnsafePointer<Float>, leavingOut own: Int
  ) {
    let (rawProducts, rawLengths) = (UnsafeRawPointer(products), UnsafeRawPointer(lengths))
    var bound = bound
    func look(_ place: Int) {
      let distance = lengths[place] - 2 * products[place]
      guard distance <= bound, first + place != own else { return }
      offer(Int32(truncatingIfNeeded: first + place), distance)
      bound = self.bound
    }
    var place = 0
    while place + 8 <= count {
      let squared =
        rawLengths.loadUnaligned(fromByteOffset: place * 4, as: SIMD8<Float>.self) - 2
        * rawProducts.loadUnaligned(fromByteOffset: place * 4, as: SIMD8<Float>.self)
      if any(squared .<= bound) { for one in place..<place + 8 { look(one) } }
      place += 8
    }
    while place < count {
      look(place)
      place += 1
    }
  }
}
