/// One key of a configuration, as listings and errors speak of it.
public struct Setting: Sendable, Equatable {
  public let key: String
  /// What holds where the key is left out; null for an optional one, nil for a required one.
  public let `default`: ConfigurationValue?
  /// What may be written, to stand behind "must be": `nearest, bilinear or area`, `a whole number`.
  public let expectation: String
  /// The words that may be written where only these may; nil elsewhere.
  public let words: [String]?
  /// What it means, with its unit; empty where the configuration does not say.
  public let explanation: String

  public var isRequired: Bool { `default` == nil }
}

/// A type of settings that is read by code of its own, and so must say what a description may write for it. Numbers, texts,
/// lists, optionals and enumerations of words need not.
public protocol ExpectingSetting: Codable {
  /// What may be written, to stand behind "must be": `a whole number or [height, width]`.
  static var expectation: String { get }

  /// The words among what may be written, so that one which is not spelled right can be told.
  static var words: [String] { get }
}

extension ExpectingSetting {
  public static var words: [String] { [] }
}
