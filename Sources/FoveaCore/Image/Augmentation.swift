/// A change of training pictures by chance, anew in each pass.
public protocol Augmentation: ConfigurableKind, Configurable {
  /// - Throws: ``ImageError/invalidConfiguration(kind:key:expected:got:)`` for settings that no picture goes with.
  func validate() throws(ImageError)

  /// Which picture it sees: the network's input unless it says otherwise.
  var stage: AugmentationStage { get }

  /// The picture, changed. Of the network's input, the shape stays.
  ///
  /// - Parameter random: where all chance comes from.
  /// - Throws: ``ImageError`` where the picture does not go with the augmentation.
  func apply(_ image: Image, using random: inout SeededRandom) throws(ImageError) -> Image
}

/// Where on a picture's way into a network an augmentation comes.
public enum AugmentationStage: Sendable {
  /// Before any preprocessing: the picture as it was decoded, of any size. The size may change.
  case picture
  /// Behind the steps that change size and colors, and before those that only change values: the picture as the network
  /// sees it, in 0…255.
  case input
}

extension Augmentation {
  public var stage: AugmentationStage { .input }
  public func validate() throws(ImageError) {}
  public func checkSettings() throws { try validate() }
}

extension Augmentation {
  public static var noun: String { Sort.augmentations.noun }

  /// An augmentation gives finite values, and draws all chance from the generator that it is given. A picture has its channels
  /// afterwards, and where it is the network's input, its size too.
  public func checkContract(_ report: inout ContractReport) {
    for (name, image) in Image.examples {
      report.check(name) {
        func result() throws -> Image {
          var random = SeededRandom(seed: 5)
          return try apply(image, using: &random)
        }
        let changed = try result()
        let isSized = stage == .picture && changed.channels == image.channels
        guard changed.shape == image.shape || isSized else {
          throw Breach("it makes \(changed.shape) of \(image.shape)")
        }
        guard try result() == changed else { throw Breach("the same chance gives another picture") }
        if let index = changed.floats.firstIndex(where: { !$0.isFinite }) {
          throw Breach("value \(index) is \(changed.floats[index])")
        }
        return ""
      }
    }
  }
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
