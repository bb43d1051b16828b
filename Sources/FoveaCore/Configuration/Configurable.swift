/// A value that a description may spell out: the settings of a layer, a preprocessing step, a loss.
///
/// Every stored property has a default, and `init()` gives them all. A property whose default means nothing, such as a
/// convolution's number of filters, is named in ``requiredKeys``. Reading is strict: see ``ConfigurationDecoder``.
/// A property may be an `Optional`; leaving it out then means nil.
public protocol Configurable: Codable, Equatable, Sendable {
  init()

  /// The keys that a description must give.
  static var requiredKeys: Set<String> { get }
}

extension Configurable {
  public static var requiredKeys: Set<String> { [] }
}

/// The configuration of what has nothing to configure.
public struct NoConfiguration: Configurable {
  public init() {}
}
