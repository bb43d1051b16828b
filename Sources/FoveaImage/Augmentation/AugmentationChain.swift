public import FoveaCore

/// Augmentations one after the other.
///
/// Moves that follow each other become one map, and the picture is resampled once; changes of color that follow each other
/// become one pass over the pixels.
public struct AugmentationChain: Sendable {
  /// A picture, and where the points of the one that was given lie in it, so that boxes and masks can follow.
  public struct Result: Sendable {
    public var image: Image
    /// Nil where an augmentation has moved points and does not say where.
    public var transform: ProjectiveTransform?
  }

  private enum Link: Sendable {
    case geometry(any GeometricAugmentation)
    case color(any ColorAugmentation)
    case policy(any AugmentationPolicy)
    case other(any Augmentation)

    init(_ augmentation: any Augmentation) {
      switch augmentation {
      case let geometry as any GeometricAugmentation: self = .geometry(geometry)
      case let color as any ColorAugmentation: self = .color(color)
      case let policy as any AugmentationPolicy: self = .policy(policy)
      default: self = .other(augmentation)
      }
    }
  }

  /// What has been drawn and not been done yet: a move, or colors, never both.
  private struct Pending {
    var result: Result
    var warp: PictureWarp?
    var colors = ColorChange()

    var size: ImageSize { warp?.size ?? result.image.size }

    mutating func settle() throws(ImageError) {
      if let warp {
        result.image = try result.image.warped(by: warp)
        result.transform = result.transform?.then(warp.transform)
        self.warp = nil
      }
      if !colors.isNothing {
        result.image = try colors.apply(to: result.image)
        colors = ColorChange()
      }
    }

    mutating func add(_ next: PictureWarp) throws(ImageError) {
      if colors.isNothing, let composed = warp?.then(next) {
        warp = composed
      } else {
        try settle()
        warp = next
      }
    }

    mutating func add(_ change: ColorChange) throws(ImageError) {
      if warp != nil { try settle() }
      colors.append(change)
    }
  }

  private let links: [Link]

  public init(_ augmentations: [any Augmentation]) { links = augmentations.map(Link.init) }

  public var isEmpty: Bool { links.isEmpty }

  /// - Throws: ``ImageError`` where the picture does not go with an augmentation.
  public func apply(_ image: Image, using random: inout SeededRandom) throws(ImageError) -> Result {
    var pending = Pending(result: Result(image: image, transform: .identity))
    for link in links { try Self.add(link, to: &pending, using: &random) }
    try pending.settle()
    return pending.result
  }

  private static func add(
    _ link: Link, to pending: inout Pending, using random: inout SeededRandom
  ) throws(ImageError) {
    switch link {
    case .geometry(let augmentation): try pending.add(augmentation.warp(of: pending.size, using: &random))
    case .color(let augmentation): try pending.add(augmentation.change(using: &random))
    case .policy(let policy):
      for augmentation in policy.choose(for: pending.size, using: &random) {
        try add(Link(augmentation), to: &pending, using: &random)
      }
    case .other(let augmentation):
      try pending.settle()
      let size = pending.result.image.size
      pending.result.image = try augmentation.apply(pending.result.image, using: &random)
      if pending.result.image.size != size { pending.result.transform = nil }
    }
  }
}
