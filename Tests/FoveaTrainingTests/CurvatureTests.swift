import FoveaCore
import FoveaLayers
import FoveaModel
import FoveaTraining
import Testing

/// The diagonal Gauss-Newton estimate, where it is exact: it then equals the second difference of the loss.
@Suite struct CurvatureTests {
  /// Where no two units of a layer feed the same unit of the next one, nothing is dropped: f is linear, or one unit wide.
  struct Case: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let input: Shape
    let layers: [LayerDescription]
    let loss: any SecondDerivativeLoss
  }

  private static let codes = RadialBasisOutput.layer(
    "output", codes: .rows([[1, -1, 1, 1], [-1, 1, 1, -1], [1, 1, -1, -1]]))

  static let cases = [
    Case(
      testDescription: "dense into Euclidean distances", input: [5],
      layers: [Dense.layer("d", units: 4), codes], loss: MaximumLikelihood()),
    Case(
      testDescription: "shared weights of a convolution", input: [2, 3, 3],
      layers: [
        Convolution.layer("c", filters: 1, kernel: 2), Flatten.layer(), codes,
      ], loss: MaximumLikelihood()),
    Case(
      testDescription: "a connection table", input: [3, 2, 3],
      layers: [
        Convolution.layer("c", filters: 2, kernel: 2) { $0.connections = [[0, 2], [1]] }, Flatten.layer(), codes,
      ], loss: MaximumLikelihood()),
    Case(
      testDescription: "trainable subsampling", input: [1, 4, 4],
      layers: [TrainableSubsampling.layer("s", window: 2), Flatten.layer(), codes], loss: MaximumLikelihood()),
  ]

  @Test(arguments: cases) func equalsSecondDifferences(_ test: Case) throws {
    var registry = Registry()
    try BuiltinLayers.register(in: &registry)
    let description = ModelDescription(name: "small", input: test.input, layers: test.layers)
    let start = try Model(description, registry: registry, seed: 3)
    var random = SeededRandom(seed: 4)
    let batch = 3
    let input = Tensor((0..<batch * test.input.count).map { _ in random.normal() }, test.input.batched(batch))
    let targets: Targets = [0, 2, 1]
    let curvatures = try start.curvatures(input) { outputs throws(LossError) in
      (
        try test.loss.evaluate(outputs, targets: targets, scale: 1).gradient,
        try test.loss.secondDerivatives(outputs, targets: targets, scale: 1)
      )
    }
    let named = start.namedParameters.filter(\.parameter.isTrainable)
    let places = start.trainableParameters
    #expect(places.count == named.count && !places.isEmpty)
    for (place, entry) in zip(places, named) {
      let estimates = try #require(curvatures.tensor(of: place)).elements
      for index in estimates.indices {
        func loss(_ shift: Float) throws -> Double {
          var tensors = Dictionary(uniqueKeysWithValues: start.namedParameters.map { ($0.name, $0.tensor) })
          tensors[entry.name]?.withUnsafeMutableFloats { $0[index] += shift }
          let model = try Model(description, registry: registry, tensors: tensors)
          let outputs = try model.infer(input)
          return try Double(test.loss.evaluate(outputs, targets: targets, scale: 1).loss)
        }
        // The loss is a quadratic function of each weight here, so that a wide step costs no exactness.
        let step: Float = 1
        let difference = try loss(step) - 2 * loss(0) + loss(-step)
        #expect(
          isClose(estimates[index], Float(difference), relative: 1e-3, absolute: 1e-3),
          "\(entry.name)[\(index)]: \(estimates[index]) instead of \(difference)")
      }
    }
  }

  /// Through a squashing function: f″ is dropped, so that for one unit E'' = 2·f′(a)²·x² where E = (f(a) − c)².
  @Test func dropsTheSquashingFunctionsOwnCurvature() throws {
    var registry = Registry()
    try BuiltinLayers.register(in: &registry)
    let description = ModelDescription(
      name: "one", input: [1],
      layers: [
        Dense.layer("d", units: 1), ScaledTanh.layer(),
        RadialBasisOutput.layer("output", codes: .rows([[1]])),
      ])
    let (x, w, b): (Float, Float, Float) = (0.7, 1.3, -0.2)
    let model = try Model(
      description, registry: registry,
      tensors: ["d.weight": Tensor([w], [1, 1]), "d.bias": Tensor([b], [1]), "output.codes": Tensor([1], [1, 1])])
    let loss = MaximumLikelihood()
    let curvatures = try model.curvatures(Tensor([x], [1, 1])) { outputs throws(LossError) in
      (
        try loss.evaluate(outputs, targets: [0], scale: 1).gradient,
        try loss.secondDerivatives(outputs, targets: [0], scale: 1)
      )
    }
    let (amplitude, slope): (Float, Float) = (1.7159, 2.0 / 3)
    let step: Float = 1e-3
    func squash(_ a: Float) -> Double { Double(amplitude) * tanhOf(Double(slope * a)) }
    let derivative = (squash(w * x + b + step) - squash(w * x + b - step)) / Double(2 * step)
    let expected = Float(2 * derivative * derivative)
    let places = model.trainableParameters
    let found = places.map { curvatures.tensor(of: $0)?.elements.first ?? -1 }
    #expect(isClose(found[0], expected * x * x, relative: 1e-3))
    #expect(isClose(found[1], expected, relative: 1e-3))
  }

  private func tanhOf(_ x: Double) -> Double {
    // By its power series' ratio of exponentials, so that no library of ours is asked.
    var (power, sum) = (1.0, 1.0)
    for n in 1..<40 {
      power *= 2 * x / Double(n)
      sum += power
    }
    return (sum - 1) / (sum + 1)
  }

  @Test func namesTheLayerThatOffersNone() throws {
    var registry = Registry()
    try BuiltinLayers.register(in: &registry)
    let model = try Model(
      ModelDescription(
        name: "small", input: [4], layers: [Dense.layer("d", units: 2), Softmax.layer("squash")]),
      registry: registry, seed: 1)
    var trainer = try Trainer(
      model, loss: MaximumAPosteriori(), optimizer: DiagonalLevenbergMarquardt(), classes: 2, threads: 1, seed: 1)
    let error = #expect(throws: TrainingError.self) {
      try trainer.estimateCurvatures(Tensor(zeros: [1, 4]), targets: [0])
    }
    #expect(error?.description.contains("'squash' (softmax) offers no second derivatives") == true)
  }
}
