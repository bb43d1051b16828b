public import FoveaCore

/// A piecewise linear sigmoid, y = min(max(x / 6 + 1/2, 0), 1), of each element. Its derivative at −3 and at 3 is 0.
///
/// Source: Howard et al. 2019, "Searching for MobileNetV3", section 5.2.
public struct HardSigmoid: VectorElementwiseLayer {
  public static let kind = "hardSigmoid"
  public static let summary = "min(max(x / 6 + 1/2, 0), 1)"

  public let configuration: NoConfiguration
  public let outputShape: Shape
  public var neverFalls: Bool { true }

  public init(_ configuration: NoConfiguration, input: Shape) throws(LayerError) {
    try Check(kind: Self.kind).anything(input)
    self.configuration = configuration
    outputShape = input
  }

  public func value(_ x: SIMD16<Float>) -> SIMD16<Float> {
    let line = x / 6 + 0.5
    return line.replacing(with: 0, where: line .< 0).replacing(with: 1, where: line .> 1)
  }

  public func derivative(_ x: SIMD16<Float>, _ y: SIMD16<Float>) -> SIMD16<Float> {
    SIMD16(repeating: 1 / 6).replacing(with: 0, where: (y .<= 0) .| (y .>= 1))
  }
}
