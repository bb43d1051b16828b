import Foundation
import FoveaCore
import FoveaData
import FoveaImage
import FoveaLayers
import FoveaModel
import FoveaPictures
import FoveaTraining
import Testing

@Suite struct RunReportTests {
  /// Gray pictures of 4 × 3, bright for the second class, in pairs that a network of one weight tells apart but for a few.
  private struct Source: DatasetSource {
    let name = "/home/somebody/lamps & <candles>"
    var count = 60
    var labels = ["dark", "bright <b>"]

    func target(at index: Int) -> Int { index % labels.count }
    func identifier(at index: Int) -> String { "\(name)/\(labels[target(at: index)])/\(index).png" }

    func image(at index: Int, decoder: ImageDecoder) throws(DataError) -> Image {
      // Every tenth is as bright as the other class.
      let isBright = (index % 2 == 1) != index.isMultiple(of: 10)
      let pixels = (0..<12).map { UInt8((isBright ? 150 : 50) + index + 2 * ($0 % 4)) }
      do { return try Image(width: 4, height: 3, channels: 1, pixels: .bytes(pixels)) } catch {
        throw .image(identifier: identifier(at: index), error: error)
      }
    }
  }

  private func registry() throws -> Registry {
    var registry = try Registry.tested()
    try BuiltinPostprocessing.register(in: &registry)
    try BuiltinLosses.register(in: &registry)
    try BuiltinOptimizers.register(in: &registry)
    return registry
  }

  private func saved(recipe: Recipe? = nil) throws -> SavedModel {
    let description = ModelDescription(
      name: "lamp & candle", input: [1, 3, 4],
      layers: [
        LayerDescription(name: "copy", kind: "convolution", configuration: ["filters": 2, "kernel": 1, "bias": false]),
        LayerDescription(kind: "flatten"),
        LayerDescription(name: "out", kind: "dense", configuration: ["units": 1]),
      ], loss: KindDescription(kind: "binaryCrossEntropy"), preprocessing: [KindDescription(Scale())],
      postprocessing: [
        KindDescription(kind: "temperatureScaling", configuration: ["temperature": 2]),
        KindDescription(kind: "sigmoid", configuration: ["threshold": 0.4]),
      ], labels: ["dark", "bright <b>"])
    let model = try Model(
      description, registry: registry(),
      tensors: [
        "copy.kernel": Tensor([1, -1], [2, 1, 1, 1]), "out.weight": Tensor(repeating: 1, [1, 24]).halfNegative(),
        "out.bias": Tensor([-12], [1]),
      ])
    var record = TrainingRecord()
    if let recipe { try record.note(recipe, from: registry()) }
    record.seed = 7
    record.notes = ["threshold": "0.4, by hand"]
    return SavedModel(description: description, model: model, training: record)
  }

  private func report(recipe: Recipe? = nil) throws -> RunReport {
    try RunReport(
      saved(recipe: recipe), on: Dataset(Source()), registry: registry(), pool: WorkerPool(count: 1))
  }

  @Test func thePageNeedsNothingFromElsewhere() throws {
    var report = try report()
    report.commands = [["fovea", "report", "my model.safetensors", "it's"]]
    let html = report.html
    #expect(html.hasPrefix("<!DOCTYPE html>") && html.hasSuffix("</html>\n"))
    #expect(!html.contains("<script") && !html.contains("@import") && !html.contains("url("))
    for source in html.split(separator: " src=\"").dropFirst() { #expect(source.hasPrefix("data:image/")) }
    for link in html.split(separator: " href=\"").dropFirst() { #expect(link.hasPrefix("#")) }
    #expect(html.contains("fovea report 'my model.safetensors' 'it'\\''s'"))
    #expect(html.contains("lamp &amp; candle") && html.contains("bright &lt;b&gt;") && !html.contains("bright <b>"))
    // Whose machine it was made on is nobody's business.
    #expect(!html.contains("/home/somebody"))
    #expect(html.contains("prefers-color-scheme: dark") && html.contains("@media print"))
  }

  @Test func everyLinkLeadsToASection() throws {
    let html = try report().html
    let links = html.matches(of: /href="#([a-z-]+)"/).map { String($0.output.1) }
    #expect(links.count >= 6 && links.contains("calibration") && links.contains("thresholds"))
    for link in links { #expect(html.contains("id=\"\(link)\"")) }
  }

  @Test func theWorstMistakesComeFirst() throws {
    let report = try report()
    // Every tenth of 60: 0, 10 … 50, all of the first class and as bright as the second.
    #expect(report.mistakeCount == 6 && report.mistakes.count == 6)
    #expect(report.mistakes.allSatisfy { $0.right.label == "dark" && $0.decided?.label == "bright <b>" })
    let confidences = report.mistakes.map(\.right.score)
    #expect(confidences == confidences.sorted() && confidences[0] < 0.1)
    // The brightest is the worst.
    #expect(report.mistakes[0].name == "dark/50.png")
    let picture = try #require(report.mistakes[0].picture)
    #expect(picture.type == "png" && picture.size == ImageSize(width: 4, height: 3))
    let shown = try ImageDecoder().decode(picture.bytes)
    #expect(try shown.gray().floats == [200, 202, 204, 206, 200, 202, 204, 206, 200, 202, 204, 206])
    #expect(picture.words.contains("taken for bright"))
  }

  @Test func figuresAreThoseOfTheEvaluation() throws {
    let report = try report()
    let scores = try #require(report.outputs.first?.scores)
    #expect(report.outputs.count == 1 && scores.count == 60)
    #expect(report.outputs[0].evaluation.accuracy == 0.9)
    #expect(report.html.contains(">90.00 %<"))
    #expect(report.outputs[0].decision.last?.contains("From a confidence of 0.4 in 'bright <b>' on") == true)
    #expect(report.data.fingerprint.count == 8)
  }

  @Test func augmentationIsShownAsTheRecipeHasIt() throws {
    #expect(try report().variations.isEmpty)
    var recipe = Recipe()
    var affine = RandomAffine()
    affine.translationX = ParameterRange(0.5, 0.5)
    recipe.augmentation = AugmentationDescription(affine)
    let shifted = try report(recipe: recipe)
    #expect(shifted.variations.count == 4 && shifted.variations.allSatisfy { $0.augmented.count == 6 })
    let first = try #require(shifted.variations.first)
    let (before, after) = (
      try ImageDecoder().decode(first.original.bytes).gray(), try ImageDecoder().decode(first.augmented[0].bytes).gray()
    )
    // Two columns have moved out, and nothing is where they were; both are drawn in the original's range.
    #expect(before.floats.prefix(4) == [0, 85, 170, 255] && after.floats.prefix(4) == [0, 0, 0, 85])
    #expect(shifted.html.contains("What augmentation does") && shifted.html.contains("translationX"))
  }

  @Test func oneExampleIsShownLayerByLayer() throws {
    let walk = try #require(try report().walk)
    #expect(walk.layers.map(\.name) == ["copy"] && walk.layers[0].maps.count == 2)
    #expect(walk.best.count == 2 && walk.best[0].score > 0.9)
  }

  @Test func curvesAreThereWhereTheirFiguresAre() throws {
    var report = try report()
    #expect(!report.html.contains("id=\"curves\""))
    report.history = try (1...3).map { epoch in
      try JSONDecoder().decode(
        EpochMetrics.self,
        from: Data(
          """
          {"epoch": \(epoch), "loss": \(1 / Double(epoch)), "learningRate": 0.01, "validationLoss": 0.7,
          "validationAccuracy": 0.5, "seconds": 1, "imagesPerSecond": 60}
          """.utf8))
    }
    let html = report.html
    for title in ["Loss", "Accuracy in percent", "Learning rate"] { #expect(html.contains("<h3>\(title)</h3>")) }
    #expect(html.contains("validation: 50 at 3") && html.contains("training: 0.333 at 3"))
  }

  @Test func whatCannotBeReadIsSaid() throws {
    struct Broken: DatasetSource {
      let name = "broken"
      let count = 12
      let labels = ["dark", "bright <b>"]
      func target(at index: Int) -> Int { index % 2 }
      func identifier(at index: Int) -> String { "broken/\(index).png" }
      func image(at index: Int, decoder: ImageDecoder) throws(DataError) -> Image {
        guard index != 3 else { throw .unreadable(path: "broken/3.png", reason: "<torn>") }
        return try Source().image(at: index, decoder: decoder)
      }
    }
    let report = try RunReport(saved(), on: Dataset(Broken()), registry: registry(), pool: WorkerPool(count: 1))
    #expect(report.data.failures.count == 1 && report.outputs[0].evaluation.count == 11)
    #expect(report.html.contains("&lt;torn&gt;"))
  }
}

extension Tensor {
  /// The second half negative: what takes the difference of two maps.
  fileprivate func halfNegative() -> Tensor {
    Tensor(elements.enumerated().map { $0.offset < elements.count / 2 ? $0.element : -$0.element }, shape)
  }
}
