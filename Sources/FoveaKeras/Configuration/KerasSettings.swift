public import FoveaCore

/// A layer's settings as the file has them, by the names of any of Keras' versions.
public struct KerasSettings: Sendable {
  public let values: [String: ConfigurationValue]

  public init(_ values: [String: ConfigurationValue]) { self.values = values }

  /// The first of these names that is there and not null.
  public subscript(_ names: String...) -> ConfigurationValue? { self[names] }

  subscript(names: [String]) -> ConfigurationValue? {
    for name in names {
      if let value = values[name], value != .null { return value }
    }
    return nil
  }

  private func problem(_ names: [String], _ expected: String) -> KerasProblem {
    KerasProblem("'\(names[0])' must be \(expected), but is \(self[names].map(\.description) ?? "missing")")
  }

  public func integer(_ names: String..., default value: Int? = nil) throws -> Int {
    guard let found = self[names] else {
      guard let value else { throw problem(names, "a whole number") }
      return value
    }
    guard let number = found.wholeNumber, number.magnitude <= 1 << 31 else { throw problem(names, "a whole number") }
    return number
  }

  public func number(_ names: String..., default value: Double? = nil) throws -> Double {
    guard let found = self[names] else {
      guard let value else { throw problem(names, "a number") }
      return value
    }
    guard let number = found.anyNumber else { throw problem(names, "a number") }
    return number
  }

  public func flag(_ names: String..., default value: Bool) throws -> Bool {
    guard let found = self[names] else { return value }
    guard case .bool(let flag) = found else { throw problem(names, "true or false") }
    return flag
  }

  public func text(_ names: String..., default value: String? = nil) throws -> String {
    guard let found = self[names] else {
      guard let value else { throw problem(names, "a text") }
      return value
    }
    guard case .string(let text) = found else { throw problem(names, "a text") }
    return text
  }

  /// One whole number, or a list of them.
  public func integers(_ names: String...) throws -> [Int]? {
    guard let found = self[names] else { return nil }
    if let number = found.wholeNumber, number.magnitude <= 1 << 31 { return [number] }
    guard case .array(let list) = found else { throw problem(names, "whole numbers") }
    return try list.map { element in
      guard let number = element.wholeNumber, number.magnitude <= 1 << 31 else { throw problem(names, "whole numbers") }
      return number
    }
  }

  /// One number for all axes, or one for each.
  public func extents(_ names: String..., count: Int, default value: Int? = nil) throws -> [Int] {
    guard let found = self[names] else {
      guard let value else { throw problem(names, "\(count) whole numbers") }
      return Array(repeating: value, count: count)
    }
    if let number = found.wholeNumber, number.magnitude <= 1 << 31 { return Array(repeating: number, count: count) }
    guard case .array(let list) = found, list.count == count else { throw problem(names, "\(count) whole numbers") }
    return try list.map { element in
      guard let number = element.wholeNumber, number.magnitude <= 1 << 31 else {
        throw problem(names, "\(count) whole numbers")
      }
      return number
    }
  }

  /// One number, or a list of them, however deep.
  public func numbers(_ names: String...) throws -> [Double]? {
    guard let found = self[names] else { return nil }
    guard let numbers = found.flatNumbers else { throw problem(names, "a number or a list of them") }
    return numbers
  }

  /// Whether the channels come last, as they do unless something else is said.
  public var hasChannelsLast: Bool {
    get throws {
      switch try text("data_format", "dim_ordering", default: "channels_last") {
      case "channels_last", "tf": true
      case "channels_first", "th": false
      case let other: throw KerasProblem("'data_format' is '\(other)'")
      }
    }
  }
}

extension ConfigurationValue {
  var wholeNumber: Int? {
    switch self {
    case .integer(let number): number
    case .number(let number): Int(exactly: number)
    default: nil
    }
  }

  var anyNumber: Double? {
    switch self {
    case .integer(let number): Double(number)
    case .number(let number): number
    // Keras writes arrays and NumPy's numbers as objects with a value.
    case .object(let object):
      if case .object(let inner)? = object["config"] { inner["value"]?.anyNumber } else { object["value"]?.anyNumber }
    default: nil
    }
  }

  var flatNumbers: [Double]? {
    if let number = anyNumber { return [number] }
    switch self {
    case .array(let list):
      var all: [Double] = []
      for element in list {
        guard let numbers = element.flatNumbers else { return nil }
        all += numbers
      }
      return all
    case .object(let object):
      if case .object(let inner)? = object["config"] { return inner["value"]?.flatNumbers }
      return object["value"]?.flatNumbers
    default: return nil
    }
  }

  var object: [String: ConfigurationValue]? { if case .object(let object) = self { object } else { nil } }
  var list: [ConfigurationValue]? { if case .array(let list) = self { list } else { nil } }
  var string: String? { if case .string(let text) = self { text } else { nil } }
}
