public import FoveaCore

/// From black over violet and orange to pale yellow, perceptually uniform.
///
/// Source: S. van der Walt, N. Smith, Matplotlib's color maps, SciPy 2015, as tabulated in OpenCV.
public struct Magma: ColorMap {
  public static let kind = "magma"
  private static let colors = OpenCVColorMap.table("magma")

  public init() {}

  public var table: [UInt8] { Self.colors }
}
