/// An operator of which is known where its outputs come from, and how: what it takes to tell the receptive field of a unit,
/// and to share relevance among inputs.
///
/// An ``ElementwiseLayer`` need not conform.
public protocol SpatialOperator: Operator {
  /// How outputs follow from inputs.
  var nature: OperatorNature { get }

  /// Which rows and columns of an input `[channels, height, width]` each row and column of an output comes from; nil where
  /// each may come from all of them.
  var reach: MapReach? { get }
}

/// How an operator's outputs follow from its inputs.
public enum OperatorNature: Sendable, Hashable {
  /// Sums of inputs times numbers that do not depend on them, and a constant; or one of its inputs that is chosen, as by a
  /// maximum.
  case linear
  /// Each element by itself, by a function of one variable.
  case pointwise
  /// A product of inputs.
  case product
  /// None of these.
  case other
}

/// From which rows and columns of an input those of an output come.
public struct MapReach: Sendable, Hashable {
  public var rows: AxisReach
  public var columns: AxisReach

  public init(rows: AxisReach, columns: AxisReach) { (self.rows, self.columns) = (rows, columns) }

  /// Each place from the same one.
  public static let same = MapReach(rows: .same, columns: .same)

  /// First this, then `next`.
  public func then(_ next: MapReach) -> MapReach {
    MapReach(rows: rows.then(next.rows), columns: columns.then(next.columns))
  }

  /// What either of the two sees; nil where their steps differ.
  public func joined(with other: MapReach) -> MapReach? {
    guard let rows = rows.joined(with: other.rows), let columns = columns.joined(with: other.columns) else {
      return nil
    }
    return MapReach(rows: rows, columns: columns)
  }
}

/// From which elements of an input those of an output come, along one axis: element i from ⌈first + i·step⌉ … ⌊last + i·step⌋.
///
/// Where a network enlarges maps, that is an upper bound: some outputs see an element less.
public struct AxisReach: Sendable, Hashable {
  /// Elements of the input from one output to the next; below 1 where the output is larger.
  public var step: Double
  /// The first element of the input that the first output comes from; negative in the padding.
  public var first: Double
  /// The last one.
  public var last: Double

  public init(step: Double, first: Double, last: Double) {
    (self.step, self.first, self.last) = (step, first, last)
  }

  public static let same = AxisReach(step: 1, first: 0, last: 0)

  /// Of a window that moves over the input.
  ///
  /// - Parameters:
  ///   - size: elements from its first to its last, holes included.
  ///   - padding: elements that are added before the first.
  public static func window(size: Int, step: Int, padding: Int) -> AxisReach {
    AxisReach(step: Double(step), first: Double(-padding), last: Double(size - 1 - padding))
  }

  /// How many elements of the input an output comes from, those in the padding included.
  public var size: Double { (last - first).rounded() + 1 }

  /// First this, then `next`.
  public func then(_ next: AxisReach) -> AxisReach {
    AxisReach(step: step * next.step, first: first + next.first * step, last: last + next.last * step)
  }

  func joined(with other: AxisReach) -> AxisReach? {
    guard abs(step - other.step) < 1e-9 else { return nil }
    return AxisReach(step: step, first: min(first, other.first), last: max(last, other.last))
  }

  /// The elements that element `index` of the output comes from, without those of the padding; nil where it is all padding.
  ///
  /// - Parameter extent: of the input.
  public func elements(of index: Int, extent: Int) -> ClosedRange<Int>? {
    let start = (first + Double(index) * step - 1e-6).rounded(.up)
    let end = (last + Double(index) * step + 1e-6).rounded(.down)
    let (lower, upper) = (max(start, 0), min(end, Double(extent - 1)))
    return lower <= upper ? Int(lower)...Int(upper) : nil
  }

  /// The elements of the output that come from some of the input's, among others; empty where none do.
  ///
  /// - Parameter extent: of the output.
  public func outputs(of elements: Range<Int>, extent: Int) -> Range<Int> {
    let start = max(((Double(elements.lowerBound) - last) / step - 1e-6).rounded(.up), 0)
    let end = min(((Double(elements.upperBound - 1) - first) / step + 1e-6).rounded(.down), Double(extent - 1))
    return elements.isEmpty || end < start ? 0..<0 : Int(start)..<Int(end) + 1
  }
}
