import FoveaCore
import FoveaLayers
import FoveaModel
import Testing

/// Descriptions whose numbers no network has: a model or an error, never a crash and never memory without end.
@Suite struct HostileDescriptionTests {
  private static let values: [ConfigurationValue] = [
    0, 1, -1, 2, 7, 255, .integer(.max), .integer(.min), .integer(.max / 2), .integer(1 << 31), .integer(1 << 30),
    .integer(1 << 24),
    .integer(65536), 0.5, -0.5, 1e300, -1e300, 1e-300, true, "x", "", "same", "paper", .null, [], [0, 0], [1, 2],
    [.integer(.max), .integer(.max)], [1, -1], [[0], [1]], [[0], [0], [0]], [[.integer(.max)]], [[-1]], [[]],
    [[1e39]], ["a"], [:], ["top": .integer(.max), "bottom": .integer(.max)], ["left": .integer(1 << 40)],
    ["top": -1], ["middle": 1],
  ]

  private static let large: [ConfigurationValue] = [.integer(.max), .integer(1 << 30), .integer(1 << 24)]

  private static let inputs: [Shape] = [
    [3, 9, 7], [12], [5, 12], [1 << 12, 1 << 16], [1, 1 << 14, 1 << 14], [1 << 24], [3],
  ]

  private static let registry: Registry = {
    var registry = Registry()
    do { try BuiltinLayers.register(in: &registry) } catch { Issue.record(error) }
    return registry
  }()

  private static func usual(_ key: String) -> ConfigurationValue {
    switch key {
    case "rate": 0.5
    case "sizes", "shape": [3]
    case "axes": [0]
    case "to": "int8"
    default: 3
    }
  }

  @Test func examplesLeaveAnAxisForTheBatch() throws {
    let most = try Shape(checking: Array(repeating: 1, count: Shape.mostAxes - 1) + [2])
    let relu = LayerDescription(kind: "relu")
    let constant = LayerDescription(
      kind: "constant", inputs: [],
      configuration: ["value": [1, 2], "shape": .array(most.dimensions.map { .integer($0) })])
    var beside = ModelDescription(name: "deep", input: [2], layers: [constant, relu])
    beside.outputs = [OutputDescription("constant1"), OutputDescription("relu1")]
    for description in [ModelDescription(name: "deep", input: most, layers: [relu]), beside] {
      let error = #expect(throws: ModelError.self) { try Model(description, registry: Self.registry, seed: 1) }
      let expected = "8 axes; there may be at most 7, and one for the batch"
      #expect(error?.description.contains(expected) == true)
    }
    let fewer = most.withoutBatch
    let model = try Model(
      ModelDescription(name: "deep", input: fewer, layers: [relu]), registry: Self.registry, seed: 1)
    #expect(try model.infer(Tensor(repeating: 3, fewer.batched(2))).elements == [3, 3, 3, 3])
  }

  /// Makes the graph alone; weights are missing, so that none are drawn.
  private func attempt(_ kind: String, _ configuration: [String: ConfigurationValue], _ input: Shape) -> Bool {
    let layer = LayerDescription(name: "a", kind: kind, inputs: ["input"], configuration: configuration)
    let joined = LayerDescription(name: "a", kind: kind, inputs: ["input", "input"], configuration: configuration)
    let alone = LayerDescription(name: "a", kind: kind, inputs: [], configuration: configuration)
    var made = false
    var beside = ModelDescription(name: "hostile", input: input, layers: [alone, LayerDescription(kind: "relu")])
    beside.outputs = [OutputDescription("a"), OutputDescription("relu1")]
    let single = [layer, joined].map { ModelDescription(name: "hostile", input: input, layers: [$0]) }
    for description in single + [beside] {
      do throws(ModelError) {
        _ = try Model(description, registry: Self.registry, tensors: [:])
        made = true
      } catch .parameters {
        made = true
      } catch {
        // The error must be one that a person can read.
        if error.description.isEmpty { Issue.record("an error without words: \(error)") }
      }
    }
    return made
  }

  private func keys<O: Operator>(_ type: O.Type) throws -> (all: [String], required: [String]) {
    let keys = try ConfigurationDecoder.settings(of: O.Configuration.self)
    return (keys.map(\.key), keys.filter { $0.default == nil }.map(\.key))
  }

  @Test(arguments: BuiltinLayers.all.map { $0.kind })
  func everyKeyWithEveryValue(kind: String) throws {
    let (all, required) = try keys(Self.registry.layers.entry(kind).type)
    let base = Dictionary(uniqueKeysWithValues: required.map { ($0, Self.usual($0)) })
    var made = Self.inputs.count { attempt(kind, base, $0) }
    for input in Self.inputs {
      for (index, first) in all.enumerated() {
        for value in Self.values {
          var configuration = base
          configuration[first] = value
          if attempt(kind, configuration, input) { made += 1 }
          // Two at once: products overflow where no factor does.
          for second in all[(index + 1)...] where Self.large.contains(value) {
            for other in Self.large {
              configuration[second] = other
              if attempt(kind, configuration, input) { made += 1 }
              configuration[second] = base[second]
            }
          }
        }
      }
    }
    // Else the test would not have reached the layer at all.
    #expect(made > 0)
  }

  @Test func layersThatGrowFromOneToTheNextAreStopped() {
    let layers = (0..<40).map { index in
      LayerDescription(
        name: "c\(index)", kind: "concatenate",
        inputs: Array(repeating: index == 0 ? "input" : "c\(index - 1)", count: 2))
    }
    let error = #expect(throws: ModelError.self) {
      try Model(ModelDescription(name: "tower", input: [1], layers: layers), registry: Self.registry, seed: 1)
    }
    guard case .layer(name: "c24", _, _)? = error else {
      Issue.record("\(String(describing: error))")
      return
    }
  }
}
