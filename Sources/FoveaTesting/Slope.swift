/// What a layer's outputs say of one derivative, when the number is moved by `step` to both sides. Sums are in double
/// precision.
struct Slope {
  /// Σ_k outputGradient[k]·∂y_k/∂x.
  private(set) var value = 0.0
  /// Σ_k outputCurvature[k]·(∂y_k/∂x)².
  private(set) var curvature = 0.0
  /// By how much the rounding of outputs may have changed ``value``.
  let rounding: Double

  /// A layer may round each of its outputs several times before it hands it over.
  private static let roundings = 8.0

  init(below: [Float], above: [Float], distance: Double, gradient: [Float], curvature weights: [Float]) {
    var squares = 0.0
    for k in above.indices where above[k] != below[k] {
      let slope = (Double(above[k]) - Double(below[k])) / distance
      value += Double(gradient[k]) * slope
      curvature += Double(weights[k]) * slope * slope
      let error = Double(gradient[k]) * Double(max(abs(above[k]), abs(below[k])))
      squares += error * error
    }
    rounding = Self.roundings * Double(Float.ulpOfOne) / 2 * squares.squareRoot() / distance
  }
}
