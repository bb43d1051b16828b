import Foundation
import Fovea
import Testing

@Suite struct QuantizeCommandTests {
  @Test func writesAModelInBytes() throws {
    let stripes = try TrainedStripes.get()
    let files = try TemporaryFolder()
    let arguments = [
      "quantize", stripes.model, "--calibration", stripes.data, "-o", files["m"], "--keep", "none", "--force",
      "--batch-size", "4",
    ]
    let result = try Program.run(arguments)
    result.expectSuccess()
    #expect(result.lines.contains { $0.hasPrefix("accuracy") && $0.hasSuffix(" %") })
    #expect(result.lines.contains { $0.hasPrefix("images/s") } && result.lines.contains { $0.hasPrefix("file") })
    #expect(result.lines.contains("2 layers in int8"))
    let saved = try ModelFile.load(files["m"], registry: .standard)
    #expect(saved.model.precision == .int8 && saved.training?.notes?["quantized"]?.contains("2 layers") == true)
    // It is used so by itself, and in floats where somebody asks for it.
    let usual = try Program.run("evaluate", files["m"], stripes.data)
    usual.expectSuccess()
    #expect(usual.errors.contains("int8"))
    let floats = try Program.run("evaluate", files["m"], stripes.data, "--precision", "float32")
    let exact = try Program.run("evaluate", stripes.model, stripes.data)
    func accuracy(_ result: Program.Result) throws -> Double {
      let line = try #require(result.lines.first { $0.hasPrefix("accuracy") })
      return try #require(Double(line.split(separator: " ")[1]))
    }
    #expect(try abs(accuracy(usual) - accuracy(exact)) < 5 && abs(accuracy(floats) - accuracy(exact)) < 5)
    try Program.run("classify", files["m"], stripes.pictures).expectSuccess()
  }

  @Test func judgesWithoutLabels() throws {
    let stripes = try TrainedStripes.get()
    let files = try TemporaryFolder()
    let folder = stripes.pictures + "/across"
    let result = try Program.run(
      "quantize", stripes.model, "--calibration", folder, "-o", files["m"], "--keep", "c1", "--force", "--json")
    result.expectSuccess()
    let json = try JSON.read(result.output)
    #expect(json["images"] == 4 && json["decisive"] == "agreement" && json["refused"] == .null)
    #expect(json.keys.isSuperset(of: ["before", "after", "bytes", "imagesPerSecond", "layers", "kept", "lost"]))
  }

  @Test func refuses() throws {
    let stripes = try TrainedStripes.get()
    let files = try TemporaryFolder()
    let start = ["quantize", stripes.model, "--calibration", stripes.data, "-o", files["m"]]
    try Program.run(start + ["--keep", "c9"]).expectFailure(64, saying: "c9")
    try Program.run(start + ["--tolerance", "-1"]).expectFailure(64, saying: "--tolerance")
    // The first layer and the last are all that there is.
    try Program.run(start).expectFailure(saying: "no layer that could multiply bytes")
    try Program.run("quantize", stripes.model, "--calibration", stripes.data, "-o", stripes.model)
      .expectFailure(saying: "the same file")
    try Program.run("train", stripes.description, stripes.data, "-o", files["m"], "--precision", "int8")
      .expectFailure(64, saying: "fovea quantize")
    try Program.run("evaluate", stripes.model, stripes.data, "--precision", "int8").expectFailure(saying: "quantized")
    #expect(files.names.isEmpty)
  }
}
