import Fovea
import Testing

/// What somebody wants and the machine has no memory for. Address space is limited here; what a small machine has ends in
/// the same place. One after the other: each takes nearly as much as it may.
@Suite(.serialized, .timeLimit(.minutes(5))) struct MemoryLimitTests {
  let files: TemporaryFolder

  init() throws { files = try TemporaryFolder() }

  /// With so many megabytes.
  private func run(_ arguments: String..., limit: Int) throws -> Program.Result {
    try Program.start(arguments, in: files.path, limit: "-v \(limit * 1000)").finish()
  }

  @Test(arguments: ["summary", "profile", "train"]) func moreWeightsThanMemory(command: String) throws {
    // 64 MB each, 4 GB together.
    let layer = "  - {kind: dense, units: 4000}\n"
    try files.write(
      "name: many\ninput: [1, 1, 4000]\nlayers:\n  - kind: flatten\n" + String(repeating: layer, count: 64),
      to: "many.yaml")
    try Stripes.writeFolders(to: files["data"], count: 2)
    let result =
      try command == "train"
      ? run(command, "many.yaml", "data", "-o", "many.safetensors", limit: 3000)
      : run(command, "many.yaml", limit: 3000)
    result.expectFailure(saying: "there is no memory for model 'many'", "its weights alone take 4097 MB")
  }

  /// 256 MB of weights, which are there; the optimizer, their means and the best ones take four times as much.
  @Test func moreThanTrainingLeaves() throws {
    let layers = String(repeating: "  - {kind: dense, units: 4000}\n  - {kind: relu}\n", count: 4)
    try files.write(
      """
      name: wide
      input: [1, 1, 4000]
      preprocessing: [toGrayscale, {kind: resize, width: 4000, height: 1}, scale]
      layers:
        - {kind: flatten}
      \(layers)  - {kind: dense, units: 3}
      loss: {kind: softmaxCrossEntropy}

      """, to: "wide.yaml")
    try files.write("epochs: 2\nbatchSize: 2\naveraging: {decay: 0.9}\nrestoresBest: true\n", to: "recipe.yaml")
    try Stripes.writeFolders(to: files["data"], count: 2)
    let arguments = ["train", "wide.yaml", "data", "-o", "wide.safetensors", "--recipe", "recipe.yaml"]
    try Program.start(arguments, in: files.path, limit: "-v 1200000").finish()
      .expectFailure(
        saying: "there is no memory to train model 'wide': besides its weights, their gradients, what the optimizer "
          + "remembers and other copies take 102", "an optimizer that remembers less, such as sgd")
    #expect(!files.names.contains("wide.safetensors"))
  }

  /// For which a picture is enlarged: 75 MB of bytes, 300 MB of floats.
  private static let enlarged = large.replacing("9000", with: "5000").replacing("3000", with: "1000")

  /// Several batches lie in memory in turn.
  @Test func moreBatchesThanMemory() throws {
    try files.write(Self.enlarged, to: "large.yaml")
    try run("profile", "large.yaml", "--batch-size", "1", "--seconds", "0", limit: 1200)
      .expectFailure(saying: "there is no memory for 4 examples at once: their tensors take 1200 MB or more")
  }

  /// What the network puts out for it is there; what a method makes of it is not.
  @Test(arguments: [1150, 1400]) func moreChangedInputsThanMemory(limit: Int) throws {
    try Stripes.writeFolders(to: files["data"], count: 1)
    let registry = Registry.standard
    let description = try ModelDescription(yaml: Self.enlarged)
    let model = try Model(description, registry: registry, seed: 1)
    try ModelFile.save(SavedModel(description: description, model: model), registry: registry, to: files["large"])
    let result = try run(
      "explain", "large", "data/down/0.png", "-o", "out", "--method", "occlusion", "--json", limit: limit)
    #expect(!result.wasKilled && result.lines.count == 1, "\(result.errors)")
    #expect(result.output.contains("memory"), "\(result.output)")
  }

  /// For which a picture is enlarged: 0.2 GB of bytes, 1 GB of floats.
  private static let large = """
    name: large
    input: [3, 9000, 9000]
    preprocessing:
      - {kind: toRGB}
      - {kind: resize, width: 9000, height: 9000}
    layers:
      - {kind: maximumPooling, window: 3000}
      - {kind: flatten}
      - {kind: dense, units: 3}
    loss: {kind: softmaxCrossEntropy}

    """

  @Test func largerBatchesThanMemory() throws {
    try Stripes.writeFolders(to: files["data"], count: 2)
    try files.write(Self.large, to: "large.yaml")
    try run("train", "large.yaml", "data", "-o", "large.safetensors", "--batch-size", "2", limit: 1200)
      .expectFailure(saying: "there is no memory for 2 examples")
  }

  /// Each gets its row.
  @Test func largerPicturesThanMemory() throws {
    try Stripes.writeFolders(to: files["data"], count: 1)
    let registry = Registry.standard
    let description = try ModelDescription(yaml: Self.large)
    let model = try Model(description, registry: registry, seed: 1)
    try ModelFile.save(SavedModel(description: description, model: model), registry: registry, to: files["large"])
    let result = try run("classify", "large", "data", "--format", "csv", limit: 1000)
    result.expectFailure(2, saying: "3 of 3 images")
    #expect(
      result.lines.count == 4 && result.lines.dropFirst().allSatisfy { $0.contains("memory") }, "\(result.output)")
  }
}
