/// A value of a ``ResultField``: what JSON can say, with the order of names kept and each number in the digits of a Float.
public indirect enum ResultValue: Sendable, Hashable {
  case null
  case text(String)
  case number(Float)
  case count(Int)
  case flag(Bool)
  /// As many as in every other result: in CSV, each has a column of its own.
  case list([ResultValue])
  /// Any number of them: in CSV, all share one column.
  case items([ResultValue])
  case record([ResultField])

  /// One line of JSON. What is no finite number is null.
  public var json: String {
    switch self {
    case .null: "null"
    case .text(let text): text.quotedForJSON
    case .number(let number): number.isFinite ? "\(number)" : "null"
    case .count(let count): "\(count)"
    case .flag(let flag): "\(flag)"
    case .list(let values), .items(let values): "[" + values.map(\.json).joined(separator: ",") + "]"
    case .record(let fields): "{" + fields.map(\.json).joined(separator: ",") + "}"
    }
  }

  /// For people.
  public var text: String {
    switch self {
    case .null: "-"
    case .text(let text): text
    case .number(let number): NumberText.short(number)
    case .count(let count): "\(count)"
    case .flag(let flag): flag ? "yes" : "no"
    case .list(let values), .items(let values): values.map(\.text).joined(separator: ", ")
    case .record(let fields): fields.map { "\($0.name) \($0.value.text)" }.joined(separator: ", ")
    }
  }

  /// Whether no number in it is infinite or none.
  package var isFinite: Bool {
    switch self {
    case .number(let number): number.isFinite
    case .list(let values), .items(let values): values.allSatisfy(\.isFinite)
    case .record(let fields): fields.allSatisfy(\.value.isFinite)
    default: true
    }
  }

  var isNumber: Bool {
    switch self {
    case .number, .count: true
    default: false
    }
  }

  /// The same with nothing in it: the value of a picture that has no result.
  public var blank: ResultValue {
    switch self {
    case .list, .items: .list([])
    case .record(let fields): .record(fields.map { ResultField($0.name, $0.value.blank, isDetail: $0.isDetail) })
    default: .null
    }
  }

  /// The names of the columns that this value takes in CSV: `top1_label` of the first of a list `top` of records.
  public func columns(_ name: String) -> [String] {
    switch self {
    case .list(let values): values.enumerated().flatMap { $1.columns("\(name)\($0 + 1)") }
    case .record(let fields): fields.flatMap { $0.value.columns("\(name)_\($0.name)") }
    default: [name]
    }
  }

  /// What stands in these columns of a row whose value is `value`; a list that is shorter leaves the last ones empty.
  public func cells(of value: ResultValue) -> [String] {
    switch self {
    case .list(let columns):
      guard case .list(let values) = value else { return columns.flatMap { $0.cells(of: .null) } }
      return columns.enumerated().flatMap { $1.cells(of: $0 < values.count ? values[$0] : .null) }
    case .record(let columns):
      guard case .record(let fields) = value else { return columns.flatMap { $0.value.cells(of: .null) } }
      return columns.enumerated().flatMap { place, column in
        column.value.cells(of: fields.value(of: column.name, at: place))
      }
    default: return [value.cell]
    }
  }

  private var cell: String {
    switch self {
    case .null: return ""
    case .text(let text): return text
    case .number(let number): return "\(number)"
    case .items(let values):
      let texts = values.compactMap { if case .text(let text) = $0 { text } else { nil } }
      return texts.count == values.count ? texts.joined(separator: "; ") : json
    default: return json
    }
  }
}

extension ResultField {
  /// Name and value, as they stand in a record.
  public var json: String { name.quotedForJSON + ":" + value.json }
}

extension Collection where Element == ResultField, Index == Int {
  /// The value of the field of that name, which usually stands at `place`.
  public func value(of name: String, at place: Int) -> ResultValue {
    if place < count, self[place].name == name { return self[place].value }
    return first { $0.name == name }?.value ?? .null
  }
}
