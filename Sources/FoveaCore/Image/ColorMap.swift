/// A way to draw numbers as colours.
public protocol ColorMap: Configurable {
  /// The one name of this map, for example `viridis`.
  static var kind: String { get }

  /// The colours of 256 evenly spaced values from the lowest to the highest, red, green, blue: 768 bytes.
  var table: [UInt8] { get }
}
