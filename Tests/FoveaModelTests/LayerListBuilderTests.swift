import FoveaCore
import FoveaModel
import Testing

@Suite struct LayerListBuilderTests {
  @Test func writesWhatDiffersFromTheDefaultsAndWhatIsRequired() {
    let same = ShiftLayer.layer("a") { $0.scale = 1 }
    #expect(same == LayerDescription(name: "a", kind: "shift", configuration: ["rounds": 1]))
    let other = ShiftLayer.layer(inputs: ["b", "input"]) {
      $0.scale = 0.1
      $0.note = nil
    }
    #expect(
      other
        == LayerDescription(
          kind: "shift", inputs: ["b", "input"], configuration: ["rounds": 1, "scale": 0.1, "note": .null]))
    #expect(KindDescription(DarkenStep()) == KindDescription(kind: "darken"))
    #expect(KindDescription(DarkenStep(amount: 2)) == KindDescription(kind: "darken", configuration: ["amount": 2]))
  }

  @Test(arguments: [true, false])
  func takesConditionsAndLoops(deep: Bool) {
    let description = ModelDescription("a", input: [1]) {
      if deep {
        for index in 1...3 { ShiftLayer.layer("s\(index)") }
      } else {
        ShiftLayer.layer("only")
      }
      if deep { ShiftLayer.layer("last") }
      [LayerDescription(kind: "other")]
    }
    #expect(description.layers.map(\.name) == (deep ? ["s1", "s2", "s3", "last", nil] : ["only", nil]))
  }

  @Test func aSettingThatCannotBeWrittenDownIsAnErrorOfTheModel() throws {
    let description = ModelDescription("a", input: [1]) { ShiftLayer.layer("bad") { $0.scale = .nan } }
    let registry = try Registry.test()
    #expect(
      throws: ModelError.kind(
        .configuration(
          .invalidValue(owner: "layer 'bad' (shift)", key: "scale", expected: "a number", got: "the text 'nan'")))
    ) { try Model(description, registry: registry, seed: 1) }
  }

  @Test func swiftAndYAMLGiveTheSameModel() throws {
    let yaml = """
      name: test
      input: [3, 2, 2]
      layers:
        - {name: first, kind: shift, rounds: 1}
        - {kind: shift, rounds: 2, scale: 0.5}
      preprocessing: [{kind: darken, amount: 3}]
      postprocessing: [softmax]
      labels: [a, b, c]
      """
    #expect(try ModelDescription(yaml: yaml) == .test)
    let registry = try Registry.test()
    let written = try Model(ModelDescription(yaml: yaml), registry: registry, seed: 5)
    let built = try Model(.test, registry: registry, seed: 5)
    #expect(written.nodes.map(\.name) == ["first", "shift1"])
    #expect(written.parameters == built.parameters)
    let input = Tensor((0..<24).map(Float.init), [2, 3, 2, 2])
    #expect(try written.infer(input) == built.infer(input))
  }
}
