import Foundation
import Fovea
import Testing

/// Networks that learn labels and numbers from a CSV file.
@Suite struct TargetCommandTests {
  /// Gray pictures: how bright they are, whether that is more than half, and whether their left half is the brighter one.
  private static func write(to files: TemporaryFolder, count: Int) throws {
    var random = SeededRandom(seed: 5)
    var lines = ["path,number:light,label:bright,label:left"]
    var (heads, pairs, before) = (["path,class:bright,class:left"], ["image:left,image:right,label"], Float(0))
    for index in 0..<count {
      let (light, step) = (random.uniform(in: 0.2...0.8), random.uniform() < 0.5 ? Float(0.15) : -0.15)
      let bytes = (0..<64).map { UInt8(255 * (light + ($0 % 8 < 4 ? step : -step))) }
      let image = try Image(width: 8, height: 8, channels: 1, pixels: .bytes(bytes))
      try ImageEncoder.png().write(image, to: files["\(index).png"])
      lines.append("\(index).png,\(light),\(light > 0.5 ? 1 : 0),\(step > 0 ? 1 : 0)")
      heads.append("\(index).png,\(light > 0.5 ? "yes" : "no"),\(step > 0 ? "yes" : "no")")
      if index > 0 { pairs.append("\(index).png,\(index - 1).png,\(light > before ? "left" : "right")") }
      before = light
    }
    try files.write(lines.joined(separator: "\n"), to: "all.csv")
    try files.write(heads.joined(separator: "\n"), to: "heads.csv")
    try files.write(pairs.joined(separator: "\n"), to: "pairs.csv")
  }

  private static func description(_ loss: String, units: Int) -> String {
    """
    name: light
    input: [1, 8, 8]
    preprocessing: [toGrayscale, scale]
    layers: [flatten, {name: output, kind: dense, units: \(units)}]
    loss: \(loss)

    """
  }

  private static func folder() throws -> TemporaryFolder {
    let files = try TemporaryFolder()
    try write(to: files, count: 120)
    try files.write(description("multiLabelCrossEntropy", units: 2), to: "labels.yaml")
    try files.write(description("squaredError", units: 1), to: "numbers.yaml")
    try files.write(description("softmaxCrossEntropy", units: 2), to: "classes.yaml")
    return files
  }

  private static func train(_ files: TemporaryFolder, _ network: String) throws -> Program.Result {
    try Program.run(
      "train", files[network + ".yaml"], files["all.csv"], "-o", files[network], "--epochs", "100",
      "--learning-rate", "0.01", "--validation-split", "0.25")
  }

  @Test func severalLabelsAreLearnedJudgedAndFound() throws {
    let files = try Self.folder()
    let training = try Self.train(files, "labels")
    training.expectSuccess()
    #expect(training.errors.contains("90 images with 2 labels: bright "))
    #expect(training.errors.contains("not used by this network: numbers"))
    #expect(training.errors.contains("postprocessing 'labels', which the loss 'multiLabelCrossEntropy' implies"))
    let evaluation = try Program.run("evaluate", files["labels"], files["all.csv"], "--json")
    evaluation.expectSuccess()
    let json = try JSON.read(evaluation.output)
    #expect(json.keys == ["count", "loss", "exactMatch", "meanAveragePrecision", "means", "labels"])
    #expect(try #require(json["meanAveragePrecision"]?.number) > 0.95)
    let table = try Program.run("evaluate", files["labels"], files["all.csv"])
    #expect(table.lines.contains { $0.hasPrefix("mean average precision") })
    #expect(table.lines.contains { $0.hasPrefix("left") })
    let found = try Program.run("classify", files["labels"], files["0.png"], "--format", "jsonl")
    found.expectSuccess()
    #expect(try JSON.read(found.output)["confidence"]?.keys == ["bright", "left"])
  }

  @Test func numbersAreLearnedJudgedAndFound() throws {
    let files = try Self.folder()
    let training = try Self.train(files, "numbers")
    training.expectSuccess()
    #expect(training.errors.contains("validation mean absolute error 0.0"))
    let json = try JSON.read(Program.run("evaluate", files["numbers"], files["all.csv"], "--json").output)
    #expect(json.keys == ["count", "loss", "meanAbsoluteError", "r2", "numbers"])
    #expect(try #require(json["r2"]?.number) > 0.8)
    let found = try Program.run("classify", files["numbers"], files["0.png"])
    found.expectSuccess()
    #expect(found.output.contains("light"))
  }

  @Test func twoOutputsLearnTheTargetsOfTheirNames() throws {
    let files = try Self.folder()
    let layers =
      "layers: [flatten, {name: left, kind: dense, units: 2}, {name: bright, kind: dense, inputs: [flatten1], "
    let description = try files.write(
      """
      name: heads
      input: [1, 8, 8]
      preprocessing: [toGrayscale, scale]
      \(layers)units: 2}]
      outputs: [{layer: left, loss: softmaxCrossEntropy, weight: 0.5}, {layer: bright, loss: softmaxCrossEntropy}]

      """, to: "heads.yaml")
    let training = try Program.run(
      "train", description, files["heads.csv"], "-o", files["heads"], "--epochs", "60", "--batch-size", "8",
      "--learning-rate", "0.01", "--validation-split", "0.25")
    training.expectSuccess()
    #expect(training.errors.contains("validation accuracy of bright ") && training.output.contains("accuracy of left"))
    let json = try JSON.read(Program.run("evaluate", files["heads"], files["heads.csv"], "--json").output)
    #expect(json.keys == ["count", "loss", "outputs"])
    let (left, bright) = (json["outputs"]?["left"], json["outputs"]?["bright"])
    #expect(try #require(left?["accuracy"]?.number) > 0.95)
    #expect(try #require(bright?["accuracy"]?.number) > 0.8)
    let sum = 0.5 * (try #require(left?["loss"]?.number)) + (try #require(bright?["loss"]?.number))
    #expect(abs(try #require(json["loss"]?.number) - sum) < 1e-5)
  }

  @Test func twoInputsTakeThePicturesOfTheirNames() throws {
    let files = try Self.folder()
    let description = try files.write(
      """
      name: pairs
      inputs: [{name: right, shape: [1, 8, 8]}, {name: left, shape: [1, 8, 8]}]
      preprocessing: [toGrayscale, scale]
      layers:
        - {name: a, kind: flatten, inputs: [left]}
        - {name: b, kind: flatten, inputs: [right]}
        - {kind: concatenate, inputs: [a, b]}
        - {name: output, kind: dense, units: 2}
      loss: softmaxCrossEntropy

      """, to: "pairs.yaml")
    try Program.run(
      "train", description, files["pairs.csv"], "-o", files["pairs"], "--epochs", "60", "--batch-size", "8",
      "--learning-rate", "0.01"
    ).expectSuccess()
    let json = try JSON.read(Program.run("evaluate", files["pairs"], files["pairs.csv"], "--json").output)
    #expect(try #require(json["accuracy"]?.number) > 0.85)
    let found = try Program.run("classify", files["pairs"], files["pairs.csv"], "--format", "jsonl", "--top", "1")
    found.expectSuccess()
    #expect(found.lines.count == 119)
    let first = try JSON.read(found.lines[0])
    #expect(
      first["path"]?.text == files["0.png"] + "|" + files["1.png"]
        || first["path"]?.text == files["1.png"] + "|" + files["0.png"])
    let single = try Program.run("classify", files["pairs"], files["0.png"])
    #expect(single.status == 1 && single.errors.contains("must be a CSV file"))
    #expect(single.errors.contains("image:right, image:left"))
    try Program.run("features", files["pairs"], files["0.png"], files["1.png"], "-o", files["drawn"]).expectSuccess()
    #expect(try Program.run("features", files["pairs"], files["0.png"], "-o", files["drawn"]).status == 1)
    // Exchanged, they say the opposite.
    try files.write(
      files.text("pairs.csv").replacing("image:left,image:right", with: "image:right,image:left"), to: "exchanged.csv")
    let exchanged = try JSON.read(Program.run("evaluate", files["pairs"], files["exchanged.csv"], "--json").output)
    #expect(try #require(exchanged["accuracy"]?.number) < 0.15)
  }

  @Test func whatTheLossDoesNotTakeIsSaidBeforeTheFirstStep() throws {
    let files = try Self.folder()
    let result = try Self.train(files, "classes")
    #expect(result.status == 1)
    #expect(
      result.errors.contains(
        "the loss 'softmaxCrossEntropy' takes one class of each example, but \(files["all.csv"]) gives numbers and "
          + "several labels at once; take multiLabelCrossEntropy or squaredError or absoluteError or huber"))
    #expect(!result.errors.contains("epoch") && !files.names.contains("classes"))
  }
}
