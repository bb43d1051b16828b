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

  @Test func aPipelineMayNameModelsOfOtherPrograms() throws {
    let folder = try TemporaryFolder()
    let exported = folder["digits.onnx"]
    try Program.run("export", Self.digits, "-o", exported).expectSuccess()
    let both = try folder.write("models: [\(Self.digits), digits.onnx]\n", to: "both.yaml")
    let (own, others) = (
      try Program.run("classify", Self.digits, Self.pictures, "--format", "csv"),
      try Program.run("classify", both, Self.pictures, "--format", "csv")
    )
    others.expectSuccess()
    // Means are taken in double precision, so that last digits may differ.
    func labels(_ result: Program.Result) -> [String] {
      result.lines.map { $0.split(separator: ",").prefix(2).joined(separator: ",") }
    }
    #expect(own.lines.count == 21 && labels(own) == labels(others))
    // What the file does not hold may be given here, too.
    let names = try folder.write("cat\ndog\nfox\nhen\n", to: "classes.txt")
    let bare = try folder.write("models: [\(Self.graph)]\n", to: "bare.yaml")
    try Program.run("classify", bare, Self.pictures).expectFailure(saying: "how a picture becomes its input")
    try Program.run("classify", bare, Self.pictures, "--labels", names, "--preprocessing", "keras-tf").expectSuccess()
    let ours = try folder.write("models: [\(Self.digits)]\n", to: "ours.yaml")
    try Program.run("classify", ours, Self.pictures, "--labels", names).expectFailure(saying: "holds it already")
  }

  @Test func isSeenInto() throws {
    let folder = try TemporaryFolder()
    let exported = folder["digits.onnx"]
    try Program.run("export", Self.digits, "-o", exported).expectSuccess()
    let picture = Self.pictures + "/3-1.png"
    let rows = try [Self.digits, exported].map { model in
      let result = try Program.run("explain", model, picture, "-o", folder["explained"], "--json")
      result.expectSuccess()
      return try JSON.read(result.output)
    }
    #expect(rows[1]["label"]?.text == "3" && rows[1]["layer"]?.text == rows[0]["layer"]?.text)
    try Program.run("filters", exported, "-o", folder["filters"], "--most", "1", "--steps", "2").expectSuccess()
    // An index has to know the model again.
    try Program.run("embed", exported, Self.pictures, "-o", folder["all.npy"])
      .expectFailure(saying: "is a file of ONNX", "fovea import")
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
