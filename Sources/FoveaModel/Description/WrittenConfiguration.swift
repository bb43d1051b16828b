import Foundation
import FoveaCore

/// The keys of a configuration that a person would write: those that are required or differ from their defaults.
///
/// What JSON cannot say, such as a number that is not finite, becomes a text, so that making the model of it fails with
/// an error that names the key.
func written<C: Settings>(_ configuration: C) -> [String: ConfigurationValue] {
  let defaults = encoded(C.prototype)
  return allSettings(configuration).filter { C.requiredKeys.contains($0.key) || defaults[$0.key] != $0.value }
}

/// Every key of a configuration.
func allSettings<C: Settings>(_ configuration: C) -> [String: ConfigurationValue] {
  var result = encoded(configuration)
  // An optional that is nil is not encoded; where its default is another, it must be said.
  for key in encoded(C.prototype).keys where result[key] == nil { result[key] = .null }
  return result
}

private func encoded(_ configuration: some Settings) -> [String: ConfigurationValue] {
  let encoder = JSONEncoder()
  encoder.nonConformingFloatEncodingStrategy = .convertToString(
    positiveInfinity: "infinity", negativeInfinity: "-infinity", nan: "nan")
  do {
    let value = try JSONDecoder().decode(ConfigurationValue.self, from: encoder.encode(configuration))
    guard case .object(let members) = value.normalized else { return [:] }
    return members
  } catch {
    // A fault of the configuration's code; no configuration has this key, so that it comes to light.
    return ["error": .string("\(error)")]
  }
}
