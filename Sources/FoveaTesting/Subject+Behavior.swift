import Foundation
import FoveaCore
import Synchronization

extension Subject {
  /// Kernels of other passes, batches and layouts add up in another order.
  private var rounding: Double { 2e-5 }

  func checkBehavior(_ report: inout ContractReport) {
    report.check("results are finite") { try checkFinite() }
    report.check("same input and seed, same result") { try checkDeterminism() }
    report.check("a second layer of the same configuration is the same") { try checkTwin() }
    report.check("nothing is remembered outside the cache") { try checkNoHiddenState() }
    report.check("several threads at once") { try checkThreads() }
    report.check("inputs, weights and gradients that come in stay as they are") { try checkArgumentsStay() }
    if let function = layer as? any ElementwiseLayer, function.neverFalls {
      report.check("the function never falls, as the layer says") { try checkMonotony(function) }
    }
    if !options.differsInTraining {
      report.check("infer gives what forward gives") {
        let comparison = Comparison(try layer.infer(inputs, parameters).elements, try output(inputs, parameters))
        try comparison.require(within: rounding, "output", Declaration.differsInTraining)
        return "within \(Comparison.text(comparison.error))"
      }
    }
    if layer.mixesExamples {
      report.check("examples are mixed, as the layer says") { try checkMixing() }
    } else {
      report.check("each example is on its own") { try checkBatchIndependence() }
    }
    report.check("any memory layout of the input will do") { try checkLayouts() }
    report.check("saved and loaded weights give the same") { try checkSaving() }
  }

  private func checkFinite() throws -> String {
    var sizes = [("usual", Float(1))]
    // Inputs that are said to stay away from 0 do so.
    if options.inputRange.contains(0) { sizes.append(("zero", 0)) }
    if options.largeFactor != 1 { sizes.append(("large", options.largeFactor)) }
    for (name, factor) in sizes {
      let scaled = inputs.map { input in Tensor(input.elements.map { factor * $0 }, input.shape) }
      let passes = try passes(scaled, outputGradient: outputGradient)
      let inferred = try layer.infer(scaled, parameters).elements
      for (what, numbers) in [("output", passes.output), ("inferred output", inferred)]
        + passes.inputGradients.map({ ("input gradient", $0) })
        + passes.parameterGradients.map({ ("parameter gradient", $0) })
      {
        if let index = numbers.firstIndex(where: { !$0.isFinite }) {
          let hint = name == "large" ? "; \(factor) times the usual. " + Declaration.largeFactor : ""
          throw Breach("\(what): element \(index) is \(numbers[index]) for inputs of \(name) size\(hint)")
        }
      }
    }
    return ""
  }

  private func checkDeterminism() throws -> String {
    guard try passes() == passes() else { throw Breach("two passes with the same input and seed differ") }
    guard try layer.infer(inputs, parameters) == layer.infer(inputs, parameters) else {
      throw Breach("two calls of infer with the same input differ")
    }
    return ""
  }

  private func checkTwin() throws -> String {
    let twin = try Subject(configuration, inputs: inputShapes, options: options)
    guard twin.layer.parameters == layer.parameters else { throw Breach("it asks for other parameters") }
    guard try twin.passes() == passes() else { throw Breach("it gives other results") }
    return ""
  }

  /// Two forward passes, and then the two backward passes, the first one's first.
  private func checkNoHiddenState() throws -> String {
    let others = inputs.map { input in Tensor(input.elements.reversed(), input.shape) }
    let expected = try passes()
    let (output, cache) = try layer.forward(inputs, parameters, context)
    _ = try layer.forward(others, parameters, TrainingContext(seed: options.seed &+ 1))
    _ = try layer.infer(others, parameters)
    var gradients = Gradients(for: parameters)
    let inputGradients = try layer.backward(outputGradient, cache, parameters, BackwardContext(), into: &gradients)
    let got = Passes(
      output: output.elements, inputGradients: inputGradients.map(\.elements),
      parameterGradients: parameters.indices.map { gradients[$0].elements })
    guard got == expected else { throw Breach("a forward pass in between changes the gradients") }
    return ""
  }

  private func checkThreads() throws -> String {
    let before = KernelThreads.current
    defer { KernelThreads.set(before) }
    KernelThreads.set(1)
    let expected = try passes()
    let (threads, rounds) = (4, 5)
    let wrong = Mutex<[String]>([])
    // Threads of their own: those of a pool would take turns where there is but one core.
    let group = DispatchGroup()
    for _ in 0..<threads {
      group.enter()
      Thread.detachNewThread {
        defer { group.leave() }
        KernelThreads.set(1)
        for _ in 0..<rounds {
          do {
            guard try passes() == expected else { throw Breach("threads disturb each other's results") }
          } catch {
            wrong.withLock { $0.append("\(error)") }
          }
        }
      }
    }
    group.wait()
    if let first = wrong.withLock({ $0.first }) { throw Breach(first) }
    return "\(threads * rounds) passes"
  }

  private func checkArgumentsStay() throws -> String {
    let before = (inputs + parameters + [outputGradient]).map(\.elements)
    let (output, cache) = try layer.forward(inputs, parameters, context)
    let forward = output.elements
    var gradients = Gradients(for: parameters)
    _ = try layer.backward(outputGradient, cache, parameters, BackwardContext(), into: &gradients)
    guard (inputs + parameters + [outputGradient]).map(\.elements) == before else {
      throw Breach("a pass has changed what was handed to it")
    }
    guard output.elements == forward else { throw Breach("the backward pass has changed the output") }
    return ""
  }

  private func checkMonotony(_ function: any ElementwiseLayer) throws -> String {
    let places = (-2000...2000).map { Float($0) / 200 }
    for (a, b) in zip(places, places.dropFirst()) where function.value(a) > function.value(b) {
      throw Breach("f(\(a)) = \(function.value(a)) is more than f(\(b)) = \(function.value(b))")
    }
    return "\(places.count) places"
  }

  private func checkMixing() throws -> String {
    guard options.batch > 1 else { return "not seen in a batch of 1" }
    let alone = try layer.forward(inputs.map { $0.rows(0..<1) }, parameters, context).output.elements
    guard try Array(output(inputs, parameters).prefix(alone.count)) != alone else {
      throw Breach("an example gives the same alone; 'mixesExamples' costs speed for nothing")
    }
    return ""
  }

  private func checkBatchIndependence() throws -> String {
    var outputs: [Float] = []
    var parameterGradients = Gradients(for: parameters)
    var inputGradients = inputs.map { _ in [Float]() }
    for example in 0..<options.batch {
      let own = inputs.map { $0.rows(example..<example + 1) }
      outputs += try layer.infer(own, parameters).elements
      guard !options.differsInTraining else { continue }
      let cache = try layer.forward(own, parameters, context).cache
      let gradients = try layer.backward(
        outputGradient.rows(example..<example + 1), cache, parameters, BackwardContext(), into: &parameterGradients)
      for (index, gradient) in gradients.enumerated() { inputGradients[index] += gradient.elements }
    }
    try Comparison(outputs, layer.infer(inputs, parameters).elements).require(
      within: rounding, "output", Declaration.mixesExamples)
    guard !options.differsInTraining else { return "in use" }
    let together = try passes()
    for (index, gradient) in inputGradients.enumerated() {
      try Comparison(gradient, together.inputGradients[index]).require(
        within: rounding, "gradient of input \(index)", Declaration.mixesExamples)
    }
    for (index, parameter) in layer.parameters.enumerated() {
      try Comparison(parameterGradients[index].elements, together.parameterGradients[index])
        .require(
          within: rounding, "gradient of '\(parameter.name)', summed over examples", Declaration.mixesExamples)
    }
    return "\(options.batch) examples"
  }

  private func checkLayouts() throws -> String {
    let expected = try passes()
    var tried = 0
    for choose in [Layout.channelsLast, Self.blocked, { _ in .interleaved }] {
      let arranged = inputs.map { input in choose(input.shape).map(input.converted) ?? input }
      let gradient = choose(outputGradient.shape).map(outputGradient.converted) ?? outputGradient
      guard arranged.contains(where: { $0.layout != .plain }) || gradient.layout != .plain else { continue }
      tried += 1
      let got = try passes(arranged, outputGradient: gradient)
      try Comparison(got.output, expected.output).require(within: rounding, "output")
      for (a, b) in zip(
        got.inputGradients + got.parameterGradients, expected.inputGradients + expected.parameterGradients)
      {
        try Comparison(a, b).require(within: rounding, "a gradient")
      }
      try Comparison(layer.infer(arranged, parameters).elements, layer.infer(inputs, parameters).elements)
        .require(within: rounding, "inferred output")
    }
    return "\(tried) besides the plain one"
  }

  /// The layout in which a convolution on this machine leaves its output, padded channels included.
  private static func blocked(_ shape: Shape) -> Layout? {
    guard shape.rank == 4 else { return nil }
    let operation = ConvolutionOperation(
      batch: shape[0], input: (16, shape[2], shape[3]), output: (shape[1], shape[2], shape[3]), kernel: (1, 1),
      hasBias: false)
    return try? Kernel.convolution(operation, pass: .inference).layout(.destination)
  }

  private func checkSaving() throws -> String {
    let named = Dictionary(uniqueKeysWithValues: zip(layer.parameters.map(\.name), parameters))
    let file = try SafeTensors(bytes: SafeTensors(tensors: named).encoded(), name: L.kind)
    var loaded: [Tensor] = []
    for parameter in layer.parameters {
      guard let tensor = file.tensors[parameter.name] else { throw Breach("'\(parameter.name)' was lost") }
      loaded.append(tensor)
    }
    guard loaded == parameters else { throw Breach("the weights have changed") }
    let values = try ConfigurationDecoder.encode(layer.configuration)
    let configuration = try ConfigurationDecoder.decode(L.Configuration.self, from: values, owner: L.kind)
    let copy = try L(configuration, inputs: inputShapes)
    guard try copy.infer(inputs, loaded) == layer.infer(inputs, parameters) else {
      throw Breach("the loaded layer gives another output")
    }
    return "\(named.count) tensors"
  }
}
