/// The examples of a batch, and what is right for them in shares, so that they can be mixed.
///
/// Whatever is done here keeps the shares of an example's classes at a sum of 1.
public struct MixedBatch: Sendable {
  /// A part of a picture, in parts of its sides.
  public struct Part: Sendable, Equatable {
    public var x: ClosedRange<Double>
    public var y: ClosedRange<Double>

    public init(x: ClosedRange<Double>, y: ClosedRange<Double>) { (self.x, self.y) = (x, y) }
  }

  private struct Rows: Sendable {
    let kind: TargetKind
    let width: Int
    var values: [Float]
  }

  /// Each `[batch, …]`.
  public private(set) var inputs: Tensors
  private var rows: OneOrMore<Rows>
  /// The number of examples.
  public let count: Int

  /// Nil where some of the targets cannot be mixed: masks and boxes.
  ///
  /// - Parameter classes: how many classes each of the targets has.
  public init?(_ inputs: Tensors, _ targets: OneOrMore<Targets>, classes: [Int]) {
    guard classes.count == targets.count else { return nil }
    var all: [Rows] = []
    for (targets, width) in zip(targets, classes) {
      switch targets {
      case .classes(let classes):
        var values = [Float](repeating: 0, count: classes.count * width)
        for (row, target) in classes.enumerated() {
          guard (0..<width).contains(target) else { return nil }
          values[row * width + target] = 1
        }
        all.append(Rows(kind: .oneClass, width: width, values: values))
      case .shares(let rows), .labels(let rows), .numbers(let rows):
        all.append(Rows(kind: targets.kind, width: rows.width, values: Array(rows.values)))
      case .masks, .boxes: return nil
      }
    }
    guard let rows = OneOrMore(all) else { return nil }
    (self.inputs, self.rows, count) = (inputs, rows, targets.head.count)
  }

  /// What is right now.
  public var targets: OneOrMore<Targets> {
    rows.mapped { rows in
      let values = TargetRows(rows.values, width: max(1, rows.width))
      return switch rows.kind {
      case .oneClass: .shares(values)
      case .labels: .labels(values)
      default: .numbers(values)
      }
    }
  }

  /// Mixes each example with the next one, the last with the first: x ← λ·x + (1 − λ)·x', and what is right for it alike.
  ///
  /// - Parameter shares: λ of each example, 0…1.
  public mutating func blend(keeping shares: [Float]) {
    guard shares.count == count else { return }
    inputs = inputs.mapped { input in
      var blended = input
      blended.withUnsafeMutableFloats { Self.blend($0, keeping: shares) }
      return blended
    }
    blendTargets(keeping: shares)
  }

  /// Puts a part of the next example into each, the last one's out of the first, and takes what is right from both by their
  /// shares of the pixels.
  ///
  /// - Parameter parts: of each example; nil for none.
  public mutating func paste(_ parts: [Part?]) {
    guard parts.count == count, let shape = inputs.first?.shape, shape.rank == 4 else { return }
    var kept = [Float](repeating: 1, count: count)
    for index in inputs.indices {
      let shape = inputs[index].shape
      guard shape.rank == 4 else { continue }
      let areas = parts.map { $0.map { Self.pixels($0, width: shape[3], height: shape[2]) } }
      if index == 0 {
        let places = Float(max(1, shape[2] * shape[3]))
        kept = areas.map { area in area.map { 1 - Float($0.x.count * $0.y.count) / places } ?? 1 }
      }
      var pasted = inputs[index]
      pasted.withUnsafeMutableFloats { Self.paste($0, shape, areas) }
      if index == 0 { inputs.head = pasted } else { inputs.tail[index - 1] = pasted }
    }
    blendTargets(keeping: kept)
  }

  /// Takes a part away from what is right and gives it to all classes alike: s ← (1 − ε)·s + ε/C; of labels, each becomes
  /// (1 − ε)·l + ε/2. Numbers stay.
  public mutating func smooth(by amount: Float) {
    rows = rows.mapped { rows in
      guard rows.kind != .numbers else { return rows }
      var rows = rows
      let rest = rows.kind == .oneClass ? amount / Float(max(1, rows.width)) : amount / 2
      for index in rows.values.indices { rows.values[index] = (1 - amount) * rows.values[index] + rest }
      return rows
    }
  }

  private mutating func blendTargets(keeping shares: [Float]) {
    rows = rows.mapped { rows in
      var rows = rows
      rows.values.withUnsafeMutableBufferPointer { Self.blend($0, keeping: shares) }
      return rows
    }
  }

  /// Each row with the next one, which is changed only afterwards; the first row is kept for the last one.
  private static func blend(_ values: UnsafeMutableBufferPointer<Float>, keeping shares: [Float]) {
    let width = values.count / max(1, shares.count)
    let first = Array(values.prefix(width))
    for (row, share) in shares.enumerated() where share != 1 {
      let (place, next) = (row * width, (row + 1) * width)
      let isLast = row == shares.count - 1
      for index in 0..<width {
        let other = isLast ? first[index] : values[next + index]
        values[place + index] = share * values[place + index] + (1 - share) * other
      }
    }
  }

  private typealias Area = (x: Range<Int>, y: Range<Int>)

  private static func pixels(_ part: Part, width: Int, height: Int) -> Area {
    func pixels(_ range: ClosedRange<Double>, _ count: Int) -> Range<Int> {
      let ends = [range.lowerBound, range.upperBound].map { Int((min(max($0, 0), 1) * Double(count)).rounded()) }
      return ends[0]..<ends[1]
    }
    return (pixels(part.x, width), pixels(part.y, height))
  }

  private static func paste(_ values: UnsafeMutableBufferPointer<Float>, _ shape: Shape, _ areas: [Area?]) {
    let (channels, height, width) = (shape[1], shape[2], shape[3])
    let size = channels * height * width
    let first = Array(values.prefix(size))
    for (row, area) in areas.enumerated() {
      guard let area else { continue }
      let isLast = row == areas.count - 1
      for channel in 0..<channels {
        for y in area.y {
          for x in area.x {
            let place = (channel * height + y) * width + x
            values[row * size + place] = isLast ? first[place] : values[(row + 1) * size + place]
          }
        }
      }
    }
  }
}
