internal import CKernels
import COneDNN

/// The numbers that convolutions and dense layers multiply.
public enum Precision: String, Sendable, Codable, CaseIterable {
  /// 24 significant bits. The default everywhere.
  case float32
  /// 8 significant bits: factors are rounded to bfloat16 before they are multiplied, to the nearest one and ties to even,
  /// which is an error of at most 2⁻⁹ of each. Sums, outputs, the weights that are trained, and all that is no product of
  /// a convolution or a dense layer stay float32.
  ///
  /// So do products that gain nothing: the gradients of a convolution whose pooling was taken into its kernel, where
  /// three of four products are left out; such a convolution of fewer than eight maps in use; convolutions of few maps
  /// and filters without such a pooling; the gradient of a large dense layer's weights, and all of its training with
  /// fewer than 48 examples at once; and second derivatives.
  case bfloat16
  /// Whole numbers of a byte, in a network that has been quantized, and in use alone: see ``ByteScale``. Sums are whole numbers,
  /// too, and exact on every processor.
  case int8

  /// Whether this processor has instructions for it, and ``VectorInstructions/inUse`` allows them.
  public var isAvailable: Bool {
    self != .bfloat16 || fovea_dnn_has_bfloat16() && fovea_kernels_has_bfloat16(VectorInstructions.inUse.raw)
  }

  /// What a processor needs for it, for messages; nil where any will do.
  public var requirement: String? { self == .bfloat16 ? "AVX-512 with BF16" : nil }

  var raw: fovea_dnn_precision { self == .bfloat16 ? FOVEA_DNN_BFLOAT16 : FOVEA_DNN_FLOAT32 }
}
