/// A change of training pictures by chance, anew in each pass.
public protocol Augmentation: ConfigurableKind {
  /// - Throws: ``ImageError/invalidConfiguration(kind:key:expected:got:)`` for settings that no picture goes with.
  func validate() throws(ImageError)

  /// The picture, changed; its shape stays.
  ///
  /// - Parameter random: where all chance comes from.
  /// - Throws: ``ImageError`` where the picture does not go with the augmentation.
  func apply(_ image: Image, using random: inout SeededRandom) throws(ImageError) -> Image
}

extension Augmentation {
  public func validate() throws(ImageError) {}
  public func checkSettings() throws { try validate() }
}

extension Sort where Member == any Augmentation.Type {
  public static var augmentations: Sort {
    Sort("augmentations", noun: "augmentation", place: .recipe("augmentation")) { $0 }
  }
}

extension Registry {
  public var augmentations: KindRegistry<any Augmentation.Type> { self[.augmentations] }

  public mutating func register<A: Augmentation>(_ type: A.Type, from origin: Origin = .program) throws(RegistryError) {
    try register(type, in: .augmentations, from: origin)
  }

  public func makeAugmentation(_ description: KindDescription) throws(KindError) -> any Augmentation {
    try make(description, of: .augmentations) { settings, type throws(KindError) in try settings.read(type) }
  }
}
