/// A convolution matrix that a person has thought of, as all were before networks learned them.
struct Filter {
  let name: String
  /// What it answers to.
  let explanation: String
  /// Rows from top to bottom.
  let rows: [[Float]]
  /// What all numbers are divided by.
  let divisor: Float

  init(_ name: String, _ explanation: String, _ rows: [[Float]], divisor: Float = 1) {
    self.name = name
    self.explanation = explanation
    self.rows = rows
    self.divisor = divisor
  }

  var size: Int { rows.count }

  /// Row by row, as the convolution layer wants them.
  var weights: [Float] { rows.joined().map { $0 / divisor } }
}

/// Filters of one family, for one sheet.
struct FilterFamily {
  let name: String
  let explanation: String
  let filters: [Filter]
  /// Whether a strong answer means that the whole shape is there, so that it can be framed.
  var findsShapes = false
}
