import FoveaCore
import FoveaImage
import FoveaModel
import FoveaPipeline
import Testing

@Suite struct PipelineTests {
  @Test func predictsAsTheModelDoes() throws {
    let pipeline = try Brightness.pipeline()
    let prediction = try pipeline.predict(.gray(51, width: 9, height: 7))
    #expect(prediction.label == "dark")
    #expect(prediction.ranking == [0, 1, 2])
    for (score, expected) in zip(prediction.scores, [0.6, 0.2, -0.6] as [Float]) {
      #expect(abs(score - expected) < 1e-5)
    }
    #expect(prediction.best(2).map(\.label) == ["dark", "medium"])
  }

  @Test func aBatchAndItsPicturesOneByOneAreTheSame() throws {
    let pipeline = try Brightness.pipeline()
    let images = try (0..<11).map { try Image.gray(UInt8($0 * 23), width: 5 + $0, height: 4) }
    let together = try pipeline.predict(images, on: WorkerPool(count: 2))
    #expect(together.map(\.label) == (try images.map { try pipeline.predict($0).label }))
    #expect(try pipeline.predict([Image]()).isEmpty)
  }

  @Test(arguments: [[], [SoftmaxConfidence()]] as [[any PostprocessingStep]])
  func aPictureHasTheSameScoresAloneAndAmongOthers(steps: [any PostprocessingStep]) throws {
    var pipeline = try Brightness.pipeline(steps)
    #expect(pipeline.givesConfidences == !steps.isEmpty)
    let images = try (0..<40).map { try Image.gray(UInt8($0 * 6), width: 5 + $0, height: 4) }
    let together = try pipeline.predict(images, on: WorkerPool(count: 2))
    #expect(together == (try images.map { try pipeline.predict($0) }))
    #expect(try pipeline.predict(Array(images[7...11])) == Array(together[7...11]))
    // The kernels for one picture may differ in the last digit, and no more.
    pipeline.isReproducible = false
    for (image, prediction) in zip(images, together) {
      let quick = try pipeline.predict(image)
      #expect(quick.decision == prediction.decision)
      #expect(zip(quick.scores, prediction.scores).allSatisfy { abs($0 - $1) < 1e-5 })
    }
  }

  @Test func rawOutputsAreNoConfidences() throws {
    let image = try Image.gray(250, width: 3, height: 4)
    let raw = try Brightness.pipeline().predict(image)
    #expect(raw.confidence == nil && raw.score == raw.scores[2] && raw.best(1)[0].confidence == nil)
    let shares = try Brightness.pipeline([SoftmaxConfidence()]).predict(image)
    #expect(shares.confidence == shares.scores[2] && shares.best(1)[0].confidence == shares.scores[2])
  }

  /// What a softmax or a sigmoid layer puts out are confidences, without a step.
  @Test(arguments: ["softmax", "sigmoid"]) func aLayerMayMakeConfidences(kind: String) throws {
    let description = ModelDescription(
      name: "m", input: [1, 4, 3],
      layers: [
        LayerDescription(kind: "flatten"), LayerDescription(kind: "dense", configuration: ["units": 3]),
        LayerDescription(kind: kind),
      ])
    let model = try Model(description, registry: Brightness.registry(), seed: 1)
    let pipeline = try Pipeline(model: model, preprocessing: [Scale()])
    #expect(pipeline.givesConfidences)
    #expect(try pipeline.predict(.gray(9, width: 3, height: 4)).confidence != nil)
  }

  @Test func aModelWithWeightsThatAreNoNumbersIsRefused() throws {
    let description = ModelDescription(
      name: "m", input: [1, 4, 3],
      layers: [
        LayerDescription(kind: "flatten"), LayerDescription(name: "out", kind: "dense", configuration: ["units": 2]),
      ]
    )
    let model = try Model(
      description, registry: Brightness.registry(),
      tensors: ["out.weight": Tensor(repeating: .nan, [2, 12]), "out.bias": Tensor(zeros: [2])])
    #expect(throws: PipelineError.model(.notFinite(.weights(layer: "out", parameter: "weight")))) {
      try Pipeline(model: model)
    }
  }

  @Test func refusesAPictureOfAnotherShapeAndNamesBoth() throws {
    let pipeline = try Pipeline(model: Brightness.model(), labels: Brightness.labels)
    #expect(
      throws: PipelineError.image(
        .invalidInput(
          kind: "preprocessing", expected: "[1, 4, 3] (channels, height, width) for the model's input",
          got: "[1, 5, 6] from a picture of [1, 5, 6]; the steps are: none; add a size or color step"))
    ) { try pipeline.predict(.gray(0, width: 6, height: 5)) }
  }

  @Test func labelsMustGoWithTheOutputs() throws {
    #expect(throws: PipelineError.labelCount(expected: 3, got: 2)) {
      try Pipeline(model: Brightness.model(), labels: ["a", "b"])
    }
    #expect(try Pipeline(model: Brightness.model()).labels == ["0", "1", "2"])
  }

  @Test func isMadeOfADescription() throws {
    var description = ModelDescription(name: "b", input: [1, 4, 3], layers: [], labels: Brightness.labels)
    description.preprocessing = [
      KindDescription(kind: "toGrayscale"),
      KindDescription(kind: "resize", configuration: ["width": 3, "height": 4]),
      KindDescription(kind: "scale"),
    ]
    let pipeline = try Pipeline(description, model: Brightness.model(), registry: Brightness.registry())
    #expect(try pipeline.predict(.gray(250, width: 30, height: 20)).label == "bright")
    description.preprocessing[0].kind = "toGreyscale"
    #expect(throws: PipelineError.self) {
      try Pipeline(description, model: Brightness.model(), registry: Brightness.registry())
    }
  }

  @Test func rowsSayThatThereWasNoMemory() {
    #expect(PipelineError.model(.memory(batchSize: 2, bytes: 1 << 40)).reason == .outOfMemory)
    #expect(PipelineError.model(.weightMemory(model: "m", bytes: 1 << 40)).reason == .outOfMemory)
  }
}
