public import FoveaCore

/// From blue over gray to yellow, made for color-blind eyes.
///
/// Source: J. Nuñez, C. Anderton, R. Renslow, "Optimizing colormaps with consideration for color vision deficiency", PLoS ONE 13(7), 2018, as tabulated in OpenCV.
public struct Cividis: ColorMap {
  public static let kind = "cividis"
  private static let colors = OpenCVColorMap.table("cividis")

  public init() {}

  public var table: [UInt8] { Self.colors }
}
