public import FoveaCore

/// From blue over pink to yellow, perceptually uniform.
///
/// Source: S. van der Walt, N. Smith, Matplotlib's color maps, SciPy 2015, as tabulated in OpenCV.
public struct Plasma: ColorMap {
  public static let kind = "plasma"
  private static let colors = OpenCVColorMap.table("plasma")

  public init() {}

  public var table: [UInt8] { Self.colors }
}
