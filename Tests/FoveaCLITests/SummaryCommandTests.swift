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
          "connections": 7840, "receptiveField": [3, 3],
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

  @Test func saysHowMuchMemoryTensorsTake() throws {
    let files = try TemporaryFolder()
    let path = try files.write(
      """
      name: wide
      input: [16, 50, 50]
      layers:
        - {name: a, kind: convolution, filters: 20, kernel: 3, groups: 4, padding: same}
        - {name: b, kind: batchNormalization}
        - {name: c, kind: sigmoid}
        - {name: d, kind: averagePooling, window: 2}
      """, to: "net.yaml")
    let result = try Program.run("summary", path, "--memory", "--batch-size", "10")
    result.expectSuccess()
    // The input, and a's output with that of d: (16 + 20) · 50 · 50 + 20 · 25 · 25 floats of 4 bytes, ten times.
    let words = "tensors between the layers take 4.100 MB at most, with 10 images at once, in d"
    #expect(result.lines.contains(words))
    let json = try JSON.read(Program.run("summary", path, "--memory", "--json").output)
    #expect(json["memory"] == ["batchSize": 1, "bytes": 410_000, "step": "d"])
    #expect(try JSON.read(Program.run("summary", path, "--json").output)["memory"] == nil)
    try Program.run("summary", path, "--memory", "--batch-size", "0").expectFailure(64, saying: "--batch-size")
    try Program.run("summary", path, "--batch-size", "2").expectFailure(64, saying: "--memory")
  }

  @Test func saysWhatIsWrong() throws {
    try Program.run("summary", "lenette").expectFailure(saying: "did you mean 'lenet'")
    try Program.run("summary", "none.safetensors").expectFailure(saying: "none.safetensors")
    try Program.run("summary", "none.yaml").expectFailure(saying: "none.yaml")
    try Program.run("summary").expectFailure(64, saying: "Usage")
  }

  /// What a network alone would not tell: its steps and its loss are made as well.
  @Test(arguments: [
    (
      "- kind: scale", "- {kind: resize, width: 9, height: 9, interpolation: bicubic}",
      "nearest, bilinear, area, bilinearAntialiased, bicubicAntialiased or lanczos, but is 'bicubic'"
    ),
    ("- kind: scale", "- kind: sclae", "did you mean 'scale'?"),
    ("- kind: scale", "- kind: dropout", "one of the layers, which belong under 'layers' in a network's description"),
    ("loss: {kind: softmaxCrossEntropy}", "loss: {kind: maximumAPosteriori, j: far}", "'j' must be a number"),
    ("- kind: softmax", "- {kind: rejectBelow, confidence: high}", "'confidence' must be a number"),
    (
      "kernel: 3", "kernel: 3, initialization: kaiming",
      "glorotUniform, glorotNormal, heUniform, heNormal, fanIn or zeros"
    ),
    ("{kind: relu}", "{kind: swish}", "--plugin"),
  ]) func seesWhatIsWrongInEachPart(_ right: String, _ wrong: String, _ words: String) throws {
    let files = try TemporaryFolder()
    #expect(Stripes.description.contains(right))
    let path = try files.write(Stripes.description.replacing(right, with: wrong), to: "net.yaml")
    try Program.run("summary", path).expectFailure(saying: words)
    try Program.run("train", path, "no-data", "-o", files["m"]).expectFailure(saying: words)
  }

  @Test func staysReadableOnANarrowTerminal() throws {
    let terminal = try Terminal()
    let program = try Program.start(
      ["summary", "lenet"], environment: ["COLUMNS": "40"], standardOutput: terminal.handle)
    program.finish().expectSuccess()
    let lines = terminal.readAll().split(whereSeparator: \.isNewline)
    #expect(lines.allSatisfy { $0.count <= 40 })
    #expect(lines.joined().contains("44,426"))
    // What is no terminal may be of any width.
    let whole = try Program.start(["summary", "lenet"], environment: ["COLUMNS": "40"]).finish()
    #expect(whole.lines.contains { $0.count > 60 })
  }
}
