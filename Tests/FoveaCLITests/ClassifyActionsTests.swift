import Foundation
import Fovea
import Testing

/// What `fovea classify` does with results besides writing rows: sorting, pictures, thresholds, several models.
@Suite struct ClassifyActionsTests {
  let files: TemporaryFolder

  init() throws {
    files = try TemporaryFolder()
    try files.makeFolder("in")
    for (name, gray) in [("a.png", 51), ("b.png", 255)] as [(String, UInt8)] {
      let image = try Image(width: 2, height: 2, channels: 1, pixels: .bytes(Array(repeating: gray, count: 4)))
      try ImageEncoder.png().write(image, to: files["in/" + name])
    }
    try files.write("no picture", to: "in/c.jpg")
  }

  /// The output is b − 4·mean brightness.
  private func save(
    _ name: String, bias: Float, step: String = "{kind: sigmoid, threshold: 0.4}", labels: [String] = ["day", "night"]
  ) throws {
    let registry = Registry.standard
    var description = try ModelDescription(
      yaml: """
        name: dark
        input: [1, 2, 2]
        preprocessing:
          - kind: toGrayscale
          - kind: scale
        layers:
          - kind: flatten
          - {name: out, kind: dense, units: 1}
        postprocessing:
          - \(step)

        """)
    description.labels = labels
    let model = try Model(
      description, registry: registry,
      tensors: ["out.weight": Tensor([Float](repeating: -1, count: 4), [1, 4]), "out.bias": Tensor([bias], [1])])
    try ModelFile.save(SavedModel(description: description, model: model), registry: registry, to: files[name])
  }

  private func classify(_ arguments: String...) throws -> Program.Result {
    try Program.run(["classify"] + arguments, in: files.path)
  }

  private func below(_ folder: String) -> [String] {
    (FileManager.default.subpaths(atPath: files[folder]) ?? []).filter { $0.contains(".") }.sorted()
  }

  @Test func sortsAndDraws() throws {
    try save("m.safetensors", bias: 1)
    let result = try classify("m.safetensors", "in", "--copy-to", "out", "--save-pictures", "seen")
    #expect(result.status == 2 && result.errors.contains("made 3 copies"))
    #expect(below("out") == ["day/b.png", "night/a.png", "unreadable/unsupported/c.jpg"])
    #expect(below("seen").count == 2 && below("seen").allSatisfy { $0.hasSuffix(".png") })
    let again = try classify("m.safetensors", "in", "--copy-to", "out")
    #expect(again.errors.contains("made 0 copies; 3 had been there already"))
    _ = try classify("m.safetensors", "in", "--link-to", "links")
    #expect(try FileManager.default.destinationOfSymbolicLink(atPath: files["links/night/a.png"]) == "../../in/a.png")
  }

  @Test func foldersAmongTheImagesAreRefused() throws {
    try save("m.safetensors", bias: 1)
    for option in ["--copy-to", "--link-to", "--save-pictures"] {
      try classify("m.safetensors", "in", option, "in/out").expectFailure(saying: "'in/out' lies in 'in'")
    }
    try classify("m.safetensors", "in", "--save-masks", "masks").expectFailure(saying: "masks", "oneClass")
    try classify("m.safetensors", "in", "--copy-to", "a", "--link-to", "b").expectFailure(64, saying: "not both")
    #expect(files.names == ["in", "m.safetensors"])
  }

  /// Its row is whole, and what was asked for is not.
  @Test func whatIsNoFileIsNotSorted() throws {
    try save("m.safetensors", bias: 1)
    let archive = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("../Fixtures/Inputs/ustar.tar").path
    try classify("m.safetensors", archive, "--copy-to", "out").expectFailure(2, saying: "is no file of its own")
  }

  @Test func thresholdsAreOverridden() throws {
    // Confidences in 'night' of e^0.2 and e^−3 to 1: 0.55 and 0.047.
    try save("m.safetensors", bias: 1)
    func labels(_ arguments: String...) throws -> [String?] {
      let result = try Program.run(
        ["classify", "m.safetensors", "in/a.png", "in/b.png", "--format", "jsonl"] + arguments, in: files.path)
      result.expectSuccess()
      if !arguments.isEmpty { #expect(result.errors.contains("the model's own: 0.4")) }
      return try result.lines.map { try JSON.read($0)["label"]?.text }
    }
    #expect(try labels() == ["night", "day"])
    #expect(try labels("--threshold", "0.6") == ["day", "day"])
    #expect(try labels("--threshold", "0.01") == ["night", "night"])
    try classify("m.safetensors", "in", "--threshold", "2").expectFailure(64, saying: "0 to 1")
    try save("n.safetensors", bias: 1, step: "{kind: numbers}", labels: ["x"])
    try classify("n.safetensors", "in", "--threshold", "0.5").expectFailure(saying: "no such step")
  }

  @Test func logitsAreTold() throws {
    try save("m.safetensors", bias: 1)
    let rows = try classify("m.safetensors", "in", "--logits", "--format", "jsonl").lines.map(JSON.read)
    #expect(abs(try #require(rows[0]["logits"]?.elements.first?.number) - 0.2) < 1e-5)
    #expect(rows[2]["logits"] == [])
    let csv = try classify("m.safetensors", "in", "--logits", "--format", "csv").lines
    #expect(csv[0].contains(",logits1"))
    #expect(try classify("m.safetensors", "in", "--logits").lines[0].contains("logits"))
  }

  @Test func nothingIsPutIntoAFolderThatIsWatched() throws {
    try save("m.safetensors", bias: 1)
    for option in ["--copy-to", "--link-to", "--save-pictures"] {
      try Program.run("classify", "m.safetensors", "--watch", "in", option, "in/sorted", in: files.path)
        .expectFailure(saying: "'in/sorted' lies in 'in'")
    }
  }

  @Test func severalModelsJudgeTogether() throws {
    try save("m.safetensors", bias: 1)
    try save("n.safetensors", bias: -2)
    try files.write("models: [m.safetensors, n.safetensors]\naugment: [horizontalFlip]\n", to: "both.yaml")
    let rows = try classify("both.yaml", "in", "--format", "jsonl").lines.map(JSON.read)
    // The mean of 1 / (1 + e^−0.2) and 1 / (1 + e^2.8); above the first model's threshold it is night.
    #expect(rows[0]["label"]?.text == "day")
    let mean = 1 - (0.549834 + 0.0573242) / 2
    #expect(abs(try #require(rows[0]["confidence"]?.number) - mean) < 1e-5)
    try files.write("models: [m.safetensors, n.safetensors]\naverage: logits\n", to: "logits.yaml")
    let logits = try classify("logits.yaml", "in", "--format", "jsonl", "--logits").lines.map(JSON.read)
    #expect(abs(try #require(logits[0]["logits"]?.elements.first?.number) + 1.3) < 1e-5)
    for (folder, name) in [("night", "a.png"), ("day", "b.png")] {
      try files.makeFolder("data/test/" + folder)
      try FileManager.default.copyItem(atPath: files["in/" + name], toPath: files["data/test/\(folder)/\(name)"])
    }
    let evaluation = try Program.run("evaluate", "both.yaml", "data", "--json", in: files.path)
    evaluation.expectSuccess()
    #expect(try JSON.read(evaluation.output)["accuracy"]?.number == 0.5)
    try save("o.safetensors", bias: 1, labels: ["night", "day"])
    try files.write("models: [m.safetensors, o.safetensors]\n", to: "odd.yaml")
    try classify("odd.yaml", "in").expectFailure(saying: "must agree in their labels")
    try files.write("models: [m.safetensors]\naugment: horizontalFlop\n", to: "odd.yaml")
    try classify("odd.yaml", "in").expectFailure(saying: "horizontalFlip")
    try classify("both.yaml", "in", "-o", "n.safetensors").expectFailure(saying: "the same file as the model")
  }

  /// Rows of two models would be mixed.
  @Test func goingOnTakesTheSameModels() throws {
    try save("m.safetensors", bias: 1)
    try save("n.safetensors", bias: -2)
    try files.write("models: [m.safetensors, n.safetensors]\n", to: "both.yaml")
    try files.write("no picture", to: "in/a0.png")
    func begin(_ model: String) throws {
      for name in ["r.csv", "r.csv.progress"] { try? FileManager.default.removeItem(atPath: files[name]) }
      try classify(model, "in", "-o", "r.csv", "--format", "csv", "--fail-fast").expectFailure(2, saying: "stopped at")
    }
    func goOn(_ model: String) throws -> Program.Result {
      try classify(model, "in", "-o", "r.csv", "--format", "csv", "--resume")
    }
    try begin("m.safetensors")
    try save("m.safetensors", bias: 2)
    try goOn("m.safetensors").expectFailure(saying: "the model is another")
    try begin("both.yaml")
    try save("n.safetensors", bias: 3)
    try goOn("both.yaml").expectFailure(saying: "the model is another")
    try save("n.safetensors", bias: -2)
    try files.write("models: [m.safetensors, n.safetensors]\naverage: logits\n", to: "both.yaml")
    try goOn("both.yaml").expectFailure(saying: "the model is another")
    try files.write("models: [m.safetensors, n.safetensors]\n", to: "both.yaml")
    try goOn("both.yaml").expectFailure(2, saying: "2 of 4 images")
  }
}
