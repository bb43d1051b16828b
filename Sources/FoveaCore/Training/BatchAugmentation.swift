/// A change by chance of the examples of a batch, and of what is right for them: mixing two, smoothing labels.
///
/// It comes behind all preprocessing, in training only. Each example may be mixed with the next one of its batch: their order
/// is by chance.
public protocol BatchAugmentation: ConfigurableKind, Configurable {
  /// What of an example it can change.
  static var targets: Set<TargetKind> { get }

  /// - Throws: ``ConfigurationError`` for settings that make no sense; ``require(_:_:_:_:)`` makes it.
  func validate() throws(ConfigurationError)

  /// - Parameter random: where all chance comes from.
  func apply(to batch: inout MixedBatch, using random: inout SeededRandom)
}

extension BatchAugmentation {
  public func checkSettings() throws { try validate() }
}

extension Sort where Member == any BatchAugmentation.Type {
  public static var batchAugmentations: Sort {
    Sort("batchAugmentations", noun: "batch augmentation", place: .recipe("batchAugmentation")) { $0 }
  }
}

extension Registry {
  public var batchAugmentations: KindRegistry<any BatchAugmentation.Type> { self[.batchAugmentations] }

  public mutating func register<A: BatchAugmentation>(
    _ type: A.Type, from origin: Origin = .program
  ) throws(RegistryError) {
    try register(type, in: .batchAugmentations, from: origin)
  }

  public func makeBatchAugmentation(_ description: KindDescription) throws(KindError) -> any BatchAugmentation {
    try make(description, of: .batchAugmentations) { settings, type throws(KindError) in try settings.read(type) }
  }
}
