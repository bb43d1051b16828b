import FoveaCore

/// How several cores share the work of one batch.
public enum Parallelism: String, Sendable, Codable, CaseIterable {
  /// Each core takes a part of the examples through the whole network, with kernels on one thread.
  case examples
  /// All cores work on each kernel together.
  case kernels
  /// ``examples``, unless the layers forbid to split a batch or the weights are so large that it costs more than it
  /// saves if each core reads all of them.
  case automatic

  /// Weights beyond which every core's own reading of them costs more memory traffic than it saves. Measured on two
  /// cores: 3.3 million are faster by examples (7,650 images/s against 7,350), 3.9 million by kernels (6,300 against
  /// 5,300).
  private static let mostWeights = 7 << 19

  /// Into how many parts a batch is cut whose examples are shared out. The weights' gradients are added up part by part, so
  /// that the same number of parts gives the same weights: one thread therefore computes the two parts of two threads.
  ///
  /// Measured with lenet and 128 examples, one thread takes 4 % longer for it. Four parts for all up to four threads would
  /// cost two threads 7 % and one thread 10 %, since kernels gain from many examples at once.
  package func parts(of batch: Int, threads: Int, _ model: Model) -> Int {
    resolved(for: model) == .examples ? min(batch, max(2, threads)) : 1
  }

  func resolved(for model: Model) -> Parallelism {
    guard self == .automatic else { return model.mixesExamples ? .kernels : self }
    return model.mixesExamples || model.weightCount > Self.mostWeights ? .kernels : .examples
  }
}

extension Model {
  /// How many numbers the weights are, trainable or not.
  public var weightCount: Int { plan.weightCount }
}
