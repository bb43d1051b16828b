internal import CKernels

/// The instructions that the toolkit's own kernels use.
public enum VectorInstructions: UInt32, Sendable, CaseIterable {
  case portable = 0
  case avx2 = 1
  case avx512 = 2

  /// Whether this processor has them.
  public var isAvailable: Bool { fovea_kernels_has(raw) }

  /// The best that this processor has.
  public static let best = VectorInstructions(rawValue: UInt32(fovea_kernels_best().rawValue)) ?? .portable

  var raw: fovea_instructions { fovea_instructions(rawValue) }
}
