import Foundation

/// Reads the configurations of layers, steps and losses, strictly: an unknown key, a missing required key and a value
/// of the wrong sort are errors that name the key. `Codable` alone ignores unknown keys, so that a typo would silently
/// become a default.
public enum ConfigurationDecoder {
  /// All keys of `type`, each with its default; null for an optional one, nil for a required one.
  public static func keys<C: Configurable>(of type: C.Type) throws(ConfigurationError) -> [(
    key: String, default: ConfigurationValue?
  )] {
    let prototype = C()
    let defaults = try encode(prototype)
    // A mirror lists the properties in the order of their declaration, optionals that are nil included.
    return Mirror(reflecting: prototype).children.compactMap(\.label).map { label in
      (label, C.requiredKeys.contains(label) ? nil : defaults[label] ?? .null)
    }
  }

  /// - Parameters:
  ///   - owner: whose configuration it is, for errors: `layer 'c1' (convolution)`.
  ///   - values: the keys that were given, without those that say what it is (`kind`, `name`).
  public static func decode<C: Configurable>(
    _ type: C.Type, from values: [String: ConfigurationValue], owner: String
  ) throws(ConfigurationError) -> C {
    let known = try keys(of: type)
    let names = known.map(\.key)
    for key in values.keys.sorted() where !names.contains(key) {
      throw .unknownKey(owner: owner, key: key, known: names)
    }
    var merged: [String: ConfigurationValue] = [:]
    for (key, fallback) in known {
      guard let value = values[key] ?? fallback else { throw .missingKey(owner: owner, key: key) }
      if value != .null { merged[key] = value }
    }
    do {
      return try JSONDecoder().decode(C.self, from: JSONEncoder().encode(ConfigurationValue.object(merged)))
    } catch let error as DecodingError {
      throw translate(error, owner: owner, values: merged)
    } catch let error as any FoveaError {
      throw .invalidValue(owner: owner, key: "", expected: error.description, got: "")
    } catch {
      throw .invalidValue(owner: owner, key: "", expected: "a finite number", got: "\(error)")
    }
  }

  /// The keys and values that ``decode(_:from:owner:)`` reads back.
  public static func encode(_ configuration: some Configurable) throws(ConfigurationError) -> [String:
    ConfigurationValue]
  {
    do {
      let data = try JSONEncoder().encode(configuration)
      guard case .object(let object) = try JSONDecoder().decode(ConfigurationValue.self, from: data) else { return [:] }
      return object
    } catch {
      throw .notEncodable(type: "\(type(of: configuration))", reason: "\(error)")
    }
  }

  private static func translate(
    _ error: DecodingError, owner: String, values: [String: ConfigurationValue]
  ) -> ConfigurationError {
    let (context, expected): (DecodingError.Context, String) =
      switch error {
      case .typeMismatch(let type, let context): (context, noun(type))
      case .valueNotFound(let type, let context): (context, noun(type))
      case .keyNotFound(let key, let context): (context, "a value for '\(key.stringValue)'")
      case .dataCorrupted(let context): (context, context.debugDescription)
      @unknown default: (.init(codingPath: [], debugDescription: ""), "\(error)")
      }
    let path = context.codingPath
    let got = value(at: path, in: .object(values))
    return .invalidValue(
      owner: owner, key: path.map(\.stringValue).joined(separator: "."), expected: expected, got: got.noun)
  }

  private static func value(at path: [any CodingKey], in root: ConfigurationValue) -> ConfigurationValue {
    path.reduce(root) { value, key in
      switch value {
      case .object(let object): object[key.stringValue] ?? .null
      case .array(let array): key.intValue.flatMap { array.indices.contains($0) ? array[$0] : nil } ?? .null
      default: value
      }
    }
  }

  private static func noun(_ type: Any.Type) -> String {
    switch type {
    case is any BinaryInteger.Type: "a whole number"
    case is any BinaryFloatingPoint.Type: "a number"
    case is String.Type: "a text"
    case is Bool.Type: "true or false"
    case is any Collection.Type: "a list"
    default: "a \(type)"
    }
  }
}

/// What can be wrong with a configuration.
public enum ConfigurationError: FoveaError, Equatable {
  case unknownKey(owner: String, key: String, known: [String])
  case missingKey(owner: String, key: String)
  case invalidValue(owner: String, key: String, expected: String, got: String)
  /// A configuration type cannot be written down, a fault of its code.
  case notEncodable(type: String, reason: String)

  public var description: String {
    switch self {
    case .unknownKey(let owner, let key, let known):
      "\(owner) has no key '\(key)'"
        + (Spelling.nearest(to: key, among: known).map { "; did you mean '\($0)'?" } ?? ";")
        + (known.isEmpty ? " It has none" : " Its keys: \(known.joined(separator: ", "))")
    case .missingKey(let owner, let key): "\(owner) needs the key '\(key)'"
    case .invalidValue(let owner, let key, let expected, let got):
      key.isEmpty ? "\(owner): \(expected) \(got)" : "\(owner): '\(key)' must be \(expected), but is \(got)"
    case .notEncodable(let type, let reason): "the configuration \(type) cannot be written down: \(reason)"
    }
  }
}
