import Foundation
import Fovea
import Testing

@Suite struct RunCommandTests {
  private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()
  private static func sample(_ name: String) -> String { root.appending(path: "Samples/ONNX/\(name)").path() }
  private static func fixture(_ name: String) -> String { root.appending(path: "Tests/Fixtures/ONNX/\(name)").path() }

  private func expectScores(_ path: String) throws {
    let (got, expected) = (
      try NumPyArray(path: path).tensor(path: path),
      try NumPyArray(path: Self.sample("scores.npy")).tensor(path: path)
    )
    #expect(got.shape == expected.shape)
    for (a, b) in zip(got.elements(of: Float.self), expected.elements(of: Float.self)) {
      #expect((a - b).magnitude < 1e-5)
    }
  }

  @Test func computesAGraphAndTheModelMadeOfIt() throws {
    let folder = try TemporaryFolder()
    let outputs = folder["outputs"]
    let result = try Program.run(
      "run", Self.sample("small.onnx"), "--input", Self.sample("images.npy"), "-o", outputs, "--json")
    result.expectSuccess()
    let json = try JSON.read(result.output)
    #expect(
      json["outputs"]?.elements == [["name": "scores", "file": "scores.npy", "type": "float32", "shape": [2, 4]]])
    try expectScores(outputs + "/scores.npy")

    let model = folder["small.safetensors"]
    let labels = try folder.write("cat\ndog\n\nfox\nhen\n", to: "classes.txt")
    let imported = try Program.run(
      "import", Self.sample("small.onnx"), "-o", model, "--labels", labels, "--json")
    imported.expectSuccess()
    #expect(try JSON.read(imported.output)["layers"] == 10)
    #expect(try JSON.read(imported.output)["remaining"]?.elements.isEmpty == true)
    let again = try Program.run(
      "run", model, "--input", "image=" + Self.sample("images.npy"), "-o", outputs)
    again.expectSuccess()
    #expect(again.output.contains("scores.npy"))
    try expectScores(outputs + "/scores.npy")
    let summary = try Program.run("summary", model)
    summary.expectSuccess()
    #expect(summary.output.contains("/stem/Conv"))
  }

  @Test func listsWhatIsNotKnown() throws {
    let result = try Program.run("import", Self.fixture("stranger.onnx"), "--check", "--json")
    #expect(result.status == 1)
    let missing = try #require(try JSON.read(result.output)["unsupported"]?.elements.first)
    #expect(missing["kind"] == "com.example::Triple" && missing["count"] == 2)
    let table = try Program.run("import", Self.fixture("stranger.onnx"), "--check")
    #expect(table.output.contains("com.example::Triple") && table.output.contains("thrice, again"))
    try Program.run("import", Self.sample("small.onnx"), "--check").expectSuccess()
  }

  @Test func saysWhatIsWrong() throws {
    let folder = try TemporaryFolder()
    let outputs = folder["outputs"]
    try Program.run("run", Self.sample("small.onnx"), "-o", outputs).expectFailure(
      saying: "input 'image'", "got nothing")
    try Program.run(
      "run", Self.sample("small.onnx"), "--input", Self.sample("images.npy"), "--output", "scoers", "-o", outputs
    ).expectFailure(saying: "has no output 'scoers'; it has scores")
    try Program.run(
      "run", Self.sample("small.onnx"), "--input", Self.sample("images.npy"), "--input", Self.sample("scores.npy"),
      "-o",
      outputs
    ).expectFailure(saying: "one too many")
    try Program.run("run", Self.sample("images.npy"), "-o", outputs).expectFailure(saying: "images.npy")
    try Program.run("import", Self.sample("small.onnx")).expectFailure(64, saying: "either --check or --output")
    try Program.run("import", Self.fixture("stranger.onnx"), "-o", folder["m.safetensors"])
      .expectFailure(saying: "com.example::Triple (2 nodes, first 'thrice')")
    #expect(!FileManager.default.fileExists(atPath: outputs))
  }
}
