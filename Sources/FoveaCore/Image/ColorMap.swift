/// A way to draw numbers as colours.
public protocol ColorMap: ConfigurableKind, Configurable {
  /// The colours of 256 evenly spaced values from the lowest to the highest, red, green, blue: 768 bytes.
  var table: [UInt8] { get }
}

extension ColorMap {
  public static var noun: String { Sort.colorMaps.noun }

  /// A color map has 256 colors, and the same ones each time.
  public func checkContract(_ report: inout ContractReport) {
    report.check("there are 256 colors") {
      let count = table.count
      guard count == 768 else { throw Breach("the table has \(count) bytes, not 3 for each of 256 colors") }
      return "768 bytes"
    }
    report.check("the colors are the same each time") {
      guard table == table else { throw Breach("two calls give two tables") }
      return ""
    }
  }
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
