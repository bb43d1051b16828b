import Foundation
import FoveaCore
import FoveaLayers
import FoveaModel
import FoveaTesting
import Testing

@testable import FoveaTraining

/// From the same weights and by the same gradients, our rules make the weights that optax's make, step for step; see
/// `Tests/Fixtures/Generators/rule_fixtures.py`.
@Suite struct OptimizerRuleTests {
  private struct Fixture {
    let tensors: [String: Tensor]
    var settings: [String: ConfigurationValue]
    var clipping = GradientClipping()

    init(_ name: String) throws {
      let file = try SafeTensors(contentsOf: FixtureFolder.path("Rules/\(name).safetensors"))
      tensors = file.tensors
      let text = try #require(file.metadata["configuration"])
      guard case .object(var settings) = try ConfigurationValue(json: Array(text.utf8)) else {
        throw CocoaError(.fileReadCorruptFile)
      }
      if case .object(let limits)? = settings.removeValue(forKey: "clipping") {
        clipping = try ConfigurationDecoder.decode(GradientClipping.self, from: limits, owner: "clipping")
      }
      self.settings = settings
    }

    func optimizer() throws -> any Optimizer {
      var registry = Registry()
      try BuiltinOptimizers.register(in: &registry)
      var settings = settings
      guard case .string(let kind)? = settings.removeValue(forKey: "kind") else {
        throw CocoaError(.fileReadCorruptFile)
      }
      return try registry.makeOptimizer(KindDescription(kind: kind, configuration: settings))
    }

    /// A dense layer that holds the fixture's matrix and vector.
    func model() throws -> Model {
      var registry = Registry()
      try BuiltinLayers.register(in: &registry)
      let description = ModelDescription(name: "one", input: [7], layers: [Dense.layer("one", units: 5)])
      return try Model(
        description, registry: registry,
        tensors: ["one.weight": try #require(tensors["start.weight"]), "one.bias": try #require(tensors["start.bias"])])
    }
  }

  /// As a stranger's are: settings, the same each time, each weight on its own, downhill; a rate for each pass.
  @Test func contractsAreKept() throws {
    var registry = Registry()
    try BuiltinOptimizers.register(in: &registry)
    try BuiltinSchedules.register(in: &registry)
    let reports = registry.registered.flatMap { KindContract.check($0) }
    #expect(reports.count == BuiltinOptimizers.all.count + BuiltinSchedules.all.count)
    for report in reports { #expect(report.passed, "\(report)") }
  }

  /// A whole parameter as one block.
  @Test(arguments: ["sgd-nesterov", "adamw", "rmsprop", "lion"]) func followsOptax(name: String) throws {
    let fixture = try Fixture(name)
    let optimizer = try fixture.optimizer()
    for (parameter, rule) in [("weight", optimizer), ("bias", optimizer.withoutDecay)] {
      var weights = try #require(fixture.tensors["start.\(parameter)"])
      let memories = (0..<optimizer.memories).map { _ in Tensor(zeros: weights.shape) }
      weights.withUnsafeMutableFloats { _ in }
      for step in 1...6 {
        let gradient = try #require(fixture.tensors["gradient.\(step).\(parameter)"])
        rule.update(
          WeightBlock(
            weights.address, gradients: gradient.address, memories: memories.map(\.address),
            count: weights.shape.count), step: step)
        withExtendedLifetime((gradient, memories)) {}
        let theirs = try #require(fixture.tensors["weights.\(step).\(parameter)"])
        for (ours, theirs) in zip(weights.elements, theirs.elements) {
          #expect(isClose(ours, theirs, relative: 1e-5, absolute: 2e-6), "step \(step) of \(parameter)")
        }
      }
    }
  }

  /// By way of a model's gradients in two parts, whose sum it is: biases are spared, and norms are over all of them.
  @Test(arguments: ["adamw", "lion", "clipped-by-norm", "clipped-by-value"])
  func anUpdaterFollowsOptax(name: String) throws {
    let fixture = try Fixture(name)
    var model = try fixture.model()
    var updater = WeightUpdater(try fixture.optimizer())
    if fixture.clipping != GradientClipping() { updater.clipping = fixture.clipping }
    let pool = WorkerPool(count: 2)
    for step in 1...6 {
      var parts = [model.makeGradients(), model.makeGradients()]
      for place in model.trainableParameters {
        let isMatrix = model.shape(of: place).rank > 1
        let gradient = try #require(fixture.tensors["gradient.\(step).\(isMatrix ? "weight" : "bias")"])
        for (part, share) in [Float(0.25), 0.75].enumerated() {
          parts[part].add(Tensor(gradient.elements.map { share * $0 }, gradient.shape), to: place)
        }
      }
      #expect(updater.step(&model, gradients: parts, pool: pool) == nil)
      for (name, _, tensor) in model.namedParameters {
        let theirs = try #require(fixture.tensors["weights.\(step).\(name == "one.bias" ? "bias" : "weight")"])
        for (ours, theirs) in zip(tensor.elements, theirs.elements) {
          #expect(isClose(ours, theirs, relative: 1e-5, absolute: 2e-6), "step \(step) of \(name)")
        }
      }
    }
  }
}
