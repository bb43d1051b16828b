import Fovea
import Testing

/// Training in a few lines, on what is in memory.
struct FitTests {
  private static let network = ModelDescription("sides", input: [1, 4, 4], preprocessing: [KindDescription(Scale())]) {
    Flatten.layer()
    Dense.layer(units: 2)
  }

  /// Light on the left is 0, light on the right 1.
  private static func images(_ count: Int) throws -> (images: [Image], labels: [Int]) {
    let labels = (0..<count).map { $0 % 2 }
    let images = try labels.enumerated().map { index, label in
      try Image(
        width: 4, height: 4, channels: 1,
        pixels: .bytes((0..<16).map { ($0 % 4 < 2) == (label == 0) ? UInt8(200 + index % 50) : UInt8(index % 50) }))
    }
    return (images, labels)
  }

  @Test func imagesAndNumbersMakeAPipeline() throws {
    let (images, labels) = try Self.images(60)
    var epochs: [Int] = []
    let trained = try Self.network.fit(images, labels: labels, epochs: 20, batchSize: 4, threads: 1) {
      epochs.append($0.epoch)
    }
    #expect(epochs == Array(1...20))
    #expect(trained.description.labels == ["0", "1"] && trained.training?.trainingCount == 60)
    let pipeline = try Pipeline(trained)
    for (image, label) in zip(images, labels) {
      let prediction = try pipeline.predict(image)
      #expect(prediction.label == "\(label)")
      #expect(try #require(prediction.confidence) > 0.5)
    }
  }

  @Test func tensorsDoAsWell() throws {
    let (images, labels) = try Self.images(40)
    let inputs = Tensor(images.flatMap { $0.floats.map { $0 / 255 } }, [40, 1, 4, 4])
    var network = Self.network
    network.preprocessing = []
    network.labels = ["left", "right"]
    let trained = try network.fit(inputs, labels: labels, epochs: 20, batchSize: 4, threads: 1)
    let outputs = try trained.model.infer(inputs).elements
    for (index, label) in labels.enumerated() {
      #expect((outputs[2 * index + 1] > outputs[2 * index]) == (label == 1))
    }
    #expect(trained.description.labels == ["left", "right"])
  }

  @Test func numbersAndLabelsDoAsWell() throws {
    let (images, labels) = try Self.images(60)
    let numbers = Targets.numbers(TargetRows(labels.flatMap { [Float($0), 1 - Float($0)] }, width: 2))
    let regression = try Self.network.fit(images, targets: numbers, epochs: 40, batchSize: 4, threads: 1)
    #expect(regression.description.loss?.kind == "squaredError" && regression.description.postprocessing.count == 1)
    let found = Targets.labels(TargetRows(labels.flatMap { [Float($0), 1] }, width: 2))
    let several = try Self.network.fit(images, targets: found, epochs: 40, batchSize: 4, threads: 1)
    for (image, label) in zip(images.prefix(6), labels) {
      let result = try #require(Pipeline(regression).result(of: image) as? Numbers)
      #expect(abs(try #require(result["0"]) - Float(label)) < 0.3)
      let decided = try #require(Pipeline(several).result(of: image) as? Labels).decided
      #expect(decided == (label == 1 ? ["0", "1"] : ["1"]))
    }
  }

  @Test func whatDoesNotGoTogetherSaysSo() throws {
    let (images, labels) = try Self.images(4)
    func message(_ body: () throws(TrainingError) -> SavedModel) -> String {
      do {
        _ = try body()
        return "it was trained"
      } catch { return error.description }
    }
    #expect(
      message { () throws(TrainingError) in try Self.network.fit(images, labels: [0, 1, 2, 0]) }.contains(
        "label 2 must be 0 to 1, one of 2 classes, but is 2"))
    #expect(
      message { () throws(TrainingError) in try Self.network.fit(images, labels: [0]) }.contains("4 images"))
    var larger = Self.network
    larger.input = [1, 5, 5]
    #expect(message { () throws(TrainingError) in try larger.fit(images, labels: labels) }.contains("[1, 5, 5]"))
    #expect(
      message { () throws(TrainingError) in try Self.network.fit(images, labels: labels, epochs: 0) }.contains("epochs")
    )
  }
}
