import CosineAnnealing
import FoveaCore
import FoveaTesting
import Lion
import RandomErasing
import Testing

struct RecipePluginTests {
  /// By hand, with r = 0.1, β₁ = 0.5, β₂ = 0.75, d = 0.5: the first step has m = 0 and g = 2, so u = 1, and w = 1 − 0.1·1.5;
  /// m becomes 0.5. Then g = −1: 0.25 − 0.5 < 0, so u = −1, and w = 0.85 − 0.1·(−1 + 0.425).
  @Test func lionStepsAsThePaperSays() {
    var lion = LionOptimizer()
    (lion.learningRate, lion.beta1, lion.beta2, lion.weightDecay) = (0.1, 0.5, 0.75, 0.5)
    var (weight, memory): (Float, Float) = (1, 0)
    for (step, gradient) in [(1, Float(2)), (2, -1)] {
      withUnsafePointer(to: gradient) { gradient in
        withUnsafeMutablePointer(to: &weight) { weight in
          withUnsafeMutablePointer(to: &memory) { memory in
            lion.update(WeightBlock(weight, gradients: gradient, memories: [memory], count: 1), step: step)
          }
        }
      }
      #expect(abs(weight - (step == 1 ? 0.85 : 0.9075)) < 1e-6)
      #expect(abs(memory - (step == 1 ? 0.5 : 0.125)) < 1e-6)
    }
  }

  /// cos(0), cos(π/2), cos(π): all of it, the middle, the share that is left.
  @Test func theRateIsHalfAWave() {
    var schedule = CosineSchedule()
    schedule.lowest = 0.2
    let rates = (1...3).map { schedule.learningRate(pass: $0, of: 3, from: 0.5) }
    for (rate, expected) in zip(rates, [Float(0.5), 0.3, 0.1]) { #expect(abs(rate - expected) < 1e-6) }
    #expect(schedule.learningRate(pass: 1, of: 1, from: 0.5) == 0.5)
  }

  @Test(arguments: RandomErasingAugmentation.Fill.allCases)
  func aRectangleIsCovered(fill: RandomErasingAugmentation.Fill) throws {
    var erasing = RandomErasingAugmentation()
    (erasing.probability, erasing.fill) = (1, fill)
    let image = try Image(width: 20, height: 10, channels: 1, pixels: .floats([Float](repeating: 300, count: 200)))
    var random = SeededRandom(seed: 3)
    for _ in 0..<20 {
      let values = try erasing.apply(image, using: &random).floats
      let covered = values.indices.filter { values[$0] != 300 }
      if fill == .mean {
        #expect(covered.isEmpty)
        continue
      }
      let columns = Set(covered.map { $0 % 20 }).count
      let rows = Set(covered.map { $0 / 20 }).count
      #expect((1...8).contains(columns) && (1...4).contains(rows) && covered.count == rows * columns)
    }
    erasing.probability = 0
    #expect(try erasing.apply(image, using: &random) == image)
  }

  @Test(arguments: [
    KindContract.check(LionOptimizer.self), KindContract.check(CosineSchedule.self),
    KindContract.check(RandomErasingAugmentation.self),
  ]) func contractIsKept(report: ContractReport) {
    #expect(report.passed, "\(report)")
  }
}
