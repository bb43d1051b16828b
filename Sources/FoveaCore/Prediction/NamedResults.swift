/// What a network with several outputs yields: a result for each, by the output's name.
public struct NamedResults: PlacedResult {
  public struct Entry: Sendable, Equatable {
    public let name: String
    public let result: any TaskResult

    public init(_ name: String, _ result: any TaskResult) {
      self.name = name
      self.result = result
    }

    public static func == (one: Entry, other: Entry) -> Bool {
      one.name == other.name && one.result.equals(other.result)
    }
  }

  public static let kind = "outputs"

  public let entries: [Entry]

  public init(_ entries: [Entry]) { self.entries = entries }

  /// The result of the output of that name; nil where there is none.
  public subscript(name: String) -> (any TaskResult)? { entries.first { $0.name == name }?.result }

  public var isRanked: Bool { entries.contains { $0.result.isRanked } }

  public func placed(by geometry: PictureGeometry) throws(ImageError) -> NamedResults {
    NamedResults(
      try entries.map { entry throws(ImageError) in
        guard let result = entry.result as? any PlacedResult else { return entry }
        return Entry(entry.name, try result.placed(by: geometry))
      })
  }

  public func fields(top: Int) -> [ResultField] {
    entries.map { ResultField($0.name, .record($0.result.fields(top: top))) }
  }

  public func cells(top: Int) -> [ResultCell] {
    entries.flatMap { entry in
      entry.result.cells(top: top).map { cell in
        ResultCell(cell.title.isEmpty ? "" : "\(entry.name) \(cell.title)", cell.text, isNumber: cell.isNumber)
      }
    }
  }
}
