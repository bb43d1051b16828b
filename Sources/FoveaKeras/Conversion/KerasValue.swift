/// What a layer puts out while a model is made, and in which order its numbers lie.
public struct KerasValue: Sendable, Hashable {
  /// How a layer's output lies here, compared with Keras.
  public enum Order: Sendable, Hashable {
    /// As in Keras.
    case plain
    /// Keras has the channels last, and here they are first: `[height, width, channels]` is `[channels, height, width]`.
    case channelsFirst
    /// Keras' `[length, channels]` is an image of one row here, `[channels, 1, length]`.
    case row
    /// A vector, made of maps with the channels first here, where Keras had them last: their shape in Keras.
    case flattened([Int])
  }

  /// The name of the layer, or of the model's input.
  public let source: String
  /// Here, without the batch.
  public let shape: [Int]
  public let order: Order

  public init(_ source: String, shape: [Int], order: Order) {
    (self.source, self.shape, self.order) = (source, shape, order)
  }

  /// In Keras, without the batch.
  public var kerasShape: [Int] {
    switch order {
    case .plain, .flattened: shape
    case .channelsFirst: Array(shape.dropFirst()) + shape.prefix(1)
    case .row: [shape[2], shape[0]]
    }
  }
}
