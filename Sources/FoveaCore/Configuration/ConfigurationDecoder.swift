import Foundation

/// Reads the configurations of layers, steps and losses, strictly: an unknown key, a missing required key and a value
/// of the wrong sort are errors that name the key. `Codable` alone ignores unknown keys, so that a typo would silently
/// become a default.
public enum ConfigurationDecoder {
  /// All keys of `type`, in the order of their declaration.
  public static func settings<C: Settings>(of type: C.Type) throws(ConfigurationError) -> [Setting] {
    let prototype = C.prototype
    let defaults = try encode(prototype)
    // A mirror lists the optionals that are nil as well.
    return Mirror(reflecting: prototype).children.compactMap { child in
      guard let key = child.label else { return nil }
      let type = Swift.type(of: child.value)
      return Setting(
        key: key, default: C.requiredKeys.contains(key) ? nil : defaults[key] ?? .null,
        expectation: SettingType.expectation(type), words: SettingType.words(type),
        explanation: C.explanations[key] ?? "")
    }
  }

  /// - Parameters:
  ///   - owner: whose configuration it is, for errors: `layer 'c1' (convolution)`.
  ///   - values: the keys that were given, without those that say what it is (`kind`, `name`).
  public static func decode<C: Settings>(
    _ type: C.Type, from values: [String: ConfigurationValue], owner: String
  ) throws(ConfigurationError) -> C {
    let known = try settings(of: type)
    let names = known.map(\.key)
    for key in values.keys.sorted() where !names.contains(key) {
      throw .unknownKey(owner: owner, key: key, known: names)
    }
    var merged: [String: ConfigurationValue] = [:]
    for setting in known {
      guard let value = values[setting.key] ?? setting.default, value != .null || !setting.isRequired else {
        throw .missingKey(owner: owner, key: setting.key)
      }
      merged[setting.key] = value
    }
    return try read(type, from: .object(merged), owner: owner)
  }

  /// Reads what is no configuration, such as a record that a program wrote: keys that are unknown are passed over.
  package static func read<T: Decodable>(
    _ type: T.Type, from value: ConfigurationValue, owner: String
  ) throws(ConfigurationError) -> T {
    do {
      return try SettingDecoder(value: value, owner: owner, codingPath: []).read(type)
    } catch let error as ConfigurationError {
      throw error
    } catch {
      throw SettingProblem(error, reading: type, value, at: []).reported(by: owner)
    }
  }

  /// Reads a group of keys as strictly where it stands within another configuration: for types of settings that are read by
  /// code of their own.
  ///
  /// - Throws: ``ConfigurationError`` for what is in the group, and what a decoder throws for what is no group.
  public static func decode<C: Settings>(_ type: C.Type, from decoder: any Decoder) throws -> C {
    let values = try decoder.singleValueContainer().decode([String: ConfigurationValue].self)
    return try decode(type, from: values, owner: owner(at: decoder))
  }

  /// The configuration and the key that a decoder has come to, for errors: `layer 'c1' (convolution): 'padding'`.
  package static func owner(at decoder: any Decoder) -> String {
    let key = decoder.codingPath.map { $0.intValue.map(String.init) ?? $0.stringValue }.joined(separator: ".")
    let place = String(ConfigurationError.place(key).dropLast())
    return (decoder as? SettingDecoder).map { "\($0.owner): \(place)" } ?? place
  }

  /// The keys and values that ``decode(_:from:owner:)`` reads back.
  public static func encode(_ configuration: some Settings) throws(ConfigurationError) -> [String:
    ConfigurationValue]
  {
    do {
      let data = try JSONEncoder().encode(configuration)
      guard case .object(let object) = try JSONDecoder().decode(ConfigurationValue.self, from: data) else { return [:] }
      return object
    } catch let error as EncodingError {
      guard case .invalidValue(let value, let context) = error else {
        throw .notEncodable(type: "\(type(of: configuration))", reason: "\(error)")
      }
      let key = context.codingPath.map(\.stringValue).joined(separator: ".")
      throw .notEncodable(type: "\(type(of: configuration))", reason: "'\(key)' is \(value)")
    } catch {
      throw .notEncodable(type: "\(type(of: configuration))", reason: "\(error)")
    }
  }
}
