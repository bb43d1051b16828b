import Foundation
import Fovea
import Testing

@Suite struct ReportCommandTests {
  @Test func writesOnePageWithAllFigures() throws {
    let stripes = try TrainedStripes.get()
    let files = try TemporaryFolder()
    let result = try Program.run(
      "report", stripes.model, stripes.data, "-o", files["page.html"], "--metrics", stripes.metrics)
    result.expectSuccess()
    #expect(
      result.lines.contains { $0.hasPrefix("accuracy") } && result.lines.contains { $0.hasPrefix("calibration error") })
    let page = files.text("page.html")
    let sections = ["curves", "classes", "thresholds", "calibration", "features", "recipe"]
    for section in sections { #expect(page.contains("<section id=\"\(section)\">"), "\(section)") }
    // The command that makes it again, and the one that trains.
    #expect(page.contains("fovea report \(stripes.model) \(stripes.data) -o"))
    #expect(page.contains("fovea train network.yaml idx -o model.safetensors --recipe recipe.yaml --seed 3"))
    #expect(!page.contains("<script"))
  }

  /// What the page shows as the recipe can be trained by.
  @Test func theRecipeOfThePageIsOne() throws {
    let stripes = try TrainedStripes.get()
    let saved = try ModelFile.load(stripes.model, registry: .standard)
    let files = try TemporaryFolder()
    try files.write(#require(saved.training?.recipeYAML), to: "recipe.yaml")
    let recipe = try Recipe(contentsOf: files["recipe.yaml"])
    #expect(recipe.epochs == 6 && recipe.batchSize == 16)
    #expect(try recipe.completed(in: .standard).optimizer.configuration["learningRate"] == .number(0.01))
  }

  @Test func refusesWhatItCannotWriteOrRead() throws {
    let stripes = try TrainedStripes.get()
    let files = try TemporaryFolder()
    try Program.run("report", stripes.model, stripes.data, "-o", stripes.model).expectFailure(saying: "the same file")
    try Program.run("report", stripes.model, stripes.data, "-o", files["no/where.html"]).expectFailure(
      saying: "where.html")
    try files.write("{}\n", to: "metrics.jsonl")
    try Program.run("report", stripes.model, stripes.data, "-o", files["p"], "--metrics", files["metrics.jsonl"])
      .expectFailure(saying: "line 1 holds no figures of a pass")
    #expect(files.names == ["metrics.jsonl"])
  }

  /// One output for two classes, of which the second is rare.
  private func writeBinary(to files: TemporaryFolder) throws -> String {
    try Stripes.writeFolders(to: files["data/train"], count: 60)
    try Stripes.writeFolders(to: files["data/validation"], count: 60, seed: 500)
    for part in ["train", "validation"] {
      try FileManager.default.removeItem(atPath: files["data/\(part)/none"])
    }
    let yaml = Stripes.description.replacing("units: 3", with: "units: 1")
      .replacing("softmaxCrossEntropy", with: "binaryCrossEntropy").replacing(
        "  - kind: softmax\n", with: "  - kind: sigmoid\n")
    return try files.write(yaml, to: "binary.yaml")
  }

  @Test func trainingLearnsTemperatureAndThreshold() throws {
    let files = try TemporaryFolder()
    let description = try writeBinary(to: files)
    let train = [
      "train", description, files["data"], "-o", files["model"], "--epochs", "1", "--batch-size", "16", "--report",
      files["page.html"],
    ]
    let result = try Program.run(train)
    result.expectSuccess()
    #expect(result.lines.contains { $0.hasPrefix("threshold") && $0.contains("of 120 images") })
    let summary = try Program.run("summary", files["model"])
    #expect(summary.output.contains("in 'down' on, the decision is 'down'; below, it is 'across'."))
    let page = files.text("page.html")
    #expect(
      page.contains("fovea train") && page.contains("<section id=\"curves\">") && page.contains("the decision is"))
    try Program.run(train + ["--threshold", "0.25", "--calibration", "none"]).expectSuccess()
    let saved = try ModelFile.load(files["model"], registry: .standard)
    #expect(
      saved.description.postprocessing == [KindDescription(kind: "sigmoid", configuration: ["threshold": 0.25])])
  }

  @Test func calibrateWritesAnotherModelWithTheSameWeights() throws {
    let files = try TemporaryFolder()
    let description = try writeBinary(to: files)
    try Program.run(
      "train", description, files["data"], "-o", files["model"], "--epochs", "1", "--threshold", "0.5", "--calibration",
      "none"
    ).expectSuccess()
    let before = try files.bytes("model")
    let result = try Program.run(
      "calibrate", files["model"], files["data/validation"], "-o", files["other"], "--threshold", "0.875")
    result.expectSuccess()
    #expect(result.lines.contains { $0.hasPrefix("threshold") && $0.hasSuffix("0.875, as given") })
    #expect(try files.bytes("model") == before)
    let (first, second) = (
      try ModelFile.load(files["model"], registry: .standard), try ModelFile.load(files["other"], registry: .standard)
    )
    #expect(second.description.postprocessing.last?.configuration["threshold"] == 0.875)
    #expect(
      first.model.namedParameters.map { $0.tensor.elements } == second.model.namedParameters.map { $0.tensor.elements })
    // Every picture of the rarer decision is one of the more frequent one, too.
    func decided(_ model: String) throws -> Int {
      try Program.run("classify", files[model], files["data/validation"], "--format", "csv").lines
        .count { $0.contains(",ok,down,") }
    }
    #expect(try decided("other") <= decided("model"))
    try Program.run("calibrate", files["model"], files["data/validation"], "-o", files["model"])
      .expectFailure(saying: "the same file")
    try Program.run("calibrate", files["model"], files["data/validation"], "-o", files["x"], "--threshold", "2")
      .expectFailure(64, saying: "threshold")
  }
}
