import FoveaCore
import FoveaLayers
import FoveaModel
import Testing

/// Blocks of layers in a description, in YAML and in Swift.
@Suite struct DescriptionBlockTests {
  private func read(_ blocks: String, _ layers: String, outputs: String = "") throws -> ModelDescription {
    try ModelDescription(
      yaml: """
        name: blocks
        input: [3, 8, 8]
        blocks:
        \(blocks)
        layers:
        \(layers)
        \(outputs)
        """, source: "net.yaml")
  }

  private func problem(_ blocks: String, _ layers: String) -> String {
    do {
      let description = try read(blocks, layers)
      return "read: \(description.layers.map { $0.name ?? $0.kind })"
    } catch { return "\(error)" }
  }

  private let residual = """
      residual:
        parameters: [filters, {kernel: 3, padding: same}]
        layers:
          - {name: first, kind: convolution, filters: $filters, kernel: $kernel, padding: $padding}
          - relu
          - {name: second, kind: convolution, filters: $filters * 1, kernel: $kernel, padding: $padding}
          - {kind: add, inputs: [second, $input]}
          - relu
    """

  @Test func aBlockIsRepeatedUnderNumberedNames() throws {
    let description = try read(
      residual,
      """
        - {name: stem, kind: convolution, filters: 4, kernel: 1}
        - {name: body, block: residual, repeat: 2, filters: 4}
        - {name: again, block: residual, inputs: [stem], filters: 4, kernel: [3, 1]}
        - {kind: add, inputs: [body, again]}
      """)
    #expect(
      description.layers.map(\.name) == [
        "stem", "body.0.first", "body.0.relu1", "body.0.second", "body.0.add1", "body.0.relu2", "body.1.first",
        "body.1.relu1", "body.1.second", "body.1.add1", "body.1.relu2", "again.first", "again.relu1", "again.second",
        "again.add1", "again.relu2", nil,
      ])
    #expect(description.layers[4].inputs == ["body.0.second", "stem"])
    #expect(description.layers[6].inputs == nil)
    #expect(description.layers[9].inputs == ["body.1.second", "body.0.relu2"])
    #expect(description.layers[11].inputs == ["stem"])
    #expect(description.layers[14].inputs == ["again.second", "stem"])
    #expect(description.layers[16].inputs == ["body.1.relu2", "again.relu2"])
    #expect(description.layers[1].configuration["padding"] == "same")
    #expect(description.layers[11].configuration["kernel"] == [3, 1])
    // What is written down again has no blocks, and is the same.
    #expect(try ModelDescription(yaml: description.yaml()) == description)
    var registry = Registry()
    try BuiltinLayers.register(in: &registry)
    #expect(try Model(description, registry: registry, seed: 1).outputShape == [4, 8, 8])
  }

  @Test func theFirstRepetitionMayBeAnother() throws {
    let description = try read(
      """
        narrow:
          parameters: [filters, stride]
          layers:
            - {name: c, kind: convolution, filters: $filters, kernel: 1, stride: $stride}
        wide:
          parameters: [filters, {factor: 6}]
          layers:
            - {block: narrow, filters: $filters * $factor, stride: 1}
            - {name: d, kind: convolution, inputs: [c], filters: $filters / 2, kernel: 1}
      """,
      """
        - {name: s, block: wide, repeat: 2, filters: 4, first: {block: narrow, stride: 2}}
      """, outputs: "outputs: [s]")
    #expect(description.layers.map(\.name) == ["s.0.c", "s.1.c", "s.1.d"])
    #expect(description.layers.map { $0.configuration["filters"] } == [4, 24, 2])
    #expect(description.layers[0].configuration["stride"] == 2)
    #expect(description.layers[2].inputs == ["s.1.c"])
    #expect(description.output.layer == "s.1.d")
  }

  @Test func withoutANameTheLayersKeepTheirs() throws {
    let description = try read(
      """
        pair:
          layers:
            - {name: c, kind: convolution, filters: 2, kernel: 1}
            - relu
      """,
      """
        - block: pair
        - {name: d, kind: convolution, inputs: [c], filters: 2, kernel: 1}
      """)
    #expect(description.layers.map(\.name) == ["c", nil, "d"])
  }

  @Test func mistakesAreNamed() {
    let stem = "  - {name: stem, kind: convolution, filters: 4, kernel: 1}\n"
    for (layers, expected) in [
      (
        "  - {name: a, block: residal, filters: 4}",
        "there is no block 'residal' under 'blocks'; did you mean 'residual'?"
      ),
      ("  - {name: a, block: residual}", "the block 'residual' needs the parameter 'filters'"),
      (
        "  - {name: a, block: residual, filters: 4, kernal: 5}",
        "the block 'residual' has no parameter 'kernal'; did you mean 'kernel'?"
      ),
      (
        "  - {name: a, block: residual, filters: {x: 1}}",
        "the parameter 'filters' of the block 'residual' must be a number, a text, true or false, or a list of at most 16 such"
      ),
      (
        "  - {name: a, block: residual, filters: many}",
        "the block 'residual': '$filters * 1' needs whole numbers, but has the text 'many' and 1"
      ),
      ("  - {name: a, block: residual, filters: 4, repeat: 0}", "'repeat' must be a whole number from 1 to 10000"),
      ("  - {block: residual, filters: 4, repeat: 2}", "what is repeated needs a 'name'"),
      ("  - {name: a, block: residual, filters: 4, first: {kernel: 1}}", "'first' is for what is repeated"),
      ("  - {name: a, block: residual, filters: 4, inputs: [stem, stem]}", "a block takes one input"),
      (
        "  - relu\n  - {name: a, block: residual, filters: 4}",
        "names its input, '$input', but the layer before it has no"
      ),
      ("  - relu", "nothing uses the block 'residual'"),
      (
        "  - {name: \(String(repeating: "n", count: 300)), block: residual, filters: 4, repeat: 10000}",
        "the 'name' of a use of a block must have at most 256 bytes, but has 300"
      ),
      (
        "  - {name: \(String(repeating: "n", count: 254)), block: residual, filters: 4}",
        "a layer's full name must have at most 256 bytes, but has"
      ),
      ("  - {name: a, block: residual, filters: 4, repeat: 2001}", "there are more than 10000 layers"),
    ] {
      let problem = problem(residual, stem + layers)
      #expect(problem.contains(expected), "\(problem)")
    }
    for (block, expected) in [
      ("{layers: []}", "the block 'b' has no layers"),
      ("{}", "the block 'b' needs the key 'layers'"),
      ("{layers: [relu], inputs: []}", "the block 'b' has no key 'inputs'"),
      ("{parameters: [size], layers: [relu]}", "the block 'b': nothing uses the parameter 'size'; write '$size'"),
      ("{parameters: [block], layers: [$block]}", "a parameter cannot be named 'block'"),
      ("{parameters: [a, {a: 1}], layers: [$a]}", "the block 'b' has the parameter 'a' twice"),
      ("{parameters: [kind], layers: [$kind, $kin]}", "the block 'b' has no parameter 'kin'; did you mean '$kind'?"),
      ("{parameters: [kind], layers: [$kind * x y]}", "must be '$name', '$name * number' or '$name / number'"),
      ("{layers: [{kind: dropout, rate: $rate}]}", "the block 'b' has no parameter 'rate'"),
      (
        "{layers: [{name: c, kind: relu}, {kind: add, inputs: [d, c]}]}", "no layer before it in the block is named 'd'"
      ),
      ("{layers: [{block: b}]}", "the block 'b' stands in itself"),
    ] {
      let problem = problem("  b: \(block)", "  - {name: a, block: b, \(block.contains("[kind]") ? "kind: relu" : "")}")
      #expect(problem.contains(expected), "\(problem)")
    }
    let odd = problem(
      "  b: {parameters: [n], layers: [{kind: dense, units: $n / 2}]}", "  - {name: a, block: b, n: 7}")
    #expect(odd.contains("net.yaml, line 4: the block 'b': '$n / 2', with 7 and 2, is no whole number that fits"))
  }

  /// Blocks in blocks cannot grow without bound.
  @Test func whatMultipliesIsStopped() {
    let blocks = (0..<6).map { level in
      let inner = level == 5 ? "relu" : "{name: x, block: b\(level + 1), repeat: 10}"
      return "  b\(level): {layers: [\(inner)]}"
    }.joined(separator: "\n")
    #expect(problem(blocks, "  - {name: a, block: b0, repeat: 10}").contains("more than 10000 layers"))
    let table = "[\(Array(repeating: "1", count: 30_000).joined(separator: ", "))]"
    #expect(
      problem("  b: {layers: [{kind: relu, x: \(table)}]}", "  - {name: a, block: b, repeat: 1000}")
        .contains("the block 'b' is too large to be used so often"))
  }

  @Test func swiftHasTheSameBlocks() throws {
    func residual(_ name: String, kernel: Extent = 3) -> [LayerDescription] {
      LayerDescription.block(name) {
        Convolution.layer("first", filters: 4, kernel: kernel) { $0.padding = .same }
        Relu.layer()
        Convolution.layer("second", filters: 4, kernel: kernel) { $0.padding = .same }
        Add.layer(inputs: ["second", LayerDescription.blockInput])
        Relu.layer()
      }
    }
    let swift = ModelDescription("blocks", input: [3, 8, 8]) {
      Convolution.layer("stem", filters: 4, kernel: 1)
      for index in 0..<2 { residual("body.\(index)") }
    }
    let yaml = try read(
      self.residual,
      """
        - {name: stem, kind: convolution, filters: 4, kernel: 1}
        - {name: body, block: residual, repeat: 2, filters: 4}
      """)
    #expect(swift == yaml)
  }
}
