import Foundation
import Fovea
import Testing

/// Networks that learn labels and numbers from a CSV file.
@Suite struct TargetCommandTests {
  /// Gray pictures: how bright they are, whether that is more than half, and whether their left half is the brighter one.
  private static func write(to files: TemporaryFolder, count: Int) throws {
    var random = SeededRandom(seed: 5)
    var lines = ["path,number:light,label:bright,label:left"]
    for index in 0..<count {
      let (light, step) = (random.uniform(in: 0.2...0.8), random.uniform() < 0.5 ? Float(0.15) : -0.15)
      let bytes = (0..<64).map { UInt8(255 * (light + ($0 % 8 < 4 ? step : -step))) }
      let image = try Image(width: 8, height: 8, channels: 1, pixels: .bytes(bytes))
      try ImageEncoder.png().write(image, to: files["\(index).png"])
      lines.append("\(index).png,\(light),\(light > 0.5 ? 1 : 0),\(step > 0 ? 1 : 0)")
    }
    try files.write(lines.joined(separator: "\n"), to: "all.csv")
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
    #expect(training.errors.contains("90 images with 1 number (numbers): light 0.2"))
    #expect(training.errors.contains("; with 2 labels (labels): bright "))
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
