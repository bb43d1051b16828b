/// What is to be learned of the examples of a batch: a value of one kind for each.
public enum Targets: Sendable, Equatable {
  /// The number of each example's class, from 0.
  case classes(ArraySlice<Int>)
  /// For each example, the share of every class; they sum to 1. A ``BatchAugmentation`` makes these of classes.
  case shares(TargetRows<Float>)
  /// For each example and label, 1 where the example has the label and 0 where it has not.
  case labels(TargetRows<Float>)
  /// For each example, its numbers.
  case numbers(TargetRows<Float>)
  /// For each example, the number of the class of each pixel, row by row.
  case masks(TargetRows<UInt16>)
  /// For each example, its boxes.
  case boxes(ArraySlice<[TargetBox]>)

  public init(_ classes: [Int]) { self = .classes(classes[...]) }

  public var kind: TargetKind {
    switch self {
    case .classes, .shares: .oneClass
    case .labels: .labels
    case .numbers: .numbers
    case .masks: .mask
    case .boxes: .boxes
    }
  }

  /// The number of examples.
  public var count: Int {
    switch self {
    case .classes(let classes): classes.count
    case .shares(let rows), .labels(let rows), .numbers(let rows): rows.count
    case .masks(let rows): rows.count
    case .boxes(let boxes): boxes.count
    }
  }

  /// Those of the examples `range`, counted from 0. Nothing is copied.
  public subscript(range: Range<Int>) -> Targets {
    switch self {
    case .classes(let classes): .classes(classes.examples(range))
    case .shares(let rows): .shares(rows[range])
    case .labels(let rows): .labels(rows[range])
    case .numbers(let rows): .numbers(rows[range])
    case .masks(let rows): .masks(rows[range])
    case .boxes(let boxes): .boxes(boxes.examples(range))
    }
  }

  /// The classes, where there is one for each example.
  public var classes: ArraySlice<Int>? {
    if case .classes(let classes) = self { classes } else { nil }
  }
}

/// Classes by their numbers: `[0, 2, 1]`.
extension Targets: ExpressibleByArrayLiteral {
  public init(arrayLiteral classes: Int...) { self = .classes(classes[...]) }
}

/// As many values for each example as for every other.
public struct TargetRows<Element: Sendable & Equatable>: Sendable, Equatable {
  /// Of all examples, one after the other.
  public let values: ArraySlice<Element>
  /// Values of one example.
  public let width: Int

  public init(_ values: [Element], width: Int) {
    self.init(slice: values[...], width: width)
  }

  private init(slice: ArraySlice<Element>, width: Int) {
    require(
      width > 0 && slice.count.isMultiple(of: width), "\(slice.count) values make no rows of \(width)")
    values = slice
    self.width = width
  }

  public var count: Int { values.count / width }

  public subscript(range: Range<Int>) -> TargetRows {
    TargetRows(slice: values.examples(range.lowerBound * width..<range.upperBound * width), width: width)
  }

  /// One example's.
  public subscript(example: Int) -> ArraySlice<Element> { values.examples(example * width..<(example + 1) * width) }
}

/// A box in a picture, in the pixels that the data set counts in, and the number of the class of what is in it.
public struct TargetBox: Sendable, Equatable {
  public var box: PictureBox
  public var target: Int

  public init(_ box: PictureBox, target: Int) {
    self.box = box
    self.target = target
  }
}

extension ArraySlice {
  /// A part, counted from 0 wherever the slice starts.
  fileprivate func examples(_ range: Range<Int>) -> ArraySlice {
    self[startIndex + range.lowerBound..<startIndex + range.upperBound]
  }
}
