public import FoveaCore

/// From dark violet over green to yellow, perceptually uniform, also for color-blind eyes.
///
/// Source: S. van der Walt, N. Smith, Matplotlib's color maps, SciPy 2015, as tabulated in OpenCV.
public struct Viridis: ColorMap {
  public static let kind = "viridis"
  private static let colors = OpenCVColorMap.table("viridis")

  public init() {}

  public var table: [UInt8] { Self.colors }
}
