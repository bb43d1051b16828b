import FoveaCore
import FoveaTesting
import GridMask
import Signum
import Testing
import WarmRestarts

struct RecipePluginTests {
  /// By hand, with r = 0.1, β = 0.75, d = 0.5: the first step has g = 2, so m = 0.5 and its sign 1, and w = 1 − 0.1·1.5. Then
  /// g = −3: m = 0.375 − 0.75 < 0, so w = 0.85 − 0.1·(−1 + 0.425).
  @Test func signumStepsAsThePaperSays() {
    var signum = SignumOptimizer()
    (signum.learningRate, signum.beta, signum.weightDecay) = (0.1, 0.75, 0.5)
    var (weight, memory): (Float, Float) = (1, 0)
    for (step, gradient) in [(1, Float(2)), (2, -3)] {
      withUnsafePointer(to: gradient) { gradient in
        withUnsafeMutablePointer(to: &weight) { weight in
          withUnsafeMutablePointer(to: &memory) { memory in
            signum.update(WeightBlock(weight, gradients: gradient, memories: [memory], count: 1), step: step)
          }
        }
      }
      #expect(abs(weight - (step == 1 ? 0.85 : 0.9075)) < 1e-6)
      #expect(abs(memory - (step == 1 ? 0.5 : -0.375)) < 1e-6)
    }
  }

  /// cos(0), cos(π/2), cos(π): all of it, the middle, the share that is left; and again.
  @Test func theRateIsHalfAWaveAgainAndAgain() {
    var schedule = WarmRestartsSchedule()
    (schedule.epochs, schedule.lowest) = (3, 0.2)
    let rates = (1...6).map { schedule.learningRate(pass: $0, of: 6, from: 0.5) }
    for (rate, expected) in zip(rates, [Float(0.5), 0.3, 0.1, 0.5, 0.3, 0.1]) { #expect(abs(rate - expected) < 1e-6) }
  }

  /// Of 20×10, four squares along the shorter side lie 2 pixels apart, and each is 1 pixel.
  @Test(arguments: GridMaskAugmentation.Fill.allCases)
  func squaresAreCovered(fill: GridMaskAugmentation.Fill) throws {
    var mask = GridMaskAugmentation()
    (mask.probability, mask.fill) = (1, fill)
    let image = try Image(width: 20, height: 10, channels: 1, pixels: .floats([Float](repeating: 300, count: 200)))
    var random = SeededRandom(seed: 3)
    for _ in 0..<20 {
      let values = try mask.apply(image, using: &random).floats
      let covered = values.indices.filter { values[$0] != 300 }
      if fill == .mean {
        #expect(covered.isEmpty)
        continue
      }
      let (columns, rows) = (Set(covered.map { $0 % 20 }).sorted(), Set(covered.map { $0 / 20 }).sorted())
      #expect(columns.count == 10 && rows.count == 5 && covered.count == 50)
      #expect(zip(columns, columns.dropFirst()).allSatisfy { $1 - $0 == 2 })
    }
    mask.probability = 0
    #expect(try mask.apply(image, using: &random) == image)
  }

  @Test(arguments: [
    KindContract.check(SignumOptimizer.self), KindContract.check(WarmRestartsSchedule.self),
    KindContract.check(GridMaskAugmentation.self),
  ]) func contractIsKept(report: ContractReport) {
    #expect(report.passed, "\(report)")
  }
}
