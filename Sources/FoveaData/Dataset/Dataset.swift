public import FoveaCore
public import FoveaImage

/// Labelled pictures: all of a source or a choice of them.
///
/// It is a light value; the pictures stay where they are until they are asked for.
public struct Dataset: Sendable {
  public let source: any ExampleSource
  /// What is to be learned of each example; one thing at least.
  public private(set) var targetDescriptions: [TargetDescription]
  /// What is worth knowing of how the data was read.
  public internal(set) var remarks: [DataRemark]
  // Nil stands for all, in order.
  private var choice: [UInt32]?
  // The source's numbers of the pictures of an example.
  private var pictures: [Int]
  // Where each target comes from.
  private var origins: [Origin]

  private struct Origin {
    /// The source's number of the target.
    let target: Int
    /// The number here of each of the source's classes, labels or numbers; nil where it is the same.
    var numbers: [Int]?
  }

  /// What an example's only picture is called.
  public static let usualPictureName = "image"

  public init(_ source: any ExampleSource) {
    self.source = source
    targetDescriptions = source.targetDescriptions
    remarks = source.remarks
    pictures = Array(source.pictureNames.indices)
    origins = targetDescriptions.indices.map { Origin(target: $0) }
  }

  public var name: String { source.name }

  public var count: Int { choice?.count ?? source.count }

  /// What each example's pictures are called; one thing at least.
  public var pictureNames: [String] {
    let names = source.pictureNames
    return pictures.map { names[$0] }
  }

  /// The names of the classes, labels or numbers of the first target.
  public var labels: [String] { targetDescriptions[0].labels }

  /// What is right for these examples.
  ///
  /// - Parameter target: a number in ``targetDescriptions``.
  public func targets(of examples: [Int], target: Int = 0) -> Targets {
    let origin = origins[target]
    let targets = source.targets(origin.target, of: choice == nil ? examples : examples.map(sourceIndex))
    return origin.numbers.map { targets.renumbered($0, count: targetDescriptions[target].labels.count) } ?? targets
  }

  /// What is right for all examples, of the first target.
  public var targets: Targets { targets(of: Array(0..<count)) }

  /// How many examples each class or label of the first target has; none where it is of another kind.
  public var classCounts: [Int] { counts(target: 0) }

  /// How many examples each class or label has; none where the target is of another kind.
  ///
  /// - Parameter target: a number in ``targetDescriptions``.
  public func counts(target: Int) -> [Int] {
    var counts = Array(repeating: 0, count: targetDescriptions[target].labels.count)
    switch targets(of: Array(0..<count), target: target) {
    case .classes(let classes): for number in classes { counts[number] += 1 }
    case .labels(let rows):
      for (place, value) in rows.values.enumerated() where value > 0 { counts[place % rows.width] += 1 }
    default: return []
    }
    return counts
  }

  /// What names an example in messages.
  public func identifier(at index: Int) -> String { source.identifier(at: sourceIndex(index)) }

  /// An example's first picture as it is stored.
  ///
  /// - Throws: ``DataError`` for this one example.
  public func image(at index: Int, decoder: ImageDecoder = ImageDecoder()) throws(DataError) -> Image {
    try source.image(at: sourceIndex(index), picture: pictures[0], decoder: decoder)
  }

  /// The file that an example's first picture is decoded from; nil where there is none of its own.
  func file(at index: Int) -> FilePath? { source.file(at: sourceIndex(index), picture: pictures[0]) }

  /// The number that the source knows an example by.
  public func sourceIndex(_ index: Int) -> Int { choice.map { Int($0[index]) } ?? index }

  /// The examples at `indices`, in this order; one may come several times.
  public func subset(_ indices: some Collection<Int>) -> Dataset {
    var chosen = self
    chosen.choice = indices.map { UInt32(sourceIndex($0)) }
    return chosen
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
    var relabeled = self
    relabeled.targetDescriptions[target] = TargetDescription(
      name: description.name, kind: description.kind, labels: labels)
    relabeled.origins[target].numbers = origins[target].numbers?.map { renumbered[$0] } ?? renumbered
    return relabeled
  }

  /// The same examples with some of the targets only, in this order.
  ///
  /// - Parameter targets: numbers in ``targetDescriptions``.
  public func keeping(targets: [Int]) -> Dataset {
    var kept = self
    kept.targetDescriptions = targets.map { targetDescriptions[$0] }
    kept.origins = targets.map { origins[$0] }
    return kept
  }

  /// The same examples with some of the pictures only, in this order.
  ///
  /// - Parameter pictures: numbers in ``pictureNames``.
  public func keeping(pictures: [Int]) -> Dataset {
    var kept = self
    kept.pictures = pictures.map { self.pictures[$0] }
    return kept
  }

  /// The same examples with the targets of another data set, in its order and with its labels. Targets go by their names
  /// unless there is but one.
  ///
  /// - Throws: ``DataError/missingTarget(name:target:known:)`` for a target that this data set does not have, and as
  ///   ``relabeled(_:target:)``.
  public func matching(_ other: Dataset) throws(DataError) -> Dataset {
    let isSingle = targetDescriptions.count == 1 && other.targetDescriptions.count == 1
    var numbers: [Int] = []
    for wanted in other.targetDescriptions {
      let number = targetDescriptions.firstIndex { $0.kind == wanted.kind && (isSingle || $0.name == wanted.name) }
      guard let number else {
        let known = targetDescriptions.map { "'\($0.name)', \($0.kind)" }
        throw .missingTarget(name: name, target: "'\(wanted.name)', \(wanted.kind)", known: known)
      }
      numbers.append(number)
    }
    var matched = keeping(targets: numbers)
    for (number, wanted) in other.targetDescriptions.enumerated() {
      matched = try matched.relabeled(wanted.labels, target: number)
    }
    return matched
  }
}
