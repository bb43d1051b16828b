/// Where the time of a batch goes, in figures: what `fovea profile` shows.
///
/// Where several cores share a batch, a step's figures are the mean of the cores, each with its part of the batch.
public struct ProfileReport: Sendable, Codable, Equatable {
  /// One kernel, as often as it ran in one step of one core.
  public struct Kernel: Sendable, Codable, Equatable {
    /// oneDNN's name of the implementation, or ours.
    public let implementation: String
    /// Whether it only moved elements into another layout.
    public let isReorder: Bool
    /// Runs per batch.
    public let runs: Double
    /// Per batch.
    public let seconds: Double
  }

  /// What one pass of one step costs.
  public struct Cost: Sendable, Codable, Equatable {
    /// Per batch.
    public let seconds: Double
    /// Of the whole batch's time, 0…1.
    public let share: Double
    /// Of `seconds`, what was spent inside kernels; what is left is the toolkit's and the layer's own.
    public let kernelSeconds: Double
    /// Changes of a layout per batch; their time is part of `kernelSeconds`.
    public let reorders: Double
    public let kernels: [Kernel]
  }

  /// One step: a layer, or several that are computed as one.
  public struct Step: Sendable, Codable, Equatable {
    /// The layers' names, as `c1 + relu + pool`.
    public let name: String
    /// Nil in a training.
    public let inference: Cost?
    /// Nil in inference.
    public let forward: Cost?
    /// Nil in inference, and where nothing before the step or in it is trained.
    public let backward: Cost?
  }

  /// What is measured: batches, from their beginning to their end.
  public let batches: Int
  /// Per batch.
  public let seconds: Double
  public let imagesPerSecond: Double
  /// In order of computation.
  public let steps: [Step]
  /// The loss and its gradient; nil in inference.
  public let loss: Cost?
  /// The sum of the gradients and the optimizer; nil in inference.
  public let update: Cost?
  /// All else: sharing out the batch, waiting for the slower core, and what lies between the steps.
  public let rest: Cost

  /// - Parameters:
  ///   - profile: of whole batches, each measured as ``Profile/Phase/whole``.
  ///   - model: the one whose passes were measured.
  ///   - batchSize: images in each batch.
  public init(_ profile: Profile, of model: Model, batchSize: Int) {
    let whole = profile.sum(.whole)
    let seconds = whole.duration / .seconds(1) / Double(max(1, whole.calls))
    func cost(_ phase: Profile.Phase, _ step: Int = 0) -> Cost? {
      Cost(profile.sum(phase, step: step), batchSeconds: seconds)
    }
    batches = whole.calls
    self.seconds = seconds
    imagesPerSecond = seconds > 0 ? Double(batchSize) / seconds : 0
    // In use, other neighbors are fused than in training.
    let plan = profile.sum(.forward).calls > 0 ? model.plan : model.inference
    steps = plan.steps.enumerated().map { index, step in
      Step(
        name: model.name(of: step), inference: cost(.inference, index), forward: cost(.forward, index),
        backward: cost(.backward, index))
    }
    loss = cost(.loss)
    update = cost(.update)
    let parts = steps.flatMap { [$0.inference, $0.forward, $0.backward] } + [loss, update]
    rest = Cost(seconds: max(0, seconds - parts.reduce(0) { $0 + ($1?.seconds ?? 0) }), batchSeconds: seconds)
  }
}

extension ProfileReport.Cost {
  /// Each call is one core's part of a batch, so that the mean of all calls is the time of a batch.
  fileprivate init?(_ sum: Profile.Sum, batchSeconds: Double) {
    guard sum.calls > 0 else { return nil }
    let calls = Double(sum.calls)
    let kernels = sum.kernels.map {
      ProfileReport.Kernel(
        implementation: $0.implementation, isReorder: $0.isReorder, runs: Double($0.runs) / calls,
        seconds: $0.duration / .seconds(1) / calls)
    }
    self.init(seconds: sum.duration / .seconds(1) / calls, batchSeconds: batchSeconds, kernels: kernels)
  }

  fileprivate init(seconds: Double, batchSeconds: Double, kernels: [ProfileReport.Kernel] = []) {
    self.seconds = seconds
    share = batchSeconds > 0 ? seconds / batchSeconds : 0
    kernelSeconds = kernels.reduce(0) { $0 + $1.seconds }
    reorders = kernels.reduce(0) { $0 + ($1.isReorder ? $1.runs : 0) }
    self.kernels = kernels
  }
}
