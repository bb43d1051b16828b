import FoveaCore

/// A piece of a written description and where it stands, whatever language it is written in.
struct DescriptionNode {
  enum Content {
    case scalar(ConfigurationValue)
    case list([DescriptionNode])
    /// In the order in which it is written; no key comes twice.
    case group([(key: String, value: DescriptionNode)])
  }

  let content: Content
  let line: Int?

  /// What it is, in words, for errors.
  var noun: String {
    switch content {
    case .scalar(.null): "nothing"
    case .scalar(.string(let text)): "the text '\((text.count > 60 ? text.prefix(60) + "…" : text).printable)'"
    case .scalar(let value): "\(value)"
    case .list: "a list"
    case .group: "a group of keys"
    }
  }

  /// How many pieces it has, itself counted.
  var size: Int {
    switch content {
    case .scalar: 1
    case .list(let elements): elements.reduce(1) { $0 + $1.size }
    case .group(let members): members.reduce(1) { $0 + $1.value.size }
    }
  }

  var value: ConfigurationValue {
    switch content {
    case .scalar(let value): value
    case .list(let elements): .array(elements.map(\.value))
    case .group(let members): .object(Dictionary(members.map { ($0.key, $0.value.value) }) { $1 })
    }
  }
}

extension DescriptionNode {
  /// A description that comes from a model file, where there are no lines.
  init(_ value: ConfigurationValue) {
    line = nil
    content =
      switch value {
      case .array(let elements): .list(elements.map { DescriptionNode($0) })
      case .object(let members):
        .group(members.sorted { $0.key < $1.key }.map { ($0.key, DescriptionNode($0.value)) })
      default: .scalar(value.normalized)
      }
  }
}

extension ConfigurationValue {
  /// The same, with each whole number an integer: 2.0 and 2 mean the same, and should be equal.
  var normalized: ConfigurationValue {
    switch self {
    case .number(let number): Int(exactly: number).map { .integer($0) } ?? self
    case .array(let elements): .array(elements.map(\.normalized))
    case .object(let members): .object(members.mapValues(\.normalized))
    case .null, .bool, .integer, .string: self
    }
  }
}
