import ArgumentParser
import Fovea

/// How `fovea convolve` learns a kernel.
struct KernelLearningOptions: ParsableArguments {
  @Option(
    name: .customLong("learn"), parsing: .unconditional,
    help: ArgumentHelp(
      "Learn the kernel in so many steps, from noise and what it makes of SOURCE.", valueName: "steps"))
  var steps: Int?

  @Option(parsing: .unconditional, help: ArgumentHelp("What the noise is drawn from. (default: 0)", valueName: "n"))
  var seed: UInt64?

  @Option(
    help: ArgumentHelp(
      "The rule that changes the kernel: \(KindArgument.optimizers). (default: adam)", valueName: "kind"))
  var optimizer: String?

  @Option(parsing: .unconditional, help: ArgumentHelp("How far a step goes. (default: 0.05)", valueName: "x"))
  var learningRate: Double?

  static let mostSteps = 100_000

  func validate() throws {
    if let steps, !(1...Self.mostSteps).contains(steps) {
      throw ValidationError("--learn must be 1 to \(Self.mostSteps) steps, but is \(steps)")
    }
    guard steps == nil else { return }
    let others = [("--seed", seed != nil), ("--optimizer", optimizer != nil), ("--learning-rate", learningRate != nil)]
    if let option = others.first(where: \.1)?.0 {
      throw ValidationError("\(option) is of no use without --learn; give that, or leave it out")
    }
  }

  func learn(_ trial: KernelTrial, _ input: NumberPlanes, _ toolbox: Toolbox) throws -> KernelLearning {
    var kind = KindDescription(kind: "adam")
    if let optimizer { kind = try KindArgument.optimizer(optimizer, toolbox.registry) }
    if let learningRate {
      kind.configuration["learningRate"] = .number(learningRate)
    } else if kind.configuration["learningRate"] == nil {
      kind.configuration["learningRate"] = 0.05
    }
    return try KernelLearning(
      trial, input, steps: steps ?? 1, seed: seed ?? 0, optimizer: toolbox.registry.makeOptimizer(kind),
      registry: toolbox.registry)
  }
}
