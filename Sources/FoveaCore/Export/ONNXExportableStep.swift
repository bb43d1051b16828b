/// A preprocessing step that can say how ONNX computes it, for pictures of any size. Most of the built-in ones do; a plugin's may.
public protocol ONNXExportableStep: PreprocessingStep {
  /// - Returns: the picture, one step further.
  /// - Throws: ``ImageError`` where its settings cannot be said in ONNX.
  func export(_ picture: ExportedPicture, into graph: inout ExportedGraph) throws(ImageError) -> ExportedPicture
}

/// A batch of pictures in a graph that is exported: float32 `[batch, channels, height, width]`.
public struct ExportedPicture: Sendable {
  /// The value's name.
  public var value: String
  public var channels: Int
  /// Whether all numbers are whole and 0…255, so that a step which computes with bytes rounds.
  public var isBytes: Bool
  /// Nil where it follows from the picture that comes.
  public var size: ImageSize?

  public init(value: String, channels: Int, isBytes: Bool, size: ImageSize? = nil) {
    (self.value, self.channels, self.isBytes, self.size) = (value, channels, isBytes, size)
  }
}
