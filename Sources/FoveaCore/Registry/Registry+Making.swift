// From what is written to what runs.
extension Registry {
  /// Makes a value of the kind that is described.
  ///
  /// - Parameter read: `{ settings, type throws(KindError) in try settings.read(type) }`, which says to the compiler that the
  ///   sort's kinds are their own settings.
  /// - Throws: ``KindError`` for a kind that nobody has registered, and settings that it does not take.
  public func make<Member, Made>(
    _ description: KindDescription, of sort: Sort<Member>,
    _ read: (WrittenSettings, Member) throws(KindError) -> Made
  ) throws(KindError) -> Made {
    let entry: KindRegistry<Member>.Entry
    do { entry = try self.entry(description.kind, of: sort) } catch { throw .unknown(owner: nil, error: error) }
    return try read(
      WrittenSettings(description.configuration, owner: "\(sort.noun) '\(description.kind)'"), entry.type)
  }
}

/// Settings as somebody wrote them, and whose they are.
public struct WrittenSettings {
  private let values: [String: ConfigurationValue]
  private let owner: String

  /// - Parameter owner: for errors: `layer 'c1' (convolution)`.
  public init(_ values: [String: ConfigurationValue], owner: String) {
    self.values = values
    self.owner = owner
  }

  /// The settings of a kind that is made of them and of more, such as a layer.
  public func decode<C: Settings>(_ type: C.Type) throws(KindError) -> C {
    do { return try ConfigurationDecoder.decode(type, from: values, owner: owner) } catch {
      throw .configuration(error)
    }
  }

  /// A kind that is its own settings, with a look whether they make sense.
  public func read<K: ConfigurableKind>(_ type: K.Type) throws(KindError) -> K {
    let made = try decode(type)
    do { try made.checkSettings() } catch let error as ConfigurationError {
      throw .configuration(error)
    } catch {
      throw .invalid(owner: owner, problem: "\(error)")
    }
    return made
  }
}

/// What can go wrong when something is made of what is written.
public enum KindError: FoveaError, Equatable {
  /// Nobody has registered the kind. `owner` is whatever names it, where there is more to say than the kind.
  case unknown(owner: String?, error: RegistryError)
  case configuration(ConfigurationError)
  /// Settings that can be read and make no sense; `problem` is in the kind's own words.
  case invalid(owner: String, problem: String)

  public var description: String {
    switch self {
    case .unknown(let owner, let error): owner.map { "\($0): \(error)" } ?? error.description
    case .configuration(let error): error.description
    case .invalid(let owner, let problem): "\(owner): \(problem)"
    }
  }
}
