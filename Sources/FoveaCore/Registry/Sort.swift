/// One sort of kinds: layers, losses, color maps. It is a value that knows what is to be said of all of them; registry,
/// listings, plugin reports, model files and errors are written once, over sorts. So a new sort costs one file:
///
/// ```swift
/// public protocol Sampler: ConfigurableKind, Configurable {
///   func order(count: Int, using random: inout SeededRandom) -> [Int]
/// }
///
/// extension Sort where Member == any Sampler.Type {
///   public static var samplers: Sort { Sort("samplers", noun: "sampler", place: .recipe("sampler")) { $0 } }
/// }
///
/// extension Sampler {
///   public static var noun: String { Sort.samplers.noun }
///
///   // What 'fovea plugin check' finds out of each.
///   public func checkContract(_ report: inout ContractReport) {
///     report.check("each example comes once") { … }
///   }
/// }
///
/// extension Registry {
///   public mutating func register<S: Sampler>(_ type: S.Type, from origin: Origin = .program) throws(RegistryError) {
///     try register(type, in: .samplers, from: origin)
///   }
///
///   public func makeSampler(_ description: KindDescription) throws(KindError) -> any Sampler {
///     try make(description, of: .samplers) { settings, type throws(KindError) in try settings.read(type) }
///   }
/// }
/// ```
///
/// `Member` is the metatype of the sort's protocol, by which the sort is told from all others: what does not conform to the
/// protocol cannot be registered, which the compiler sees.
public struct Sort<Member: Sendable>: Sendable {
  /// Its name on the command line and in JSON, many of them: `colorMaps`.
  public let name: String
  /// One of them, in words: `color map`.
  public let noun: String
  /// Several of them, in words.
  public let plural: String
  public let place: Place
  let asKind: @Sendable (Member) -> any Kind.Type

  /// - Parameters:
  ///   - plural: the noun with an s where nil.
  ///   - asKind: `{ $0 }`, which says to the compiler that each member is a kind.
  public init(
    _ name: String, noun: String, plural: String? = nil, place: Place,
    asKind: @escaping @Sendable (Member) -> any Kind.Type
  ) {
    self.name = name
    self.noun = noun
    self.plural = plural ?? noun + "s"
    self.place = place
    self.asKind = asKind
  }
}

/// Where the kinds of a sort are written.
public enum Place: Sendable, Hashable, CustomStringConvertible {
  /// Under a key of a network's description.
  case description(String)
  /// Under a key of a description of several models.
  case pipeline(String)
  /// Under a key of a recipe.
  case recipe(String)
  /// After an option on the command line.
  case option(String)

  /// To stand behind "belongs".
  public var description: String {
    switch self {
    case .description(let key): "under '\(key)' in a network's description"
    case .pipeline(let key): "under '\(key)' in a pipeline's description"
    case .recipe(let key): "under '\(key)' in a recipe"
    case .option(let name): "behind '\(name)' on the command line"
    }
  }
}
