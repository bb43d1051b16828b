import Foundation
import FoveaCore
import FoveaModel
import Testing

@Suite struct DescriptionYAMLTests {
  private let text = """
    name: sample  # a comment
    input: [1, 28, 28]
    layers:
      - {name: c1, kind: convolution, filters: 6, kernel: [5, 3], padding: {top: 1, left: 2}}
      - relu
      - name: join
        kind: concatenate
        inputs: [c1, input]
        ratio: 1e-05
        flag: true
        none: ~
    loss: {kind: maximumAPosteriori, j: 0.5}
    preprocessing:
      - toGrayscale
      - {kind: scale, upper: 1.0}
    postprocessing: [{kind: softmax}]
    labels: [no, 7, "010", T-shirt/top, Zoë, "a: b", ~x]
    """

  @Test func aMarkOfTheOrderOfBytesIsNoText() throws {
    #expect(try ModelDescription(yaml: "\u{FEFF}" + text) == ModelDescription(yaml: text))
  }

  @Test func saysWhichKeyMayBeMeant() {
    let error = #expect(throws: DescriptionError.self) {
      try ModelDescription(yaml: "name: m\ninput: [1, 2, 2]\nlayer: [relu]\n")
    }
    #expect(error?.description.contains("needs the key 'layers'; was 'layer' meant to be it?") == true)
  }

  @Test func readsEverything() throws {
    let description = try ModelDescription(yaml: text)
    #expect(
      description
        == ModelDescription(
          name: "sample", input: [1, 28, 28],
          layers: [
            LayerDescription(
              name: "c1", kind: "convolution",
              configuration: ["filters": 6, "kernel": [5, 3], "padding": ["top": 1, "left": 2]]),
            LayerDescription(kind: "relu"),
            LayerDescription(
              name: "join", kind: "concatenate", inputs: ["c1", "input"],
              configuration: ["ratio": 1e-5, "flag": true, "none": .null]),
          ], loss: KindDescription(kind: "maximumAPosteriori", configuration: ["j": 0.5]),
          preprocessing: [
            KindDescription(kind: "toGrayscale"), KindDescription(kind: "scale", configuration: ["upper": 1]),
          ], postprocessing: [KindDescription(kind: "softmax")],
          labels: ["no", "7", "010", "T-shirt/top", "Zoë", "a: b", "~x"]))
  }

  @Test func writesWhatItReadsBack() throws {
    var description = try ModelDescription(yaml: text)
    description.labels? += [
      "yes", "Null", "~", "", " x", "x ", "#1", "a #b", "1e3", "-", "{a}", "\"\\\n\t\u{85}\u{2028}\u{FEFF}\u{7F}😀",
      "0x1F",
      "a, b", "*a", "&a", "!x", "Ankle boot",
    ]
    description.layers.append(
      LayerDescription(
        kind: "long", configuration: ["table": .array((0..<40).map { [.integer($0), .number(Double($0) + 0.1)] })]))
    let written = description.yaml()
    #expect(try ModelDescription(yaml: written) == description)
    #expect(try ModelDescription(yaml: written).yaml() == written)
    #expect(
      written.contains("  - {name: c1, kind: convolution, filters: 6, kernel: [5, 3], padding: {left: 2, top: 1}}\n"))
    #expect(try ModelDescription(description.configurationValue, source: "value") == description)
  }

  @Test(arguments: [
    ("input: [1]\nlayers: []", 1, "a model description needs the key 'name'"),
    ("name: a\ninput: [1]", 1, "a model description needs the key 'layers'"),
    ("name: a\ninput: [1]\nlayers: []\nlayer: []", 4, "a model description has no key 'layer'; did you mean 'layers'?"),
    ("name: a\ninput: 28\nlayers: []", 2, "'input' must be a list, but is 28"),
    ("name: a\ninput: [1, x]\nlayers: []", 2, "but one is the text 'x'"),
    ("name: a\ninput: [1, -2]\nlayers: []", 2, "negative extent"),
    ("name: a\ninput: [4611686018427387904, 4]\nlayers: []", 2, "more elements than memory can address"),
    ("name: 5\ninput: [1]\nlayers: []", 1, "'name' must be a text, but is 5"),
    ("name: a\ninput: [1]\nlayers: {}", 3, "'layers' must be a list, but is a group of keys"),
    ("name: a\ninput: [1]\nlayers:\n  - relu\n  - {name: b}", 5, "a layer needs the key 'kind'"),
    ("name: a\ninput: [1]\nlayers:\n  - [relu]", 4, "a layer must be a group of keys, but is a list"),
    ("name: a\ninput: [1]\nlayers:\n  - kind: add\n    inputs: a", 5, "a layer's 'inputs' must be a list"),
    ("name: a\ninput: [1]\nlayers: []\nloss: 3", 4, "the loss must be a group of keys, but is 3"),
    ("name: a\ninput: [1]\nlayers: []\nlabels: [a, true]", 4, "put it in quotes"),
    ("name: a\ninput: [1]\nlayers:\n  - {kind: dense, units: 010}", 4, "'010' starts with a zero"),
    ("name: a\ninput: [1]\nlayers:\n  - {kind: dense, units: 1e400}", 4, "the number 1e400 is too large"),
    ("name: a\ninput: [1]\nlayers:\n  - {kind: dense, units: .nan}", 4, "'.nan' is no finite number"),
    ("name: a\ninput: [1]\nlayers:\n  - {kind: dense, units: -.INF}", 4, "'-.INF' is no finite number"),
    ("name: a\ninput: [1]\nlayers:\n  - {kind: dense, units: 99999999999999999999}", 4, "does not fit 64 bits"),
    ("name: a\ninput: [1]\nlayers:\n  - {kind: dense, units: !!int 5}", 4, "tags"),
    ("name: a\ninput: [1]\nlayers:\n  - {kind: dense, kind: relu}", 4, "the key 'kind' comes twice"),
    ("name: a\nname: b\ninput: [1]\nlayers: []", 1, "the key 'name' comes twice"),
    ("name: a\n1: b\n\"1\": c", 3, "the key '1' comes twice"), ("name: a\n? [x]\n: b", 2, "a key must be a word"),
    ("name: a\ninput: [1\nlayers: []", 3, "no valid YAML"), ("name: a\n\tinput: [1]", 2, "no valid YAML"),
    ("name: a\nlayers: *b", 2, "undefined alias"), ("- a", 1, "a model description must be a group of keys"),
    ("name: a\u{1}", 1, "no valid YAML: control characters are not allowed"), ("a: b\n---\nc: d", 2, "no valid YAML"),
  ])
  func namesTheLineOfWhatIsWrong(yaml: String, line: Int, problem: String) {
    let error = #expect(throws: DescriptionError.self) { try ModelDescription(yaml: yaml, source: "a.yaml") }
    #expect(error?.line == line, "\(String(describing: error))")
    #expect(error?.problem.contains(problem) == true, "\(String(describing: error))")
    #expect(error?.description.hasPrefix("a.yaml, line \(line): ") == true)
  }

  @Test(arguments: ["", "# nothing", "---"])
  func anEmptyTextIsAnError(yaml: String) {
    #expect(throws: DescriptionError.self) { try ModelDescription(yaml: yaml) }
  }

  @Test func aliasesAreReadAndBombsAreNot() throws {
    let few = """
      name: a
      input: [1]
      layers:
        - &c {kind: dense, units: 5}
        - *c
      """
    let description = try ModelDescription(yaml: few)
    #expect(
      description.layers == Array(repeating: LayerDescription(kind: "dense", configuration: ["units": 5]), count: 2))

    var bomb = "name: a\ninput: [1]\nlayers: []\na0: &a0 [x, x]\n"
    for level in 1...30 { bomb += "a\(level): &a\(level) [*a\(level - 1), *a\(level - 1)]\n" }
    #expect(throws: DescriptionError.self) { try ModelDescription(yaml: bomb) }
    // As a key, an alias would be hashed, and so expanded, before anybody can look at it.
    #expect(throws: DescriptionError.self) { try ModelDescription(yaml: bomb + "? *a30\n: x\n") }
    // As few aliases as are allowed, but of a large list.
    let wide =
      "name: a\ninput: [1]\nlayers: []\na0: &a0 [\(Array(repeating: "x", count: 2000).joined(separator: ","))]\n"
      + "a1: &a1 [*a0, *a0, *a0, *a0, *a0]\na2: &a2 [*a1, *a1, *a1, *a1, *a1]\na3: &a3 [*a2, *a2, *a2, *a2, *a2]\n"
    let error = #expect(throws: DescriptionError.self) { try ModelDescription(yaml: wide) }
    #expect(error?.problem == "the description is too large or nested too deeply")
  }

  @Test func deepNestingAndLongTextAreErrors() {
    for depth in [70, 900, 5000, 100_000] {
      let yaml = "name: a\ninput: [1]\nlayers: " + String(repeating: "[", count: depth)
      #expect(throws: DescriptionError.self) { try ModelDescription(yaml: yaml) }
      #expect(throws: DescriptionError.self) {
        try ModelDescription(yaml: yaml + String(repeating: "]", count: depth))
      }
    }
    let long = "name: a\ninput: [1]\nlayers: []\n#" + String(repeating: "x", count: 1 << 20)
    #expect(throws: DescriptionError.self) { try ModelDescription(yaml: long) }
  }

  /// Every byte of a description replaced by some others: read or refused, never a crash.
  @Test func everyByteReplaced() {
    let bytes = Array(text.utf8)
    var refused = 0
    for index in bytes.indices {
      for value in Array("\u{0}\n:[}\"*!0".utf8) + [0xFF] {
        var damaged = bytes
        damaged[index] = value
        if (try? ModelDescription(yaml: String(decoding: damaged, as: UTF8.self))) == nil { refused += 1 }
      }
    }
    #expect(refused > bytes.count)
  }

  @Test func aFileThatCannotBeReadIsNamed() throws {
    let scratch = try ScratchFolder()
    let missing = #expect(throws: DescriptionError.self) { try ModelDescription(contentsOf: scratch.path("no.yaml")) }
    #expect(missing?.problem.contains("there is no such file") == true)
    try text.write(toFile: scratch.path("a.yaml"), atomically: true, encoding: .utf8)
    #expect(try ModelDescription(contentsOf: scratch.path("a.yaml")) == ModelDescription(yaml: text))
  }
}
