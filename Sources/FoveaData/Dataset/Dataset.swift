public import FoveaCore
public import FoveaImage

/// Labelled pictures: all of a source or a choice of them.
///
/// It is a light value; the pictures stay where they are until they are asked for.
public struct Dataset: Sendable {
  public let source: any DatasetSource
  /// The classes' names.
  public let labels: [String]
  /// What is worth knowing of how the data was read.
  public internal(set) var remarks: [DataRemark]
  // Nil stands for all, in order.
  private let choice: [UInt32]?
  // Nil stands for the source's own numbers of classes.
  private let classes: [Int]?

  public init(_ source: any DatasetSource) {
    self.init(source, labels: source.labels, remarks: source.remarks, choice: nil, classes: nil)
  }

  private init(
    _ source: any DatasetSource, labels: [String], remarks: [DataRemark], choice: [UInt32]?, classes: [Int]?
  ) {
    self.source = source
    self.labels = labels
    self.remarks = remarks
    self.choice = choice
    self.classes = classes
  }

  public var name: String { source.name }

  public var count: Int { choice?.count ?? source.count }

  /// The class of an example, 0 ..< number of labels.
  public func target(at index: Int) -> Int {
    let target = source.target(at: sourceIndex(index))
    return classes?[target] ?? target
  }

  public var targets: [Int] { (0..<count).map(target) }

  /// How many examples each class has.
  public var classCounts: [Int] {
    var counts = Array(repeating: 0, count: labels.count)
    for index in 0..<count { counts[target(at: index)] += 1 }
    return counts
  }

  /// What names an example in messages.
  public func identifier(at index: Int) -> String { source.identifier(at: sourceIndex(index)) }

  /// An example's picture as it is stored.
  ///
  /// - Throws: ``DataError`` for this one example.
  public func image(at index: Int, decoder: ImageDecoder = ImageDecoder()) throws(DataError) -> Image {
    try source.image(at: sourceIndex(index), decoder: decoder)
  }

  /// The number that the source knows an example by.
  public func sourceIndex(_ index: Int) -> Int { choice.map { Int($0[index]) } ?? index }

  /// The examples at `indices`, in this order; one may come several times.
  public func subset(_ indices: some Collection<Int>) -> Dataset {
    Dataset(
      source, labels: labels, remarks: remarks, choice: indices.map { UInt32(sourceIndex($0)) }, classes: classes)
  }

  /// All examples but those at `indices`.
  public func leavingOut(_ indices: some Sequence<Int>) -> Dataset {
    let left = Set(indices)
    return left.isEmpty ? self : subset((0..<count).filter { !left.contains($0) })
  }

  /// The same examples with the classes numbered as in `labels`: as a model knows them.
  ///
  /// - Throws: ``DataError/unknownClass(name:label:known:)`` for a class of this data set that is not among them.
  public func relabeled(_ labels: [String]) throws(DataError) -> Dataset {
    if labels == self.labels { return self }
    let numbers = Dictionary(labels.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
    var renumbered: [Int] = []
    for label in self.labels {
      guard let number = numbers[label] else { throw .unknownClass(name: name, label: label, known: labels) }
      renumbered.append(number)
    }
    let classes = self.classes?.map { renumbered[$0] } ?? renumbered
    return Dataset(source, labels: labels, remarks: remarks, choice: choice, classes: classes)
  }
}

extension Dataset {
  /// Keeps a share of every class apart, chosen by `seed`; both parts keep the order of the examples.
  ///
  /// A class with two examples or more has at least one in each part.
  ///
  /// - Parameter validationFraction: the share of the second part, above 0 and below 1.
  /// - Throws: ``DataError/invalidSetting(name:expected:got:)``, or ``DataError/empty(name:reason:)`` where a part
  ///   would have no example.
  public func split(
    validationFraction fraction: Double, seed: UInt64
  ) throws(DataError) -> (training: Dataset, validation: Dataset) {
    guard fraction > 0, fraction < 1 else {
      throw .invalidSetting(name: "validation split", expected: "above 0 and below 1", got: "\(fraction)")
    }
    var members = Array(repeating: [Int](), count: labels.count)
    for index in 0..<count { members[target(at: index)].append(index) }
    var isKeptApart = Array(repeating: false, count: count)
    for (number, var indices) in members.enumerated() where indices.count > 1 {
      var random = SeededRandom(seed: SeededOrder.seed(seed, UInt64(number)))
      SeededOrder.shuffle(&indices, using: &random)
      let share = Int((Double(indices.count) * fraction).rounded())
      for index in indices.prefix(min(max(share, 1), indices.count - 1)) { isKeptApart[index] = true }
    }
    let validation = (0..<count).filter { isKeptApart[$0] }
    guard !validation.isEmpty else {
      throw .empty(name: "the validation part of \(name)", reason: "no class has two examples to divide")
    }
    return (subset((0..<count).filter { !isKeptApart[$0] }), subset(validation))
  }
}
