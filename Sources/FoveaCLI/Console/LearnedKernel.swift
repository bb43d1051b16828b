import Fovea

/// A learned kernel, as `fovea convolve --learn` prints it.
struct LearnedKernel: Encodable {
  struct Moment: Encodable {
    let step: Int
    let loss: Float
    /// One matrix for each channel.
    let kernel: [[[Float]]]
    let bias: Float

    init(_ moment: KernelLearning.Moment) {
      (step, loss, bias) = (moment.step, moment.loss, moment.bias)
      kernel = moment.kernel.matrices.map(\.rows)
    }
  }

  let steps: [Moment]
  private let last: KernelLearning.Moment

  private enum CodingKeys: CodingKey {
    case steps
  }

  init(_ learned: KernelLearning) {
    steps = learned.moments.map(Moment.init)
    last = learned.moments[learned.moments.count - 1]
  }

  /// The loss at some steps, and the kernel at the end.
  var text: String {
    var table = TextTable([("step", .right), ("loss", .right)])
    let count = min(steps.count, 8)
    for index in 0..<count {
      let moment = steps[count == 1 ? 0 : index * (steps.count - 1) / (count - 1)]
      table.add(["\(moment.step)", NumberText.short(moment.loss)])
    }
    let head = "learned, \(last.kernel.height)×\(last.kernel.width), bias \(ConvolveStep.number(last.bias))"
    let matrices = last.kernel.matrices.compactMap(ConvolveStep.table)
    return (table.lines() + ["", head, matrices.joined(separator: "\n\n")]).joined(separator: "\n")
  }
}
