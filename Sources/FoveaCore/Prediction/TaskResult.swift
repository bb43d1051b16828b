/// What a pipeline yields for one picture: a value of the task. One class, several labels, numbers, boxes, a mask, an
/// embedding, or what a plugin brings.
///
/// Its ``fields(top:)`` are all that rows, JSON and CSV are made of.
public protocol TaskResult: Sendable, Equatable {
  /// What is yielded, in a word: `oneClass`, `labels`, `numbers`.
  static var kind: String { get }

  /// Whether it names the best of several, so that somebody may ask for more or fewer of them.
  var isRanked: Bool { get }

  /// All that there is to say, in the order in which it is said. Every result of one pipeline has the same fields.
  ///
  /// - Parameter top: how many of the best a ranked result names at most.
  func fields(top: Int) -> [ResultField]

  /// The same for people: the columns of a table. By default one for each field that is no detail.
  func cells(top: Int) -> [ResultCell]
}

extension TaskResult {
  public var isRanked: Bool { false }

  public func cells(top: Int) -> [ResultCell] {
    fields(top: top).filter { !$0.isDetail }.map { field in
      ResultCell(field.name, field.value.text, isNumber: field.value.isNumber)
    }
  }

  /// Whether the other is the same result of the same kind.
  package func equals(_ other: any TaskResult) -> Bool { (other as? Self) == self }
}

/// One thing that a result says, under its name: a key in JSON, a column or several in CSV.
public struct ResultField: Sendable, Hashable {
  public let name: String
  public let value: ResultValue
  /// Whether it stands behind what matters most: at the end of a row of CSV, and in no table.
  public let isDetail: Bool

  public init(_ name: String, _ value: ResultValue, isDetail: Bool = false) {
    self.name = name
    self.value = value
    self.isDetail = isDetail
  }
}

/// One column of a table for people, and what a row has there.
public struct ResultCell: Sendable, Hashable {
  public let title: String
  public let text: String
  /// Numbers stand below each other at the right.
  public let isNumber: Bool

  public init(_ title: String, _ text: String, isNumber: Bool = false) {
    self.title = title
    self.text = text
    self.isNumber = isNumber
  }
}
