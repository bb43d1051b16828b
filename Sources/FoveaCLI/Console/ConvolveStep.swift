import Fovea

/// A step's numbers, as `fovea convolve` prints them.
struct ConvolveStep: Encodable {
  let step: String
  /// Of one channel.
  let rows: [[Float]]?
  /// Of each of several channels.
  let channels: [[[Float]]]?

  init(_ stage: KernelTrial.Stage) {
    step = stage.name
    let matrices = stage.planes.matrices.map(\.rows)
    (rows, channels) = matrices.count == 1 ? (matrices[0], nil) : (nil, matrices)
  }

  /// All steps, with their numbers where they are few.
  static func text(_ stages: [KernelTrial.Stage]) -> String {
    stages.map { stage in
      let planes = stage.planes
      let (lowest, highest) = (planes.values.min() ?? 0, planes.values.max() ?? 0)
      let size = Format.shape(
        planes.count == 1 ? [planes.height, planes.width] : [planes.count, planes.height, planes.width])
      let head = "\(stage.name), \(size), \(number(lowest)) to \(number(highest))"
      let matrices = planes.matrices.map { table($0) ?? "" }
      return matrices.contains("") ? head : head + "\n" + matrices.joined(separator: "\n\n")
    }.joined(separator: "\n\n")
  }

  /// Nil for more numbers than anybody reads.
  static func table(_ matrix: NumberMatrix) -> String? {
    let isVector = matrix.height == 1 && matrix.width <= 32
    guard isVector || max(matrix.height, matrix.width) <= 16 else { return nil }
    var table = TextTable(matrix.rows[0].map { _ in ("", .right) })
    for row in matrix.rows { table.add(row.map(number)) }
    return table.lines().map { "  " + $0 }.joined(separator: "\n")
  }

  /// 4 as `4`, 0.33333334 as `0.3333`.
  static func number(_ value: Float) -> String {
    guard abs(value) < 1e9 else { return "\(value)" }
    if value == value.rounded() { return Format.fixed(Double(value), 0) }
    let text = Format.fixed(Double(value), 4)
    return String(text.reversed().drop { $0 == "0" }.drop { $0 == "." }.reversed())
  }
}
