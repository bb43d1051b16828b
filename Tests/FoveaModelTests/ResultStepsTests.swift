import FoveaCore
import FoveaModel
import Testing

/// The steps that make other results than one class.
@Suite struct ResultStepsTests {
  private func isNear(_ a: [Float], _ b: [Float]) -> Bool {
    a.count == b.count && zip(a, b).allSatisfy { abs($0 - $1) <= 1e-6 }
  }

  @Test func eachLabelHasItsOwnConfidenceAndThreshold() throws {
    let outputs = NetworkOutputs([0, 1, -200], labels: ["cat", "dog", "bird"])
    let labels = try LabelsStep(threshold: 0.6, thresholds: ["cat": 0.5]).apply(outputs)
    // 1 / (1 + e^−1) = 0.731058578…
    #expect(isNear(labels.labels.map(\.confidence), [0.5, 0.7310586, 0]))
    #expect(labels.labels.map(\.threshold) == [0.5, 0.6, 0.6])
    #expect(labels.decided == ["cat", "dog"])
    #expect(try LabelsStep(threshold: 0.75).apply(outputs).decided.isEmpty)
  }

  @Test func confidencesAreTakenAsTheyAre() throws {
    let outputs = NetworkOutputs([0.25, 0.5], labels: ["a", "b"], areConfidences: true)
    #expect(try LabelsStep().apply(outputs).labels.map(\.confidence) == [0.25, 0.5])
    #expect(try LabelsStep().apply(outputs).decided == ["b"])
  }

  @Test func labelsMustGoWithTheOutputs() throws {
    #expect(throws: PredictionError.labelCount(kind: "labels", expected: 2, got: 3)) {
      try LabelsStep().apply(NetworkOutputs([1, 2], labels: ["a", "b", "c"]))
    }
    let error = #expect(throws: PredictionError.self) {
      try LabelsStep(thresholds: ["c": 0.5]).apply(NetworkOutputs([1, 2], labels: ["a", "b"]))
    }
    #expect(error?.description.contains("one for 'c'") == true)
    #expect(throws: PredictionError.self) { try LabelsStep(threshold: 1.5).validate() }
    #expect(throws: PredictionError.self) { try LabelsStep(thresholds: ["a": -1]).validate() }
  }

  @Test func numbersAreInTheUnitsOfTheUser() throws {
    let step = NumbersStep(names: ["age", "height"], units: ["years", "cm"], scale: [20, 10], offset: [40, 170])
    let numbers = try step.apply(NetworkOutputs([-0.5, 1.5]))
    #expect(numbers == Numbers([.init("age", 30, unit: "years"), .init("height", 185, unit: "cm")]))
    // One scale for all, and the names of the labels.
    let plain = try NumbersStep(scale: [2]).apply(NetworkOutputs([1, 2.5], labels: ["x", "y"]))
    #expect(plain == Numbers([.init("x", 2), .init("y", 5)]))
    #expect(try NumbersStep().apply(NetworkOutputs([7])) == Numbers([.init("0", 7)]))
  }

  @Test func numbersNeedASettingEach() throws {
    func error(_ step: NumbersStep) -> String? {
      let error = #expect(throws: PredictionError.self) {
        try step.validate()
        _ = try step.apply(NetworkOutputs([1, 2]))
      }
      return error?.description
    }
    #expect(error(NumbersStep(names: ["a"])) == "numbers: 'names' must be one for each of 2, but is 1")
    #expect(error(NumbersStep(units: ["m", "s", "kg"])) == "numbers: 'units' must be one for each of 2, but is 3")
    #expect(
      error(NumbersStep(scale: [1, 2, 3])) == "numbers: 'scale' must be one for all or one for each of 2, but is 3")
    #expect(error(NumbersStep(offset: []))?.contains("'offset' must be finite numbers, one at least") == true)
    #expect(error(NumbersStep(scale: [0]))?.contains("'scale' must be other than 0") == true)
  }

  @Test func embeddingsHaveLengthOne() throws {
    #expect(try EmbeddingStep().apply(NetworkOutputs([3, 0, -4])) == Embedding([0.6, 0, -0.8]))
    #expect(try EmbeddingStep(normalizes: false).apply(NetworkOutputs([3, 4])) == Embedding([3, 4]))
    // No direction, and no division by zero.
    #expect(try EmbeddingStep().apply(NetworkOutputs([0, 0])) == Embedding([0, 0]))
  }

  private func rows(_ rows: [Float], _ classes: Int) -> NetworkOutputs {
    NetworkOutputs(rows, shape: [rows.count / (4 + classes), 4 + classes], labels: ["cat", "dog"])
  }

  /// Of those that overlap by more than half of their union, the surest of each class remains.
  @Test func ofOverlappingBoxesTheSurestRemains() throws {
    let outputs = rows(
      [
        1, 1, 11, 11, 0.8, 0.1,  // IoU with the next: 81 / 119
        0, 0, 10, 10, 0.9, 0.2,  //
        1, 1, 11, 11, 0.1, 0.7,  // another class
        8, 8, 18, 18, 0.6, 0.2,  // IoU 4 / 196
        30, 30, 40, 40, 0.2, 0.1,  // too unsure
        5, 5, 5, 9, 1, 0,  // nothing in it
      ], 2)
    let boxes = try BoxesStep().apply(outputs)
    #expect(
      boxes.boxes == [
        .init("cat", confidence: 0.9, PictureBox(x: 0, y: 0, width: 10, height: 10)),
        .init("dog", confidence: 0.7, PictureBox(x: 1, y: 1, width: 10, height: 10)),
        .init("cat", confidence: 0.6, PictureBox(x: 8, y: 8, width: 10, height: 10)),
      ])
    var tolerant = BoxesStep()
    (tolerant.overlap, tolerant.maximum) = (0.7, 2)
    #expect(try tolerant.apply(outputs).boxes.map(\.confidence) == [0.9, 0.8])
  }

  @Test func coordinatesAndScoresMayBeOthers() throws {
    var step = BoxesStep()
    (step.coordinates, step.unit, step.activation) = (.center, .shares, .sigmoid)
    let boxes = try step.apply(rows([0.5, 0.25, 0.5, 0.25, -3, 1], 2))
    #expect(boxes.boxes.map(\.label) == ["dog"])
    // 1 / (1 + e^−1)
    #expect(abs(boxes.boxes[0].confidence - 0.7310586) < 1e-6)
    // In an input of 40 × 80: from (10, 10) to (30, 30).
    let geometry = PictureGeometry(of: ImageSize(width: 40, height: 80))
    let placed = try boxes.placed(by: geometry)
    let box = try #require(placed.boxes.first).box
    for (got, expected) in [(box.left, 9.5), (box.right, 29.5), (box.top, 9.5), (box.bottom, 29.5)] {
      #expect(abs(got - expected) < 1e-9)
    }
  }

  @Test func boxesNeedRowsOfCoordinatesAndScores() throws {
    #expect(throws: PredictionError.self) { try BoxesStep().apply(NetworkOutputs([1, 2, 3, 4, 5])) }
    #expect(throws: PredictionError.self) {
      try BoxesStep().apply(NetworkOutputs([1, 2, 3, 4], shape: [1, 4]))
    }
    #expect(throws: PredictionError.labelCount(kind: "boxes", expected: 1, got: 2)) {
      try BoxesStep().apply(rows([1, 2, 3, 4, 5], 1))
    }
    for rows in [2, 1 << 31] {
      #expect(throws: PredictionError.self) {
        try BoxesStep().apply(NetworkOutputs([1, 2, 3, 4, 5], shape: Shape([rows, 5])))
      }
    }
    var step = BoxesStep()
    step.overlap = 2
    #expect(throws: PredictionError.self) { try step.validate() }
  }

  @Test func aPlaceHasTheClassOfTheLargestScore() throws {
    let maps: [Float] = [1, 2, 3, 0, 0, 9] + [0, 2, 4, -1, 1, 8] + [-5, 3, 3, 0, 0, 9]
    let mask = try MaskStep().apply(NetworkOutputs(maps, shape: [3, 2, 3], labels: ["a", "b", "c"]))
    #expect(mask.size == ImageSize(width: 3, height: 2) && mask.classes == [0, 2, 1, 0, 1, 0])
    #expect(mask[2, 0] == 1 && mask.shares == [0.5, 1 / 3, 1 / 6])
    #expect(throws: PredictionError.self) { try MaskStep().apply(NetworkOutputs(maps, shape: [18])) }
    for side in [3, 1 << 31] {
      #expect(throws: PredictionError.self) {
        try MaskStep().apply(NetworkOutputs(maps, shape: Shape([3, side, side])))
      }
    }
  }

  private func saved(_ steps: [KindDescription], to path: String) throws -> SavedModel {
    let registry = try Registry.test()
    var description = ModelDescription(
      name: "small", input: [3],
      layers: [LayerDescription(name: "s", kind: "shift", configuration: ["rounds": 1])], labels: ["a", "b", "c"])
    description.postprocessing = steps
    let model = try Model(description, registry: registry, seed: 4)
    try ModelFile.save(SavedModel(description: description, model: model), registry: registry, to: path)
    return try ModelFile.load(path, registry: registry)
  }

  /// Both go into the model file, and come out of it the same.
  @Test func settingsAndNamesLiveInTheModelFile() throws {
    let scratch = try ScratchFolder()
    let labels = LabelsStep(threshold: 0.25, thresholds: ["b": 0.75])
    let first = try saved([KindDescription(labels)], to: scratch.path("l.safetensors")).description
    #expect(first.labels == ["a", "b", "c"] && first.postprocessing == [KindDescription(labels)])
    let numbers = NumbersStep(names: ["u", "v", "w"], units: ["m", "m", "s"], scale: [2], offset: [1, 2, 3])
    let second = try saved([KindDescription(numbers)], to: scratch.path("n.safetensors")).description
    #expect(second.postprocessing == [KindDescription(numbers)])
  }

  @Test func stepsThatDoNotGoTogetherAreNotSaved() throws {
    let scratch = try ScratchFolder()
    let error = #expect(throws: ModelFileError.self) {
      try saved([KindDescription(LabelsStep()), KindDescription(NumbersStep())], to: scratch.path("m.safetensors"))
    }
    #expect(error?.description.contains("step 'numbers' takes the network's outputs") == true)
    #expect(error?.description.contains("what comes to it is a result 'labels'") == true)
  }
}
