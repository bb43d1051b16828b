import FoveaCore

extension Subject {
  func checkGradients(_ report: inout ContractReport) {
    var byInput: GradientSurvey<L>?
    var byParameter: [Int: GradientSurvey<L>] = [:]
    if !options.hasSurrogateGradient {
      if let function = layer as? any ElementwiseLayer { checkDerivative(function, &report) }
      for index in inputs.indices {
        report.check("gradient of input \(index)") {
          let survey = try GradientSurvey(self, .input(index))
          if index == 0 { byInput = survey }
          return survey.summary
        }
      }
      for (index, parameter) in layer.parameters.enumerated() where parameter.isTrainable {
        report.check("gradient of '\(parameter.name)'") {
          let survey = try GradientSurvey(self, .parameter(index))
          byParameter[index] = survey
          return survey.summary
        }
        // Where a gradient is wrong, that is enough to say of it.
        guard let survey = byParameter[index] else { continue }
        report.check("every element of '\(parameter.name)' counts") { try checkTouched(survey) }
      }
    }
    report.check("gradients are added to what is there") { try checkAdding() }
    report.check("weights' gradients do not need the inputs'") { try checkWithoutInputGradients() }
    if let second = layer as? any SecondDerivativeLayer, let byInput {
      checkCurvatures(second, byInput, byParameter, &report)
    }
  }

  /// An element that changes nothing, by no input, is one that the layer has declared and forgotten.
  private func checkTouched(_ survey: GradientSurvey<L>) throws -> String {
    let (untouched, count) = (survey.untouched, survey.count)
    let isAllowed = options.leavesElementsUntouched && untouched.count < count
    guard let first = untouched.min(), !isAllowed else { return "\(count - untouched.count) of \(count)" }
    throw Breach(
      "\(untouched.count) of \(count.counted("element")) have no gradient, whatever comes in, the first is \(first); an element "
        + "that never counts must not exist. \(Declaration.leavesElementsUntouched)")
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
    _ layer: S, _ byInput: GradientSurvey<L>, _ byParameter: [Int: GradientSurvey<L>], _ report: inout ContractReport
  ) {
    report.check("second derivatives") {
      let (_, cache) = try layer.forward(inputs[0], parameters, context)
      let none = Tensor(zeros: outputGradient.shape)
      let before = parameters.map { Tensor(repeating: 1, $0.shape) }
      var sums = Gradients(before)
      let returned = try layer.backwardSecond(
        outputCurvature, outputGradient: none, cache, parameters, BackwardContext(), into: &sums)
      guard let returned else { throw Breach("the inputs' second derivatives were asked for, and not given") }
      var worst = try curvatureError(returned.elements.map(Double.init), byInput, "those of the input")
      for (index, survey) in byParameter.sorted(by: { $0.key < $1.key }) {
        let got = sums[index].elements.map { Double($0) - 1 }
        worst = max(worst, try curvatureError(got, survey, "those of '\(self.layer.parameters[index].name)'"))
      }
      return "within \(Comparison.text(worst))"
    }
  }

  private func curvatureError(_ got: [Double], _ survey: GradientSurvey<L>, _ what: String) throws -> Double {
    // What has a kink has no curvature there.
    let pairs = zip(got, survey.curvatures).compactMap { got, expected in expected.map { (got, $0) } }
    let comparison = Comparison(pairs.map(\.0), pairs.map(\.1))
    try comparison.require(within: 2 * options.tolerance, what)
    return comparison.error
  }
}
