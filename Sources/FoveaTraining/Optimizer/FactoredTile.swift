import FoveaCore

/// A block of a weight matrix whose gradient is a sum of outer products, and all that its update reads and writes.
///
/// The gradient is computed block by block into memory that stays in a core's second-level cache, and is used at once:
/// as a whole it would be written to the main memory and read again, as much as the weights themselves.
struct FactoredTile {
  /// A few long rows: memory is faster the farther one reads on. But not so long that the inputs of a block of columns,
  /// which are read again for each block of rows, leave the second-level cache.
  private static let mostRows = 12
  private static let mostColumns = 1 << 11
  /// Short rows are taken together up to so many numbers, which fill half of a first-level cache.
  private static let fewestNumbers = 1 << 12
  /// Columns come in whole blocks of the kernels.
  private static let columnStep = 64

  /// By place in ``Model/trainableParameters``.
  let parameter: Int
  let weights: UnsafeMutablePointer<Float>
  let memories: [UnsafeMutablePointer<Float>]
  /// Of the whole parameter, as weights and memories are; nil where none is kept.
  let average: UnsafeMutablePointer<Float>?
  let products: [OuterProducts]
  let rows: Range<Int>
  let columns: Range<Int>
  /// From one row of the weights to the next.
  let pitch: Int

  var count: Int { rows.count * columns.count }

  /// From the parameter's first number to the tile's.
  var start: Int { rows.lowerBound * pitch + columns.lowerBound }

  /// Cuts a parameter into tiles.
  ///
  /// - Parameters:
  ///   - weights: and memories and average: the whole parameter's.
  ///   - products: those of all parts of the batch; at least one.
  static func tiles(
    _ weights: UnsafeMutablePointer<Float>, of parameter: Int, memories: [UnsafeMutablePointer<Float>],
    average: UnsafeMutablePointer<Float>?, products: [OuterProducts]
  ) -> [FactoredTile] {
    let (rows, columns) = (products[0].rows, products[0].columns)
    let parts = (columns + mostColumns - 1) / mostColumns
    let width = ((columns + parts - 1) / parts + columnStep - 1) / columnStep * columnStep
    let height = max(mostRows, fewestNumbers / width)
    return stride(from: 0, to: columns, by: width).flatMap { column in
      stride(from: 0, to: rows, by: height).map { row in
        FactoredTile(
          parameter: parameter, weights: weights, memories: memories, average: average, products: products,
          rows: row..<min(row + height, rows), columns: column..<min(column + width, columns), pitch: columns)
      }
    }
  }

  /// Computes the gradient.
  ///
  /// - Parameter gradient: memory for ``count`` numbers.
  /// - Returns: what is to be updated.
  func block(gradient: UnsafeMutablePointer<Float>) -> WeightBlock {
    for (index, product) in products.enumerated() {
      product.write(rows: rows, columns: columns, to: gradient, pitch: columns.count, adds: index > 0)
    }
    // Whole rows follow each other without a gap.
    let isWhole = columns.count == pitch
    return WeightBlock(
      weights + start, gradients: gradient, memories: memories.map { $0 + start }, rows: isWhole ? 1 : rows.count,
      columns: isWhole ? count : columns.count, pitch: isWhole ? count : pitch)
  }
}
