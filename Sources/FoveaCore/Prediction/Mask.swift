/// A class for each place of a picture.
public struct Mask: TaskResult {
  public static let kind = "mask"
  /// What stands where the network has seen nothing of the original.
  public static let unseen = UInt8.max

  public let size: ImageSize
  /// The number of each place's class, row by row from the top.
  public let classes: [UInt8]
  /// The classes' names.
  public let labels: [String]

  /// - Throws: ``PredictionError/failed(kind:message:)`` where there are not as many classes as places, or more than 255.
  public init(size: ImageSize, classes: [UInt8], labels: [String]) throws(PredictionError) {
    guard classes.count == size.width * size.height, labels.count <= Int(Self.unseen) else {
      throw .failed(
        kind: Self.kind,
        message: "\(classes.count) places of \(labels.count) classes make no mask of \(size.width)×\(size.height)")
    }
    self.init(size, classes, labels)
  }

  package init(_ size: ImageSize, _ classes: [UInt8], _ labels: [String]) {
    self.size = size
    self.classes = classes
    self.labels = labels
  }

  /// The number of the class at a place; nil outside, and where the network has seen nothing.
  public subscript(x: Int, y: Int) -> Int? {
    guard (0..<size.width).contains(x), (0..<size.height).contains(y) else { return nil }
    let number = classes[y * size.width + x]
    return number == Self.unseen ? nil : Int(number)
  }

  /// How much of what the network has seen each class takes, 0…1, in the order of the labels.
  public var shares: [Float] {
    var counts = [Int](repeating: 0, count: Int(Self.unseen) + 1)
    for number in classes { counts[Int(number)] += 1 }
    let seen = max(classes.count - counts[Int(Self.unseen)], 1)
    return labels.indices.map { Float(counts[$0]) / Float(seen) }
  }

  /// The mask itself is a picture, and no row of a table: of it, there are the shares.
  public func fields(top: Int) -> [ResultField] {
    [
      ResultField("width", .count(size.width)), ResultField("height", .count(size.height)),
      ResultField("share", .record(zip(labels, shares).map { ResultField($0, .number($1)) })),
    ]
  }

  public func cells(top: Int) -> [ResultCell] {
    let parts = zip(labels, shares).filter { $1 > 0 }.sorted { $0.1 > $1.1 }
    return [
      ResultCell("size", "\(size.width) × \(size.height)"),
      ResultCell("mask", parts.map { "\($0) \(NumberText.percent($1))" }.joined(separator: ", ")),
    ]
  }
}
