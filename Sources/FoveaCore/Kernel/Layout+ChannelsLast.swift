import COneDNN

extension Layout {
  /// The channels of a pixel side by side, as in a picture file; nil where a batch of that shape has no pixels.
  public static func channelsLast(_ shape: Shape) -> Layout? {
    guard shape.rank >= 3, shape.rank <= Int(FOVEA_DNN_MAX_RANK) else { return nil }
    return (try? ShapedLayout(shape, fovea_dnn_layout_channels_last)).map { shaped in
      withExtendedLifetime(shaped) { Layout(shaped.handle) }
    }
  }
}
