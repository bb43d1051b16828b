import FoveaCore

/// Where a layer's window lies at each place of its output, in cells of its input.
struct WindowPlaces {
  let window: (height: Int, width: Int)
  let stride: Int
  let dilation: Int
  /// How far the first window reaches out of the input, at the top, left, bottom and right.
  let margin: (top: Int, left: Int, bottom: Int, right: Int)
  /// The output's.
  let height: Int
  let width: Int

  /// - Parameter padding: a layer's setting: `valid`, `same`, or a number for all sides; nil for another one.
  init?(
    window: (height: Int, width: Int), stride: Int, dilation: Int, padding: ConfigurationValue,
    input: (height: Int, width: Int), output: (height: Int, width: Int)
  ) {
    (self.window, self.stride, self.dilation) = (window, stride, dilation)
    (height, width) = output
    let reach = (height: (window.height - 1) * dilation + 1, width: (window.width - 1) * dilation + 1)
    func sides(_ input: Int, _ output: Int, _ reach: Int) -> (before: Int, after: Int)? {
      let covered = (output - 1) * stride + reach
      switch padding {
      case .string("valid"): return (0, 0)
      case .string("same"):
        // Where it is odd, the larger half lies behind.
        let added = max(covered - input, 0)
        return (added / 2, added - added / 2)
      case .integer(let added) where added >= 0: return (added, max(min(added, covered - input - added), 0))
      default: return nil
      }
    }
    guard let rows = sides(input.height, output.height, reach.height),
      let columns = sides(input.width, output.width, reach.width)
    else { return nil }
    margin = (rows.before, columns.before, rows.after, columns.after)
  }

  var count: Int { height * width }
  /// Rows and columns from the first cell of a window to the last.
  var reach: (height: Int, width: Int) {
    ((window.height - 1) * dilation + 1, (window.width - 1) * dilation + 1)
  }

  /// The upper left cell of the window at a place, counted row by row.
  func origin(_ place: Int) -> (row: Int, column: Int) {
    (place / width * stride - margin.top, place % width * stride - margin.left)
  }

  /// What lies in the window; 0 beyond the input.
  func cells(of matrix: NumberMatrix, at place: Int) -> [[Float]] {
    let origin = origin(place)
    return (0..<window.height).map { i in
      (0..<window.width).map { j in
        let (row, column) = (origin.row + i * dilation, origin.column + j * dilation)
        let isInside = (0..<matrix.height).contains(row) && (0..<matrix.width).contains(column)
        return isInside ? matrix.rows[row][column] : 0
      }
    }
  }

  /// All places, or a bounded number of them: rows and columns at equal distances, the first and the last among them.
  func places(most: Int) -> [Int] {
    guard count > most else { return Array(0..<count) }
    let columns = min(width, max(most / min(height, 6), 2))
    let rows = min(height, max(most / columns, 1))
    func spread(_ number: Int, _ length: Int) -> [Int] {
      number < 2 ? [0] : (0..<number).map { $0 * (length - 1) / (number - 1) }
    }
    return spread(rows, height).flatMap { row in spread(columns, width).map { row * width + $0 } }
  }
}
