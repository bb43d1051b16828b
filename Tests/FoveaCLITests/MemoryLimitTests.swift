import Fovea
import Testing

/// What somebody wants and the machine has no memory for. Address space is limited here; what a small machine has ends in
/// the same place.
@Suite(.timeLimit(.minutes(5))) struct MemoryLimitTests {
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
