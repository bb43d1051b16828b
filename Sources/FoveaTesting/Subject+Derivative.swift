import FoveaCore

extension Subject {
  /// A function of one number is easily followed far out, where its pieces meet: a hard swish changes at −3 and 3.
  func checkDerivative(_ function: any ElementwiseLayer, _ report: inout ContractReport) {
    guard options.inputRange == LayerContract.Options().inputRange, options.largeFactor > 1 else { return }
    report.check("the derivative is the function's") {
      let reach: Float = 8
      let count = 1601
      // Not where pieces usually meet.
      let places = (0..<count).map { -reach + 2 * reach * (Float($0) + 0.37) / Float(count) }
      let derivatives = places.map { Double(function.derivative($0, function.value($0))) }
      let scale = derivatives.reduce(0) { max($0, abs($1)) }
      for (x, derivative) in zip(places, derivatives) {
        func slope(_ from: Float, _ to: Float) -> Slope {
          let (low, high) = (x + from, x + to)
          return Slope(
            below: [function.value(low)], above: [function.value(high)], distance: Double(high) - Double(low),
            gradient: [1], curvature: [1])
        }
        // Far from zero, a function may be steep: what is flat there is held to a share of itself.
        let tolerance = options.tolerance * max(abs(derivative), scale / 20)
        let (verdict, _) = Verdict.of(derivative, tolerance: tolerance, step: reach / 800) {
          slope(-$0, $0)
        } quarters: { step in
          [(-1, -0.5), (-0.5, 0), (0, 0.5), (0.5, 1)].map { slope(Float($0.0) * step, Float($0.1) * step).value }
        }
        if case .differs(let got) = verdict {
          throw Breach("f′(\(x)) is \(Comparison.text(derivative)), not \(Comparison.text(got)), as f says")
        }
      }
      return "\(count) places from −\(reach) to \(reach)"
    }
  }
}
