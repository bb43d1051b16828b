import Foundation
import FoveaCore
import FoveaTesting
import Testing

/// Optimizers, schedules and augmentations, each with the faults that their authors might make, and what the checker says.
struct RecipeContractTests {
  /// w ← w − r·g, wherever it looks.
  struct Descend: Optimizer {
    static let kind = "descend"
    enum Fault: String, Codable { case none, uphill, neighbors, gaps, chance, settings }
    var fault = Fault.none
    var learningRate: Float = 0.1
    var memories: Int { 0 }

    func validate() throws(ConfigurationError) {
      try require("learningRate", learningRate, "above 0", fault != .settings)
    }

    func update(_ block: WeightBlock, step: Int) {
      let width = fault == .gaps ? block.pitch : block.columns
      for row in 0..<block.rows {
        for column in 0..<width {
          let weight = block.weights + row * block.pitch + column
          let own = block.gradients[row * block.columns + (column < block.columns ? column : 0)]
          let gradient = fault == .neighbors && block.columns > 1 ? block.gradients[0] : own
          let noise = fault == .chance ? Float.random(in: 0...1e-3) : 0
          weight.pointee -= (fault == .uphill ? -1 : 1) * learningRate * gradient + noise
        }
      }
    }
  }

  @Test(arguments: [
    (Descend.Fault.uphill, ["it goes downhill"]), (.neighbors, ["each weight changes on its own"]),
    (.gaps, ["each weight changes on its own"]), (.settings, ["settings are valid"]),
  ]) func anOptimizersFaultsAreFound(fault: Descend.Fault, names: [String]) {
    #expect(KindContract.check(Descend.self).passed)
    var optimizer = Descend()
    optimizer.fault = fault
    #expect(KindContract.check(Descend.self, optimizer).failures.map(\.name).prefix(1) == names[...])
  }

  @Test func anOptimizerThatDrawsByChanceIsFound() {
    var optimizer = Descend()
    optimizer.fault = .chance
    #expect(KindContract.check(Descend.self, optimizer).failures.map(\.name).contains("same gradients, same weights"))
  }

  struct Fall: Schedule {
    static let kind = "fall"
    var last: Float = 0.001
    func learningRate(pass: Int, of count: Int, from rate: Float) -> Float {
      rate + (last - rate) * Float(pass) / Float(count)
    }
  }

  @Test func aSchedulesFaultsAreFound() {
    #expect(KindContract.check(Fall.self).passed)
    for (last, count) in [(Float(0), 3), (.nan, 3), (-0.01, 3)] {
      var schedule = Fall()
      schedule.last = last
      // A number that is none cannot be written down either.
      #expect(KindContract.check(Fall.self, schedule).failures.count { $0.name.contains("pass") } == count)
    }
  }

  struct Shade: Augmentation {
    static let kind = "shade"
    enum Fault: String, Codable { case none, shape, chance, notANumber }
    var fault = Fault.none

    func apply(_ image: Image, using random: inout SeededRandom) throws(ImageError) -> Image {
      var factor = random.uniform(in: 0...1)
      if fault == .chance { factor *= Float.random(in: 0.1...0.9) }
      if fault == .notANumber { factor = .infinity }
      let values = image.floats.map { factor * ($0 + 1) }
      guard fault == .shape else {
        return try Image(width: image.width, height: image.height, channels: image.channels, pixels: .floats(values))
      }
      return try Image(
        width: image.width, height: 2 * image.height, channels: image.channels, pixels: .floats(values + values))
    }
  }

  @Test(arguments: [Shade.Fault.shape, .chance, .notANumber]) func anAugmentationsFaultsAreFound(fault: Shade.Fault) {
    #expect(KindContract.check(Shade.self).passed)
    var augmentation = Shade()
    augmentation.fault = fault
    #expect(KindContract.check(Shade.self, augmentation).failures.map(\.name).contains("color, bytes"))
  }

  /// Through a registry, as `fovea plugin check` does it: by the contract of the sort, or by what holds for all kinds.
  @Test func aRegisteredKindIsCheckedByTheContractOfItsSort() throws {
    var registry = Registry()
    try registry.register(Descend.self)
    try registry.register(Fall.self)
    try registry.register(Shade.self)
    let reports = registry.registered.flatMap { KindContract.check($0) }
    #expect(reports.map(\.subject) == ["optimizer 'descend'", "schedule 'fall'", "augmentation 'shade'"])
    #expect(reports.allSatisfy { $0.passed })
    #expect(reports.map { $0.checks.count > 4 } == [true, true, true])
  }
}
