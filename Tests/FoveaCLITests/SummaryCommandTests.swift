import Fovea
import Testing

@Suite struct SummaryCommandTests {
  @Test func countsLayerByLayerAsJSON() throws {
    let stripes = try TrainedStripes.get()
    for source in [stripes.description, stripes.model] {
      let result = try Program.run("summary", source, "--json")
      result.expectSuccess()
      let json = try JSON.read(result.output)
      #expect(json.keys == ["layers", "parameters", "trainable", "connections"])
      let layers = try #require(json["layers"]).elements
      #expect(
        layers[0] == [
          "name": "c1", "kind": "convolution", "outputShape": [4, 14, 14], "parameters": 40, "trainable": 40,
          "connections": 7840,
        ])
      #expect(layers.map { $0["kind"]?.text } == ["convolution", "relu", "maximumPooling", "flatten", "dense"])
      // 4 × (9 + 1), and 3 × (4·7·7 + 1).
      #expect(json["parameters"] == 631 && json["trainable"] == 631)
    }
  }

  @Test(arguments: Architecture.all.map(\.name)) func knowsEveryArchitecture(_ name: String) throws {
    let result = try Program.run("summary", name)
    result.expectSuccess()
    #expect(result.output.hasPrefix(name))
    #expect(result.lines.last?.hasPrefix("sum") == true)
  }

  @Test func lenetIsThatOfTheTutorial() throws {
    let json = try JSON.read(Program.run("summary", "lenet", "--json").output)
    let shapes = try #require(json["layers"]).elements.map { $0["outputShape"]?.elements.compactMap(\.number) ?? [] }
    #expect(shapes.contains([6, 24, 24]) || shapes.contains([6, 28, 28]))
    #expect(shapes.last == [10])
  }

  @Test func saysWhatIsWrong() throws {
    try Program.run("summary", "lenette").expectFailure(saying: "did you mean 'lenet'")
    try Program.run("summary", "none.safetensors").expectFailure(saying: "none.safetensors")
    try Program.run("summary", "none.yaml").expectFailure(saying: "none.yaml")
    try Program.run("summary").expectFailure(64, saying: "Usage")
  }
}
