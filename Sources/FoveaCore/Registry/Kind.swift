/// What a description, a recipe or a command may name: a type with one name, and with settings that can be written down.
///
/// Each sort of kinds is a protocol that refines this one: ``Layer``, ``Loss``, ``ColorMap``. See ``Sort``.
public protocol Kind: Sendable {
  /// The one name in code, descriptions, model files and errors, for example `averagePooling`.
  static var kind: String { get }

  /// One line for listings: what it does.
  static var summary: String { get }

  /// What its settings are decoded as.
  static var settingsType: any Settings.Type { get }
}

extension Kind {
  public static var summary: String { "" }
}

/// A kind whose values are their own settings: a step, a loss, an optimizer. Where all of these have a default, as those of most
/// sorts must, it is ``Configurable``, too.
public protocol ConfigurableKind: Kind, Settings {
  /// Whether the settings make sense, apart from what the kind is used for. They do, unless a kind says otherwise.
  ///
  /// - Throws: any error in the kind's own words. A protocol with a typed `validate` of its own calls that here.
  func checkSettings() throws

  /// One of its sort, in words: `color map`. The sort's protocol says it, as ``Sort/noun`` does.
  static var noun: String { get }

  /// Whether the kind with these settings does what its sort promises, beyond what holds for all settings: what
  /// `fovea plugin check` does with it. The sort's protocol has it.
  func checkContract(_ report: inout ContractReport)
}

extension ConfigurableKind {
  public static var noun: String { "kind" }
  public func checkContract(_ report: inout ContractReport) {}
  public static var settingsType: any Settings.Type { Self.self }
  public func checkSettings() throws {}

  /// Whether a setting makes sense.
  ///
  /// - Parameters:
  ///   - expected: what the setting must be: `0 or more`.
  ///   - isValid: whether it is. What is no finite number never is.
  /// - Throws: ``ConfigurationError`` that names kind and setting where it does not.
  public func require<Value: BinaryFloatingPoint>(
    _ key: String, _ value: Value, _ expected: String, _ isValid: Bool
  ) throws(ConfigurationError) {
    guard value.isFinite, isValid else {
      throw .invalidValue(owner: "\(Self.noun) '\(Self.kind)'", key: key, expected: expected, got: "\(value)")
    }
  }
}
