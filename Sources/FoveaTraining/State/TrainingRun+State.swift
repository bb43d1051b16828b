import FoveaCore
import FoveaData
import FoveaModel

extension TrainingRun {
  /// All that another run of the same network, recipe and data needs to go on from here.
  ///
  /// It may be taken between any two events. A run that goes on from it gives, bit for bit, the weights that this one gives,
  /// on processors with the same instructions.
  public var state: TrainingState {
    get throws(TrainingStateError) {
      var place = place
      place.seconds = progress.seconds
      let weights = model.namedParameters.map { ("weights/" + $0.name, $0.tensor) }
      return TrainingState(
        identity: try identity,
        progress: TrainingState.Progress(
          place: place, history: history, failures: failures, leftOut: leftOut, steps: trainer.steps,
          random: trainer.seeds.description),
        tensors: trainer.memories.merging(weights) { $1 })
    }
  }

  /// Goes on from where another run was. Images that it left out are left out.
  ///
  /// - Throws: ``TrainingStateError`` that names what is not the same in network, recipe, data, seed, number of threads or
  ///   precision, or what makes no sense. This run is then as it was.
  public mutating func restore(_ state: TrainingState) throws(TrainingStateError) {
    if let (what, saved, here) = state.identity.difference(to: try identity) {
      throw .mismatch(state: state.name, what: what, saved: saved, here: here)
    }
    let saved = state.progress
    var run = self
    do throws(TrainingError) {
      run.forgetLeftOut()
      for examples in saved.leftOut {
        try examples.check(against: run)
        try run.leaveOut(examples)
      }
      try saved.check(against: run)
      let prefix = "weights/"
      var (weights, memories) = ([String: Tensor](), state.tensors)
      for name in state.tensors.keys where name.hasPrefix(prefix) {
        weights[String(name.dropFirst(prefix.count))] = memories.removeValue(forKey: name)
      }
      let model: Model
      do throws(ModelError) {
        model = try Model(subject.description, registry: subject.registry, tensors: weights)
          .inPrecision(settings.precision)
      } catch { throw .model(error) }
      run.trainer = try subject.makeTrainer(recipe, settings, of: model)
      try run.trainer.restore(memories, steps: saved.steps, random: saved.random)
    } catch { throw .training(state: state.name, error: error) }
    run.begin(at: saved.place, history: saved.history, failures: saved.failures)
    self = run
  }

  /// What makes this training what it is: with any of it changed, the weights would be others.
  private var identity: ConfigurationValue {
    get throws(TrainingStateError) {
      do {
        var members: [String: ConfigurationValue] = [
          "model": try description.completed(with: subject.model, registry: subject.registry).configurationValue,
          "recipe": .object(firstRecord.recipe ?? [:]), "seed": .string("\(settings.seed)"),
          "parts": .integer(parts), "precision": .string(settings.precision.rawValue),
          "training data": original.trainingIdentity,
        ]
        members["validation data"] = original.validationIdentity
        members["number of threads"] = decidingThreads.map { .integer($0) }
        return try ConfigurationValue.object(members).asRead()
      } catch { throw .invalid(file: "the training", problem: "\(error)") }
    }
  }
}

extension TrainingRun.LeftOut {
  fileprivate func check(against run: TrainingRun) throws(TrainingError) {
    for (examples, count) in [(training, run.training.count), (validation, run.validation?.count ?? 0)] {
      guard let wrong = examples.first(where: { !(0..<count).contains($0) }) else { continue }
      throw .invalidSetting(
        name: "the number of an example that was left out", expected: "0 to \(count - 1)", got: "\(wrong)")
    }
  }
}

extension TrainingState.Progress {
  /// - Throws: ``TrainingError/invalidSetting(name:expected:got:)`` for what no run can have come to.
  fileprivate func check(against run: TrainingRun) throws(TrainingError) {
    func expect(_ range: ClosedRange<Int>, _ value: Int, _ name: String) throws(TrainingError) {
      guard range.contains(value) else {
        throw .invalidSetting(
          name: name, expected: "\(range.lowerBound) to \(range.upperBound)", got: "\(value)")
      }
    }
    try expect(1...run.recipe.epochs, place.pass, "the pass")
    let done = place.stage == .done ? place.pass : place.pass - 1
    try expect(done...done, history.count, "the number of passes that are done")
    for (index, metrics) in history.enumerated() {
      try expect(index + 1...index + 1, metrics.epoch, "the number of a pass")
    }
    if place.stage == .done { try expect(run.recipe.epochs...run.recipe.epochs, place.pass, "the last pass") }
    try expect(0...run.loader.batchCount, place.batch, "the number of the batch")
    try expect(0...run.loader.settings.batchSize, place.first, "the number of examples that are done")
    try expect(0...run.training.count, place.images, "the number of images that are done")
    // More than any run takes, and far from what overflows.
    try expect(0...1 << 52, steps, "the number of steps")
  }
}

extension ConfigurationValue {
  /// The first place in which two values differ, and what is there.
  fileprivate func difference(to other: Self, at path: String = "") -> (path: String, own: String, other: String)? {
    switch (self, other) {
    case (.object(let own), .object(let others)):
      for key in Set(own.keys).union(others.keys).sorted() {
        let place = path.isEmpty ? key : "\(path).\(key)"
        if let found = (own[key] ?? .null).difference(to: others[key] ?? .null, at: place) { return found }
      }
      return nil
    case (.array(let own), .array(let others)):
      for (index, (mine, yours)) in zip(own, others).enumerated() {
        if let found = mine.difference(to: yours, at: "\(path)[\(index)]") { return found }
      }
      return own.count == others.count
        ? nil : ("number of elements of \(path)", "\(own.count)", "\(others.count)")
    default: return self == other ? nil : (path, Self.quotable("\(self)"), Self.quotable("\(other)"))
    }
  }
}
