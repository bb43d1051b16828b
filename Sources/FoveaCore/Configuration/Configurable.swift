/// A value that a description may spell out: the settings of a layer, a preprocessing step, a loss.
///
/// Every stored property has a default, and `init()` gives them all. A property whose default means nothing, such as a
/// convolution's number of filters, is named in ``requiredKeys``. Reading is strict: see ``ConfigurationDecoder``.
/// A property may be an `Optional`; leaving it out then means nil. Where a property is an enumeration of words, it should
/// be `CaseIterable`: then errors and listings name the words.
public protocol Configurable: Codable, Equatable, Sendable {
  init()

  /// The keys that a description must give.
  static var requiredKeys: Set<String> { get }

  /// What keys mean, for listings: a few words each, with the unit. A key that speaks for itself may be left out.
  static var explanations: [String: String] { get }
}

extension Configurable {
  public static var requiredKeys: Set<String> { [] }
  public static var explanations: [String: String] { [:] }
}

/// The configuration of what has nothing to configure.
public struct NoConfiguration: Configurable {
  public init() {}
}
