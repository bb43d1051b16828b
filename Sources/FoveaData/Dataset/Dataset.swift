public import FoveaCore
public import FoveaImage

/// Labelled pictures: all of a source or a choice of them.
///
/// It is a light value; the pictures stay where they are until they are asked for.
public struct Dataset: Sendable {
  public let source: any ExampleSource
  /// What is to be learned of each example; one thing at least.
  public let targetDescriptions: [TargetDescription]
  /// What is worth knowing of how the data was read.
  public internal(set) var remarks: [DataRemark]
  // Nil stands for all, in order.
  private let choice: [UInt32]?
  // For each target, the number here of each of the source's classes, labels or numbers; nil where it is the same.
  private let numbers: [[Int]?]

  /// What an example's only picture is called.
  public static let usualPictureName = "image"

  public init(_ source: any ExampleSource) {
    let descriptions = source.targetDescriptions
    self.init(
      source, descriptions, remarks: source.remarks, choice: nil,
      numbers: Array(repeating: nil, count: descriptions.count))
  }

  private init(
    _ source: any ExampleSource, _ descriptions: [TargetDescription], remarks: [DataRemark], choice: [UInt32]?,
    numbers: [[Int]?]
  ) {
    self.source = source
    targetDescriptions = descriptions
    self.remarks = remarks
    self.choice = choice
    self.numbers = numbers
  }

  public var name: String { source.name }

  public var count: Int { choice?.count ?? source.count }

  /// The names of the classes, labels or numbers of the first target.
  public var labels: [String] { targetDescriptions[0].labels }

  /// What is right for these examples.
  ///
  /// - Parameter target: a number in ``targetDescriptions``.
  public func targets(of examples: [Int], target: Int = 0) -> Targets {
    let targets = source.targets(target, of: choice == nil ? examples : examples.map(sourceIndex))
    return numbers[target].map { targets.renumbered($0, count: targetDescriptions[target].labels.count) } ?? targets
  }

  /// What is right for all examples, of the first target.
  public var targets: Targets { targets(of: Array(0..<count)) }

  /// How many examples each class or label has; of the first target, none where it is of another kind.
  public var classCounts: [Int] {
    var counts = Array(repeating: 0, count: labels.count)
    switch targets {
    case .classes(let classes): for target in classes { counts[target] += 1 }
    case .labels(let rows):
      for (place, value) in rows.values.enumerated() where value > 0 { counts[place % rows.width] += 1 }
    default: return []
    }
    return counts
  }

  /// What names an example in messages.
  public func identifier(at index: Int) -> String { source.identifier(at: sourceIndex(index)) }

  /// An example's picture as it is stored.
  ///
  /// - Throws: ``DataError`` for this one example.
  public func image(at index: Int, decoder: ImageDecoder = ImageDecoder()) throws(DataError) -> Image {
    try source.image(at: sourceIndex(index), picture: 0, decoder: decoder)
  }

  /// The number that the source knows an example by.
  public func sourceIndex(_ index: Int) -> Int { choice.map { Int($0[index]) } ?? index }

  /// The examples at `indices`, in this order; one may come several times.
  public func subset(_ indices: some Collection<Int>) -> Dataset {
    Dataset(
      source, targetDescriptions, remarks: remarks, choice: indices.map { UInt32(sourceIndex($0)) }, numbers: numbers)
  }

  /// All examples but those at `indices`.
  public func leavingOut(_ indices: some Sequence<Int>) -> Dataset {
    let left = Set(indices)
    return left.isEmpty ? self : subset((0..<count).filter { !left.contains($0) })
  }

  /// The same examples with the classes, labels or numbers in the order of `labels`: as a model knows them.
  ///
  /// A label that this data set does not have is none of its examples'.
  ///
  /// - Parameter target: a number in ``targetDescriptions``.
  /// - Throws: ``DataError/unknownClass(name:label:known:)`` for a class of this data set that is not among them, and
  ///   ``DataError/missingNumber(name:number:known:)`` for a number that it does not have.
  public func relabeled(_ labels: [String], target: Int = 0) throws(DataError) -> Dataset {
    let description = targetDescriptions[target]
    if labels == description.labels { return self }
    let places = Dictionary(labels.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
    var renumbered: [Int] = []
    for label in description.labels {
      guard let number = places[label] else { throw .unknownClass(name: name, label: label, known: labels) }
      renumbered.append(number)
    }
    if description.kind == .numbers, let missing = labels.first(where: { !description.labels.contains($0) }) {
      throw .missingNumber(name: name, number: missing, known: description.labels)
    }
    var (descriptions, numbers) = (targetDescriptions, numbers)
    descriptions[target] = TargetDescription(name: description.name, kind: description.kind, labels: labels)
    numbers[target] = numbers[target]?.map { renumbered[$0] } ?? renumbered
    return Dataset(source, descriptions, remarks: remarks, choice: choice, numbers: numbers)
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
    for (index, target) in (targets.classes ?? []).enumerated() { members[target].append(index) }
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
