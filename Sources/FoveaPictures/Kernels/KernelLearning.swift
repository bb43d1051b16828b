public import FoveaCore
import FoveaModel
import FoveaTraining

/// A kernel that is found from what another kernel makes of a picture: from noise, step by step down the mean squared
/// difference, by the layers, the loss and the optimizer that networks are trained with.
public struct KernelLearning: Sendable {
  /// The kernel after some steps.
  public struct Moment: Sendable {
    public let step: Int
    /// The mean squared difference between what it makes of the picture and what is wanted.
    public let loss: Float
    public let kernel: NumberPlanes
    public let bias: Float
    /// What it makes of the picture.
    let output: NumberPlanes
  }

  /// The first before any step, the last after all of them, and some in between: at most ``mostMoments``.
  public let moments: [Moment]
  /// Before each step, and after the last.
  public let losses: [Float]
  let target: NumberPlanes
  let input: NumberPlanes
  let wanted: NumberPlanes

  public static let mostMoments = 24

  /// - Parameters:
  ///   - trial: whose kernel is to be found, with what comes behind it.
  ///   - steps: 1 or more.
  ///   - seed: of the noise to begin with.
  ///   - optimizer: takes the steps.
  /// - Throws: ``NumberMatrixError`` where the trial has no kernel; ``ModelError`` and ``TrainingError`` where it cannot
  ///   be computed or trained.
  public init(
    _ trial: KernelTrial, _ input: NumberPlanes, steps: Int, seed: UInt64, optimizer: any Optimizer, registry: Registry
  ) throws {
    guard let target = trial.kernel else { throw NumberMatrixError("only a kernel can be learned; give one") }
    guard let wanted = try trial.run(input, registry: registry).last?.planes else {
      throw NumberMatrixError("there is no output to learn from")
    }
    (self.target, self.input, self.wanted) = (target, input, wanted)
    var description = try trial.description(for: input)
    let kind = description.layers.last?.kind ?? ""
    description.layers.append(LayerDescription(name: "all", kind: "flatten"))
    let model = try Model(description, registry: registry, seed: seed)
    let outputs = OneOrMore(LearnedOutput(loss: SquaredError()))
    var trainer = try Trainer(model, outputs: outputs, optimizer: optimizer, threads: 1, seed: seed)
    let tensor = Tensor(input.values, [1, input.count, input.height, input.width])
    let targets = Targets.numbers(TargetRows(wanted.values, width: wanted.values.count))
    let kept = Self.kept(steps)
    var (moments, losses): ([Moment], [Float]) = ([], [])
    for step in 0...max(steps, 1) {
      let before = trainer
      let loss = try trainer.step(tensor, targets: targets)
      losses.append(loss)
      guard kept.contains(step) else { continue }
      let (kernel, bias) = try Self.weights(of: before.model, target)
      let all = try before.model.activations(tensor)
      let output = try KernelTrial.planes(all[all.count - 2], kind, isColor: input.isColor)
      moments.append(Moment(step: step, loss: loss, kernel: kernel, bias: bias, output: output))
    }
    (self.moments, self.losses) = (moments, losses)
  }

  /// The steps after which it is looked at: all of few; of many, more of the first, in which more happens.
  static func kept(_ steps: Int) -> Set<Int> {
    guard steps >= mostMoments else { return Set(0...max(steps, 1)) }
    let most = Double(mostMoments - 1)
    return Set(
      (0..<mostMoments).map { moment in
        let share = Double(moment) / most
        return Int((Double(steps) * share * share).rounded())
      })
  }

  private static func weights(of model: Model, _ target: NumberPlanes) throws -> (NumberPlanes, Float) {
    var (numbers, bias): ([Float], Float) = ([], 0)
    for (declared, tensor) in zip(model.nodes[0].parameters, model.parameters[0]) {
      if declared.name == "bias" { bias = tensor.elements[0] } else { numbers = tensor.elements }
    }
    let (width, area) = (target.width, target.width * target.height)
    let matrices = try (0..<target.count).map { channel in
      try NumberMatrix(
        (0..<target.height).map { row in
          let start = channel * area + row * width
          return Array(numbers[start..<start + width])
        })
    }
    return (try NumberPlanes(matrices, isColor: target.isColor), bias)
  }
}
