import FoveaCore

extension Subject {
  func checkGradients(_ report: inout ContractReport) {
    var differences: Differences<L>?
    report.check("outputs can be differentiated by differences") {
      let made = try Differences(self)
      differences = made
      return "\(made.count) elements"
    }
    guard let differences else { return }
    for index in inputs.indices {
      report.check("gradient of input \(index)") {
        let got = try passes().inputGradients[index].map(Double.init)
        let comparison = Comparison(got, differences.inputs[index].gradient)
        try comparison.require(within: options.tolerance, "gradient")
        return "within \(Comparison.text(comparison.error))"
      }
    }
    for (index, parameter) in layer.parameters.enumerated() where parameter.isTrainable {
      report.check("gradient of '\(parameter.name)'") {
        let got = try passes().parameterGradients[index].map(Double.init)
        let comparison = Comparison(got, differences.parameters[index].gradient)
        try comparison.require(within: options.tolerance, "gradient")
        return "within \(Comparison.text(comparison.error))"
      }
      report.check("every element of '\(parameter.name)' counts") {
        try checkTouched(parameter, index, differences.parameters[index].gradient)
      }
    }
    report.check("gradients are added to what is there") { try checkAdding() }
    report.check("weights' gradients do not need the inputs'") { try checkWithoutInputGradients() }
    if let second = layer as? any SecondDerivativeLayer {
      checkCurvatures(second, differences, &report)
    }
  }

  /// An element that changes nothing, by no input, is one that the layer has declared and forgotten.
  private func checkTouched(_ parameter: Parameter, _ index: Int, _ differences: [Double]) throws -> String {
    let analytic = try passes().parameterGradients[index]
    let untouched = analytic.indices.filter { analytic[$0] == 0 && differences[$0] == 0 }
    let isAllowed = options.leavesElementsUntouched && untouched.count < analytic.count
    guard untouched.isEmpty || isAllowed else {
      throw Breach(
        "\(untouched.count) of \(analytic.count) elements have no gradient, the first is \(untouched[0]); an element "
          + "that never counts must not exist")
    }
    return "\(analytic.count - untouched.count) of \(analytic.count)"
  }

  private func checkAdding() throws -> String {
    let expected = try passes()
    let cache = try layer.forward(inputs, parameters, context).cache
    var random = SeededRandom(seed: options.seed &+ 17)
    let before = parameters.map { parameter in
      Tensor((0..<parameter.shape.count).map { _ in random.uniform(in: 1...2) }, parameter.shape)
    }
    var gradients = Gradients(before)
    let inputGradients = try layer.backward(outputGradient, cache, parameters, BackwardContext(), into: &gradients)
    guard inputGradients.map(\.elements) == expected.inputGradients else {
      throw Breach("the inputs' gradients depend on what is in the parameters' gradients")
    }
    for (index, parameter) in layer.parameters.enumerated() {
      let sum = zip(before[index].elements, expected.parameterGradients[index]).map { $0 + $1 }
      try Comparison(gradients[index].elements, sum).require(
        within: 1e-5, "gradient of '\(parameter.name)' + what was there")
    }
    return ""
  }

  private func checkWithoutInputGradients() throws -> String {
    let expected = try passes().parameterGradients
    let cache = try layer.forward(inputs, parameters, context).cache
    var gradients = Gradients(for: parameters)
    let returned = try layer.backward(
      outputGradient, cache, parameters, BackwardContext(needsInputGradients: false), into: &gradients)
    for (index, parameter) in layer.parameters.enumerated() {
      guard gradients[index].elements == expected[index] else {
        throw Breach("where no input gradient is asked for, that of '\(parameter.name)' differs")
      }
    }
    return returned.isEmpty ? "they are left out where nobody needs them" : "they are made though nobody needs them"
  }

  private func checkCurvatures<S: SecondDerivativeLayer>(
    _ layer: S, _ differences: Differences<L>, _ report: inout ContractReport
  ) {
    report.check("second derivatives") {
      let (_, cache) = try layer.forward(inputs[0], parameters, context)
      let curvature = Tensor(differences.outputCurvature, outputGradient.shape)
      let none = Tensor(zeros: outputGradient.shape)
      let before = parameters.map { Tensor(repeating: 1, $0.shape) }
      var sums = Gradients(before)
      let byInput = try layer.backwardSecond(
        curvature, outputGradient: none, cache, parameters, BackwardContext(), into: &sums)
      guard let byInput else { throw Breach("the inputs' second derivatives were asked for, and not given") }
      var worst = Comparison(byInput.elements.map(Double.init), differences.inputs[0].curvature)
      try worst.require(within: 2 * options.tolerance, "those of the input")
      for (index, parameter) in self.layer.parameters.enumerated() where parameter.isTrainable {
        let got = sums[index].elements.map { Double($0) - 1 }
        let comparison = Comparison(got, differences.parameters[index].curvature)
        try comparison.require(within: 2 * options.tolerance, "those of '\(parameter.name)'")
        if comparison.error > worst.error { worst = comparison }
      }
      return "within \(Comparison.text(worst.error))"
    }
  }
}
