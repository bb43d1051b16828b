/// A way to draw numbers as colours.
public protocol ColorMap: ConfigurableKind {
  /// The colours of 256 evenly spaced values from the lowest to the highest, red, green, blue: 768 bytes.
  var table: [UInt8] { get }
}

extension Sort where Member == any ColorMap.Type {
  /// Of what heat maps and features are drawn in.
  public static var colorMaps: Sort { Sort("colorMaps", noun: "color map", place: .option("--colormap")) { $0 } }
}

extension Registry {
  public var colorMaps: KindRegistry<any ColorMap.Type> { self[.colorMaps] }

  public mutating func register<C: ColorMap>(_ type: C.Type, from origin: Origin = .program) throws(RegistryError) {
    try register(type, in: .colorMaps, from: origin)
  }
}
