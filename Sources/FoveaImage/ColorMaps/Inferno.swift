public import FoveaCore

/// From black over red to pale yellow, perceptually uniform.
///
/// Source: S. van der Walt, N. Smith, Matplotlib's color maps, SciPy 2015, as tabulated in OpenCV.
public struct Inferno: ColorMap {
  public static let kind = "inferno"
  private static let colors = OpenCVColorMap.table("inferno")

  public init() {}

  public var table: [UInt8] { Self.colors }
}
