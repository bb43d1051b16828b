/// A sparse square matrix, row by row.
struct SparseRows: Sendable, Equatable {
  /// `count + 1`: where each row begins.
  var starts: [Int]
  var columns: [Int32]
  var values: [Float]

  var count: Int { starts.count - 1 }

  /// Of as many values in each row.
  init(count: Int, perRow: Int, columns: [Int32], values: [Float]) {
    starts = (0...count).map { $0 * perRow }
    (self.columns, self.values) = (columns, values)
  }

  private init(starts: [Int], columns: [Int32], values: [Float]) {
    (self.starts, self.columns, self.values) = (starts, columns, values)
  }

  /// combine(aᵢⱼ, aⱼᵢ) wherever one of the two is there, where what is missing is 0. Columns are in order.
  func symmetric(_ combine: (Float, Float) -> Float) -> SparseRows {
    let n = count
    // The transpose, whose rows come out in order of their columns; and once more, which puts the rows in order, too.
    let turned = transposed()
    let own = turned.transposed()
    var starts = [0]
    starts.reserveCapacity(n + 1)
    var (columns, values): ([Int32], [Float]) = ([], [])
    columns.reserveCapacity(own.columns.count * 2)
    values.reserveCapacity(own.columns.count * 2)
    for row in 0..<n {
      var (i, j) = (own.starts[row], turned.starts[row])
      let (lastI, lastJ) = (own.starts[row + 1], turned.starts[row + 1])
      while i < lastI || j < lastJ {
        let left = i < lastI ? own.columns[i] : .max
        let right = j < lastJ ? turned.columns[j] : .max
        columns.append(min(left, right))
        values.append(
          combine(left <= right ? own.values[i] : 0, right <= left ? turned.values[j] : 0))
        if left <= right { i += 1 }
        if right <= left { j += 1 }
      }
      starts.append(columns.count)
    }
    return SparseRows(starts: starts, columns: columns, values: values)
  }

  private func transposed() -> SparseRows {
    var next = [Int](repeating: 0, count: count + 1)
    for column in columns { next[Int(column) + 1] += 1 }
    for row in 0..<count { next[row + 1] += next[row] }
    let starts = next
    var turned = [Int32](repeating: 0, count: columns.count)
    var turnedValues = [Float](repeating: 0, count: columns.count)
    for row in 0..<count {
      for place in self.starts[row]..<self.starts[row + 1] {
        let column = Int(columns[place])
        turned[next[column]] = Int32(truncatingIfNeeded: row)
        turnedValues[next[column]] = values[place]
        next[column] += 1
      }
    }
    return SparseRows(starts: starts, columns: turned, values: turnedValues)
  }
}
