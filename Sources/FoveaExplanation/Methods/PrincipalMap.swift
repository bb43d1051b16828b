import FoveaCore

/// Maps along the direction in which they vary most from place to place.
enum PrincipalMap {
  private static let mostSteps = 2000

  /// The first principal component of the maps, as numbers at each place: places are the observations, maps the variables.
  ///
  /// The sign, which is open, is that with which it goes with the sum of the maps.
  static func projection(_ values: [Float], maps count: Int, area: Int) -> [Float] {
    var centered = [Double](repeating: 0, count: values.count)
    for map in 0..<count {
      let own = values[map * area..<(map + 1) * area]
      let mean = own.reduce(0.0) { $0 + Double($1) } / Double(max(area, 1))
      for place in own.indices { centered[place] = Double(values[place]) - mean }
    }
    // The smaller of the two products of the matrix with itself has the same first component.
    let byPlaces = area <= count
    let size = byPlaces ? area : count
    var product = [Double](repeating: 0, count: size * size)
    for one in 0..<size {
      for other in one..<size {
        var sum = 0.0
        if byPlaces {
          for map in 0..<count { sum += centered[map * area + one] * centered[map * area + other] }
        } else {
          for place in 0..<area { sum += centered[one * area + place] * centered[other * area + place] }
        }
        product[one * size + other] = sum
        product[other * size + one] = sum
      }
    }
    let direction = firstEigenvector(product, size)
    var heat = [Double](repeating: 0, count: area)
    if byPlaces {
      // A·v for the unit v of maps is σ·u, and ‖Aᵀu‖ is σ.
      var square = 0.0
      for map in 0..<count {
        let sum = (0..<area).reduce(0.0) { $0 + centered[map * area + $1] * direction[$1] }
        square += sum * sum
      }
      heat = direction.map { $0 * square.squareRoot() }
    } else {
      for map in 0..<count {
        for place in 0..<area { heat[place] += centered[map * area + place] * direction[map] }
      }
    }
    var agreement = 0.0
    for map in 0..<count {
      for place in 0..<area { agreement += heat[place] * centered[map * area + place] }
    }
    return heat.map { Float(agreement < 0 ? -$0 : $0) }
  }

  /// Of a symmetric matrix without negative eigenvalues, by rows: by powers of it.
  private static func firstEigenvector(_ matrix: [Double], _ size: Int) -> [Double] {
    var vector = (0..<size).map { 1 + 0.01 * Double($0 % 7) }
    for _ in 0..<mostSteps {
      var next = [Double](repeating: 0, count: size)
      for row in 0..<size {
        var sum = 0.0
        for column in 0..<size { sum += matrix[row * size + column] * vector[column] }
        next[row] = sum
      }
      let length = next.reduce(0) { $0 + $1 * $1 }.squareRoot()
      guard length > 0 else { return [Double](repeating: 0, count: size) }
      var change = 0.0
      for place in 0..<size {
        next[place] /= length
        change = max(change, abs(next[place] - vector[place]))
      }
      vector = next
      if change < 1e-12 { break }
    }
    return vector
  }
}
