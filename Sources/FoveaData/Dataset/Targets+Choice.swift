import FoveaCore

extension Targets {
  /// How many values there are for each example, where they are as many for all.
  var width: Int? {
    switch self {
    case .shares(let rows), .labels(let rows), .numbers(let rows): rows.width
    case .classes, .masks, .boxes: nil
    }
  }

  /// How many classes, labels or numbers there must be.
  var labelCount: Int {
    switch self {
    case .classes(let classes): max(0, classes.max() ?? 0) + 1
    case .shares(let rows), .labels(let rows), .numbers(let rows): rows.width
    case .masks(let rows): Int(rows.values.max() ?? 0) + 1
    case .boxes(let boxes): max(0, boxes.lazy.joined().map(\.target).max() ?? 0) + 1
    }
  }

  /// Those of some examples, in their order.
  func chosen(_ examples: [Int]) -> Targets {
    switch self {
    case .classes(let classes): .classes(examples.map { classes[classes.startIndex + $0] }[...])
    case .shares(let rows): .shares(rows.chosen(examples))
    case .labels(let rows): .labels(rows.chosen(examples))
    case .numbers(let rows): .numbers(rows.chosen(examples))
    case .masks(let rows): .masks(rows.chosen(examples))
    case .boxes(let boxes): .boxes(examples.map { boxes[boxes.startIndex + $0] }[...])
    }
  }

  /// The same with other numbers for classes, labels or numbers.
  ///
  /// - Parameters:
  ///   - numbers: the new number of each.
  ///   - count: how many there are then; a label that was not there before is no example's.
  func renumbered(_ numbers: [Int], count: Int) -> Targets {
    switch self {
    case .classes(let classes): .classes(classes.map { numbers[$0] }[...])
    case .shares(let rows): .shares(rows.renumbered(numbers, count))
    case .labels(let rows): .labels(rows.renumbered(numbers, count))
    case .numbers(let rows): .numbers(rows.renumbered(numbers, count))
    case .masks(let rows):
      // What is no class, such as a border that does not count, stays what it is.
      .masks(
        TargetRows(
          rows.values.map { numbers.indices.contains(Int($0)) ? UInt16(numbers[Int($0)]) : $0 }, width: rows.width))
    case .boxes(let boxes):
      .boxes(
        boxes.map { example in
          example.map { box in
            var box = box
            if numbers.indices.contains(box.target) { box.target = numbers[box.target] }
            return box
          }
        }[...])
    }
  }
}

extension TargetRows<Float> {
  fileprivate func renumbered(_ numbers: [Int], _ width: Int) -> TargetRows {
    var values = [Float](repeating: 0, count: count * width)
    for (place, value) in self.values.enumerated() {
      values[place / self.width * width + numbers[place % self.width]] = value
    }
    return TargetRows(values, width: width)
  }
}

extension TargetRows {
  fileprivate func chosen(_ examples: [Int]) -> TargetRows {
    TargetRows(examples.flatMap { self[$0] }, width: width)
  }
}
