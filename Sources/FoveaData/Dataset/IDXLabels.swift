import FoveaCore

/// The labels of an IDX file, and the classes that they stand for.
///
/// The classes are the numbers that occur, and are called by them, unless a file gives names or the labels are those of a
/// set that everybody knows. How a folder or a file is called plays no part.
struct IDXLabels {
  /// The class of each item.
  let targets: [UInt16]
  /// The classes' names.
  let names: [String]
  /// What is worth knowing of the numbers.
  let remarks: [DataRemark]

  /// The smallest and the greatest label of a file.
  typealias Span = ClosedRange<UInt16>

  /// - Parameters:
  ///   - names: the classes' names in the order of their numbers, from 0, or from 1 where `span` is 1…number of names.
  ///   - span: of all parts of the data set, where that is more than of this file.
  init(_ file: IDXFile, names: [String]?, span: Span? = nil) throws(DataError) {
    let labels = try Self.read(file, classes: names.map { $0.count + 1 })
    let known = names ?? KnownClasses.names(of: labels)
    if let known {
      let all = [span, Self.span(of: labels)].compactMap { $0 }
      let startsAtOne = all.map(\.lowerBound).min() == 1 && all.map(\.upperBound).max() == UInt16(clamping: known.count)
      let first: UInt16 = startsAtOne ? 1 : 0
      if let index = labels.firstIndex(where: { $0 < first || Int($0 - first) >= known.count }) {
        throw .invalidLabel(
          path: file.path, index: index,
          expected: "0 to \(known.count - 1), one of \(known.count.counted("class", "classes"))",
          got: Int(labels[index]))
      }
      targets = startsAtOne ? labels.map { $0 - 1 } : labels
      self.names = known
      remarks = startsAtOne ? [DataRemark("\(file.path): labels start at 1, which is '\(known[0])'")] : []
      return
    }
    let numbers = Set(labels).sorted()
    if numbers == Array(0..<UInt16(numbers.count)) {
      targets = labels
    } else {
      let targetOfNumber = Dictionary(uniqueKeysWithValues: zip(numbers, (0..<UInt16(numbers.count))))
      targets = labels.map { targetOfNumber[$0] ?? 0 }
    }
    self.names = numbers.map { String($0) }
    remarks = Self.remark(on: numbers).map { [DataRemark("\(file.path): \($0)")] } ?? []
  }

  /// The classes of a mapping, whose numbers need neither start at 0 nor follow each other.
  init(_ file: IDXFile, _ mapping: LabelMapping) throws(DataError) {
    let classes = Dictionary(uniqueKeysWithValues: zip(mapping.labels, (0..<UInt16(mapping.labels.count))))
    let labels = try Self.read(file)
    targets = try labels.enumerated().map { index, label throws(DataError) in
      if let target = classes[label] { return target }
      throw .invalidLabel(path: file.path, index: index, expected: "one of those in '\(mapping.path)'", got: Int(label))
    }
    names = mapping.names
    remarks = []
  }

  static func span(of labels: [UInt16]) -> Span? {
    guard let least = labels.min(), let most = labels.max() else { return nil }
    return least...most
  }

  static func read(_ file: IDXFile, classes: Int? = nil) throws(DataError) -> [UInt16] {
    guard file.dimensions.count == 1, file.element.isInteger else {
      throw .unsuitableArray(
        path: file.path, expected: "one integer for each image",
        got: "\(file.element) elements of dimensions \(file.dimensions)")
    }
    // Sixteen bits: more classes than anybody has, and no way for one wild label to make millions.
    let bound = min(classes ?? Int(UInt16.max), Int(UInt16.max))
    var labels: [UInt16] = []
    labels.reserveCapacity(file.count)
    // In pieces, for as numbers they take four times the memory.
    for start in stride(from: 0, to: file.count, by: 1 << 16) {
      for number in try file.numbers(of: start..<min(start + 1 << 16, file.count)) {
        guard (0..<Double(bound)).contains(number) else {
          let classes = classes.map { $0 - 1 } ?? bound
          throw .invalidLabel(
            path: file.path, index: labels.count,
            expected: "0 to \(classes - 1), one of \(classes.counted("class", "classes"))",
            got: Int(number))
        }
        labels.append(UInt16(number))
      }
    }
    return labels
  }

  /// What is unusual about the numbers that occur: they start above 0, or leave some out.
  private static func remark(on numbers: [UInt16]) -> String? {
    guard let first = numbers.first, let last = numbers.last, Int(last) >= numbers.count else { return nil }
    let start = first == 0 ? "" : "labels start at \(first)"
    let present = Set(numbers)
    let gaps = (first...last).filter { !present.contains($0) }
    let list = gaps.prefix(8).map { String($0) }.joined(separator: ", ") + (gaps.count > 8 ? ", …" : "")
    let gap = gaps.isEmpty ? "" : "no image has the label \(list)"
    let what = [start, gap].filter { !$0.isEmpty }.joined(separator: ", and ")
    return "\(what); the classes are the \(numbers.count.counted("label")) that occur, \(first) to \(last)"
  }
}
