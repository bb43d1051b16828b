public import FoveaCore
import FoveaModel

/// Numbers in rows and columns: a kernel that somebody has thought of, or a picture small enough to be typed.
public struct NumberMatrix: Sendable, Equatable {
  public let rows: [[Float]]

  public var height: Int { rows.count }
  public var width: Int { rows[0].count }
  public var values: [Float] { rows.flatMap(\.self) }

  /// Longer on a side than any kernel, and than what a person types.
  public static let longestSide = 4096

  /// - Throws: ``NumberMatrixError`` where there is no number, or rows differ in length.
  public init(_ rows: [[Float]]) throws(NumberMatrixError) {
    guard let first = rows.first, !first.isEmpty else { throw NumberMatrixError("it has no number") }
    for (index, row) in rows.enumerated() where row.count != first.count {
      throw NumberMatrixError(
        "all rows must be as long as the first, which has \(first.count); row \(index + 1) has \(row.count)")
    }
    guard max(rows.count, first.count) <= Self.longestSide else {
      throw NumberMatrixError("it is \(rows.count)×\(first.count), and a side may be \(Self.longestSide) at most")
    }
    for (row, numbers) in rows.enumerated() {
      if let column = numbers.firstIndex(where: { !$0.isFinite }) {
        throw NumberMatrixError("column \(column + 1) of row \(row + 1) is no finite number")
      }
    }
    self.rows = rows
  }

  /// Reads what a person has written: `[[1, 0, 1], [0, 1, 0], [1, 0, 1]]`, or one row alone, `[1, 2, 1]`.
  public init(text: String) throws(NumberMatrixError) { try self.init(value: Self.value(of: text)) }

  static func value(of text: String) throws(NumberMatrixError) -> ConfigurationValue {
    do { return try ConfigurationValue(yaml: text, source: "the matrix") } catch {
      let (opened, closed) = (text.count { $0 == "[" }, text.count { $0 == "]" })
      guard opened != closed else { throw .wrongForm }
      throw NumberMatrixError(
        "it has \(opened.plainly("opening bracket")), but \(closed) that close; \(NumberMatrixError.wrongForm)")
    }
  }

  init(value: ConfigurationValue) throws(NumberMatrixError) {
    guard case .array(let elements) = value else { throw .wrongForm }
    let isRow = elements.allSatisfy { if case .array = $0 { false } else { true } }
    try self.init(try (isRow ? [value] : elements).enumerated().map(Self.row))
  }

  private static func row(_ index: Int, _ value: ConfigurationValue) throws(NumberMatrixError) -> [Float] {
    guard case .array(let elements) = value else { throw .wrongForm }
    var numbers: [Float] = []
    for (column, element) in elements.enumerated() {
      switch element {
      case .integer(let integer): numbers.append(Float(integer))
      case .number(let number): numbers.append(Float(number))
      default:
        throw NumberMatrixError("column \(column + 1) of row \(index + 1) must be a number, but is '\(element)'")
      }
    }
    return numbers
  }
}

/// What is wrong with a matrix that somebody has written.
public struct NumberMatrixError: FoveaError, Equatable {
  public let description: String

  init(_ description: String) {
    self.description = description
  }

  static let wrongForm = NumberMatrixError("it must be a list of rows, such as [[1, 0, 1], [0, 1, 0], [1, 0, 1]]")
}
