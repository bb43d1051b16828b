public import FoveaCore
public import FoveaImage

/// All pictures of a data set, looked at once: what ``DataCheck``s compare.
public struct DataSurvey: Sendable {
  /// What is kept apart from the rest, such as the training part.
  public struct Part: Sendable {
    /// Its name: `training`, `test`; of the only one, `all`.
    public let name: String
    public let dataset: Dataset

    public init(_ name: String, _ dataset: Dataset) {
      self.name = name
      self.dataset = dataset
    }

    /// The only one.
    public init(_ dataset: Dataset) { self.init("all", dataset) }
  }

  public let parts: [Part]
  /// Of all parts; where an example has several labels, these together are one.
  public let labels: [String]
  /// Part by part.
  public internal(set) var pictures: [ExaminedPicture] = []

  public static let usualPlane = 256

  /// Decodes every picture once, by all threads of the pool. No file is changed.
  ///
  /// Of an example with several pictures, the first is looked at.
  ///
  /// - Parameters:
  ///   - plane: the longest side of the gray picture that is measured, in pixels; larger pictures are scaled down to it.
  ///   - onProgress: called now and then with the number of pictures that are done, and of all.
  public init(
    _ parts: [Part], plane: Int = usualPlane, limits: DecodingLimits = DecodingLimits(), on pool: WorkerPool,
    onProgress: (Int, Int) -> Void = { _, _ in }
  ) {
    self.parts = parts
    let names = parts.map { Self.labels(of: $0.dataset) }
    labels = Set(parts.indices.flatMap { names[$0].known + names[$0].ofExamples.compactMap(\.self) }).sorted()
    let numbers = Dictionary(uniqueKeysWithValues: zip(labels, 0...))
    let examiner = PictureExaminer(plane: plane, limits: limits)
    let total = parts.reduce(0) { $0 + $1.dataset.count }
    pictures.reserveCapacity(total)
    // Few enough for progress to be seen, and enough for no thread to wait for long.
    let atOnce = 256
    for (number, part) in parts.enumerated() {
      for start in stride(from: 0, to: part.dataset.count, by: atOnce) {
        let chunk = start..<min(start + atOnce, part.dataset.count)
        pictures += pool.map(chunk.count) { offset in
          let example = start + offset
          let label = names[number].ofExamples[example].flatMap { numbers[$0] }
          return examiner.examine(example, of: part.dataset, part: number, label: label)
        }
        onProgress(pictures.count, total)
      }
    }
  }

  /// The names of the classes that there are, and of each example's; of several labels, all together.
  private static func labels(of dataset: Dataset) -> (known: [String], ofExamples: [String?]) {
    let names = dataset.labels
    switch dataset.targets {
    case .classes(let classes): return (names, classes.map { names[$0] })
    case .labels(let rows):
      let texts = (0..<rows.count).map { example in
        zip(names, rows[example]).filter { $0.1 > 0 }.map(\.0).joined(separator: ", ")
      }
      return ([], texts.map { $0.isEmpty ? nil : $0 })
    default: return ([], Array(repeating: nil, count: dataset.count))
    }
  }

  /// What names a picture in messages: its path, or its file and number.
  public func path(of picture: Int) -> String {
    parts[pictures[picture].part].dataset.identifier(at: pictures[picture].example)
  }

  /// A picture again, for looking at it.
  ///
  /// - Throws: ``DataError`` where it cannot be read.
  public func image(of picture: Int, decoder: ImageDecoder) throws(DataError) -> Image {
    try parts[pictures[picture].part].dataset.image(at: pictures[picture].example, decoder: decoder)
  }

  /// How many pictures each of ``labels`` has.
  ///
  /// - Parameter part: of the part of this number only.
  public func classCounts(part: Int? = nil) -> [Int] {
    var counts = Array(repeating: 0, count: labels.count)
    for picture in pictures where part == nil || picture.part == part {
      if let label = picture.label { counts[label] += 1 }
    }
    return counts
  }

  public var classCounts: [Int] { classCounts() }

  /// What is worth knowing of how the data was read.
  public var remarks: [DataRemark] { parts.flatMap(\.dataset.remarks) }

  /// Adds what a model thinks of the examples of a part.
  ///
  /// - Parameter opinions: of each example; nil where it has none.
  public mutating func add(_ opinions: [LabelOpinion?], ofPart part: Int) {
    for index in pictures.indices where pictures[index].part == part {
      let example = pictures[index].example
      if opinions.indices.contains(example) { pictures[index].opinion = opinions[example] }
    }
  }
}
