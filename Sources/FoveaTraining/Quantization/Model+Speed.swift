public import FoveaCore
public import FoveaModel

extension Model {
  /// How fast this network and another are in use, in examples a second: the best of several rounds, in turn, so that both meet the
  /// same machine.
  ///
  /// - Parameters:
  ///   - inputs: a batch that both take.
  ///   - seconds: for all rounds together.
  public func speeds(
    beside other: Model, on inputs: Tensors, pool: WorkerPool, seconds: Double = 2
  ) throws(ModelError) -> (own: Double, other: Double) {
    let clock = ContinuousClock()
    let batch = Double(inputs.head.shape[0])
    // Kernels are made, and weights prepared, at the first call.
    _ = try infer(inputs, on: pool)
    _ = try other.infer(inputs, on: pool)
    var best = [Duration](repeating: .seconds(1_000_000), count: 2)
    let end = clock.now + .seconds(seconds)
    var round = 0
    repeat {
      for (index, model) in [self, other].enumerated() {
        let start = clock.now
        _ = try model.infer(inputs, on: pool)
        best[index] = min(best[index], clock.now - start)
      }
      round += 1
    } while clock.now < end || round < 3
    func speed(_ duration: Duration) -> Double { batch / max(duration / .seconds(1), 1e-9) }
    return (speed(best[0]), speed(best[1]))
  }
}
