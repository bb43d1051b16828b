/// Which pictures are the most alike one, of those that are known.
public struct Neighbors: TaskResult {
  public static let kind = "neighbors"

  /// A picture that is known.
  public struct Neighbor: Sendable, Hashable {
    public let path: String
    /// What it is said to show; nil where nobody has said it of any.
    public let label: String?
    /// From the other: 0 for the same.
    public let distance: Float

    public init(path: String, label: String? = nil, distance: Float) {
      (self.path, self.label, self.distance) = (path, label, distance)
    }
  }

  /// The nearest first.
  public let all: [Neighbor]

  public init(_ all: [Neighbor]) { self.all = all }

  public var isRanked: Bool { true }

  public func fields(top: Int) -> [ResultField] {
    [
      ResultField(
        "neighbors",
        .list(
          all.prefix(max(top, 0)).map { neighbor in
            .record(
              [ResultField("path", .text(neighbor.path))]
                + (neighbor.label.map { [ResultField("label", .text($0))] } ?? [])
                + [ResultField("distance", .number(neighbor.distance))])
          }))
    ]
  }

  public func cells(top: Int) -> [ResultCell] {
    all.prefix(max(top, 0)).enumerated().flatMap { place, neighbor in
      [
        ResultCell("neighbor \(place + 1)", neighbor.path),
        ResultCell("distance", NumberText.short(neighbor.distance), isNumber: true),
      ]
    }
  }
}
