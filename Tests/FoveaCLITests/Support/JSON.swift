import Foundation
import Fovea

/// Reads what the program prints.
enum JSON {
  static func read(_ text: String) throws -> ConfigurationValue {
    try JSONDecoder().decode(ConfigurationValue.self, from: Data(text.utf8))
  }
}

extension ConfigurationValue {
  subscript(_ key: String) -> ConfigurationValue? {
    if case .object(let members) = self { members[key] } else { nil }
  }

  var keys: Set<String> { if case .object(let members) = self { Set(members.keys) } else { [] } }
  var elements: [ConfigurationValue] { if case .array(let elements) = self { elements } else { [] } }
  var text: String? { if case .string(let text) = self { text } else { nil } }

  var number: Double? {
    switch self {
    case .integer(let integer): Double(integer)
    case .number(let number): number
    default: nil
    }
  }
}
