/// What can be said of a setting's type by looking at it.
enum SettingType {
  /// The words of an enumeration that is `CaseIterable`, in the order in which it lists them; nil for any other type.
  static func words(_ type: Any.Type) -> [String]? {
    if let optional = type as? any OptionalSetting.Type { return words(optional.wrapped) }
    guard let type = type as? any CaseIterable.Type else { return nil }
    return words(of: type)
  }

  private static func words<Words: CaseIterable>(of type: Words.Type) -> [String]? {
    let words = type.allCases.compactMap { ($0 as? any RawRepresentable).map { "\($0.rawValue)" } }
    return words.isEmpty || words.count != type.allCases.count ? nil : words
  }

  /// What may be written for a setting of this type, to stand behind "must be".
  static func expectation(_ type: Any.Type) -> String {
    if let known = known(type) { return known }
    return switch type {
    case is any BinaryInteger.Type: range(of: type) ?? "a whole number"
    case is any BinaryFloatingPoint.Type: "a number"
    case is String.Type: "a text"
    case is Bool.Type: "true or false"
    case is ConfigurationValue.Type: "a value"
    default: "a valid \(type)"
    }
  }

  /// The same for types of which more is known than the value that did not fit tells; nil for numbers, texts and types of
  /// which nothing is known.
  static func known(_ type: Any.Type) -> String? {
    if let optional = type as? any OptionalSetting.Type {
      return known(optional.wrapped) ?? expectation(optional.wrapped)
    }
    if let type = type as? any ExpectingSetting.Type { return type.expectation }
    if let words = words(type) { return alternatives(words) }
    if let list = type as? any ListSetting.Type { return "a list of \(several(list.element))" }
    if let nested = type as? any NestedSetting.Type { return "a group of keys" + listed(nested.keys) }
    return type is any DictionarySetting.Type ? "a group of keys" : nil
  }

  /// More than one value of this type: `whole numbers`.
  private static func several(_ type: Any.Type) -> String {
    if let words = words(type) { return "words, each \(alternatives(words))" }
    if let list = type as? any ListSetting.Type { return "lists of \(several(list.element))" }
    if let nested = type as? any NestedSetting.Type { return "groups of keys" + listed(nested.keys) }
    return switch type {
    case is any BinaryInteger.Type: "whole numbers"
    case is any BinaryFloatingPoint.Type: "numbers"
    case is String.Type: "texts"
    case is Bool.Type: "values, each true or false"
    default: "values"
    }
  }

  /// A few keys in parentheses; many would hide what the sentence says.
  private static func listed(_ keys: [String]) -> String {
    keys.count <= 4 ? " (\(keys.joined(separator: ", ")))" : ""
  }

  /// `nearest, bilinear or area`.
  static func alternatives(_ words: [String]) -> String {
    guard let last = words.last, words.count > 1 else { return words.first ?? "" }
    return words.dropLast().joined(separator: ", ") + " or " + last
  }

  /// Where a type holds fewer numbers than `Int`, which of them.
  private static func range(of type: Any.Type) -> String? {
    guard let type = type as? any FixedWidthInteger.Type, type != Int.self else { return nil }
    return wholeNumbers(of: type)
  }

  static func wholeNumbers<Number: FixedWidthInteger>(of type: Number.Type) -> String {
    Number.isSigned || Number.bitWidth < Int.bitWidth
      ? "a whole number from \(Number.min) to \(Number.max)" : "a whole number, 0 or more"
  }
}

private protocol OptionalSetting { static var wrapped: Any.Type { get } }
extension Optional: OptionalSetting { static var wrapped: Any.Type { Wrapped.self } }

private protocol ListSetting { static var element: Any.Type { get } }
extension Array: ListSetting { static var element: Any.Type { Element.self } }
extension Set: ListSetting { static var element: Any.Type { Element.self } }

private protocol DictionarySetting {}
extension Dictionary: DictionarySetting {}

private protocol NestedSetting { static var keys: [String] { get } }
extension Nested: NestedSetting {
  static var keys: [String] { ((try? ConfigurationDecoder.settings(of: Value.self)) ?? []).map(\.key) }
}
