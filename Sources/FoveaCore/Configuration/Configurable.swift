/// A value that a description may spell out: the settings of a layer, a preprocessing step, a loss.
///
/// Reading is strict: see ``ConfigurationDecoder``. A property may be an `Optional`; leaving it out then means nil. Where a
/// property is an enumeration of words, it should be `CaseIterable`: then errors and listings name the words.
///
/// Settings that all have a useful default are ``Configurable``. Where one must be given, such as a convolution's number
/// of filters, conform to this protocol alone and have an `init` that asks for it: the compiler then asks for it too.
public protocol Settings: Codable, Equatable, Sendable {
  /// All properties and their defaults. What it holds under ``requiredKeys`` means nothing.
  static var prototype: Self { get }

  /// The keys that a description must give.
  static var requiredKeys: Set<String> { get }

  /// What keys mean, for listings: a few words each, with the unit. A key that speaks for itself may be left out.
  static var explanations: [String: String] { get }
}

extension Settings {
  public static var requiredKeys: Set<String> { [] }
  public static var explanations: [String: String] { [:] }
}

/// Settings of which every one has a default: `init()` gives them all.
public protocol Configurable: Settings {
  init()
}

extension Configurable {
  public static var prototype: Self { Self() }
}

/// The configuration of what has nothing to configure.
public struct NoConfiguration: Configurable {
  public init() {}
}
