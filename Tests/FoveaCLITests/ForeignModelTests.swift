import Foundation
import Fovea
import Testing

/// Models of other programs where our own may stand, and ours as files for others.
@Suite struct ForeignModelTests {
  private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()
  private static let graph = root.appending(path: "Samples/ONNX/small.onnx").path()
  private static let digits = root.appending(path: "Samples/Models/digits.safetensors").path()
  private static let pictures = root.appending(path: "Samples/Images/digits").path()

  @Test func whatTheFileDoesNotHoldMustBeGiven() throws {
    let folder = try TemporaryFolder()
    try Program.run("classify", Self.graph, Self.pictures).expectFailure(
      saying: "how a picture becomes its input", "what its outputs stand for",
      "--preprocessing imagenet-torchvision --labels classes.txt")
    let labels = try folder.write("cat\ndog\nfox\nhen\n", to: "classes.txt")
    try Program.run("classify", Self.graph, Self.pictures, "--labels", labels).expectFailure(
      saying: "give --preprocessing,")
    try Program.run(
      "classify", Self.graph, Self.pictures, "--labels", labels, "--preprocessing", "keras-tff"
    ).expectFailure(saying: "did you mean 'keras-tf'")
    try Program.run("classify", Self.digits, Self.pictures, "--labels", labels).expectFailure(
      saying: "holds it already")
    // What a network does with pictures is not asked of one that is only listed.
    try Program.run("summary", Self.graph).expectSuccess()
    let found = try Program.run(
      "classify", Self.graph, Self.pictures, "--labels", labels, "--preprocessing", "keras-tf", "--format", "csv")
    found.expectSuccess()
    #expect(found.output.contains("label") && found.errors.contains("--postprocessing softmax"))
  }

  @Test func anExportedModelIsTheSame() throws {
    let folder = try TemporaryFolder()
    let (first, again, model) = (folder["first.onnx"], folder["again.onnx"], folder["again.safetensors"])
    let exported = try Program.run("export", Self.digits, "-o", first, "--json")
    exported.expectSuccess()
    #expect(try JSON.read(exported.output)["embedsTest"] == true)
    let imported = try Program.run("import", first, "-o", model, "--json")
    imported.expectSuccess()
    #expect(try JSON.read(imported.output)["remaining"]?.elements.isEmpty == true)
    try Program.run("export", model, "-o", again).expectSuccess()
    #expect(try Data(contentsOf: URL(filePath: first)) == Data(contentsOf: URL(filePath: again)))
    // All that is needed is in the file.
    let (own, others) = (
      try Program.run("classify", Self.digits, Self.pictures, "--format", "csv"),
      try Program.run("classify", first, Self.pictures, "--format", "csv")
    )
    others.expectSuccess()
    #expect(own.output == others.output)
  }

  @Test func saysWhatCannotBeExported() throws {
    let folder = try TemporaryFolder()
    try Program.run("export", Self.digits, "-o", folder["digits.txt"]).expectFailure(64, saying: "must end with .onnx")
    try Program.run("export", Self.digits, "-o", folder["digits.onnx"], "--opset", "7").expectFailure(
      64, saying: "--opset must be 13 to 22")
    try Program.run("import", Self.digits, "--architecture", "resnet18", "-o", folder["model.safetensors"])
      .expectFailure(64, saying: "--architecture and --names go together")
    try Program.run(
      "import", Self.digits, "--architecture", "lenet", "--names", "torchvision", "-o", folder["model.safetensors"]
    ).expectFailure(saying: "by the names of 'torchvision'", "is missing", "belongs to no layer")
  }
}
