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
      var tensors = trainer.memories
      let kept: [(prefix: String, parameters: [[Tensor]]?)] = [
        (Self.weightPrefix, trainer.model.parameters), (Self.averagePrefix, trainer.updater.averages?.tensors),
        (Self.bestPrefix, bestParameters),
      ]
      for case (let prefix, let parameters?) in kept {
        for (name, tensor) in zip(trainer.model.namedParameters.map(\.name), parameters.joined()) {
          tensors[prefix + name] = tensor
        }
      }
      return TrainingState(
        identity: try identity,
        progress: TrainingState.Progress(
          place: place, history: history, failures: failures, leftOut: leftOut, steps: trainer.steps,
          random: trainer.seeds.description),
        tensors: tensors)
    }
  }

  private static let weightPrefix = "weights/"
  private static let averagePrefix = "average/"
  private static let bestPrefix = "best/"

  /// Goes on from where another run was. Images that it left out are left out.
  ///
  /// - Throws: ``TrainingStateError`` that names what is not the same in network, recipe, data, seed, number of threads or
  ///   precision, or what makes no sense. This run is then as it was.
  ///
  /// - Parameter continuing: whether the recipe here may want more passes, and may be more patient: what is done must be what it
  ///   would have been by this recipe.
  public mutating func restore(
    _ state: TrainingState, continuing: Bool = false
  ) throws(TrainingStateError) {
    var (theirs, ours) = (state.identity, try identity)
    var saved = state.progress
    if continuing {
      if let passes = theirs.passes { try check(saved, of: passes, in: state.name) }
      for key in ["epochs", "earlyStopping"] {
        theirs.removeFromRecipe(key)
        ours.removeFromRecipe(key)
      }
      if saved.place.stage == .done, saved.place.pass < recipe.epochs {
        saved.place = saved.place.next(isLast: false, goesOnInData: recipe.stepsPerEpoch != nil)
      }
    }
    if let (what, saved, here) = theirs.difference(to: ours) {
      throw .mismatch(state: state.name, what: what, saved: saved, here: here)
    }
    var run = self
    do throws(TrainingError) {
      run.forgetLeftOut()
      for examples in saved.leftOut {
        try examples.check(against: run)
        try run.leaveOut(examples)
      }
      try saved.check(against: run)
      var memories = state.tensors
      let model = try takeModel(Self.weightPrefix, from: &memories)
      run.trainer = try subject.makeTrainer(recipe, settings, of: model)
      if recipe.averaging != nil {
        run.trainer.updater.averages?.tensors = try takeModel(Self.averagePrefix, from: &memories).parameters
      }
      // There is none before the first pass has ended.
      let hasBest = recipe.restoresBest && !saved.history.isEmpty
      let best = hasBest ? try takeModel(Self.bestPrefix, from: &memories).parameters : nil
      try run.trainer.restore(memories, steps: saved.steps, random: saved.random)
      run.begin(at: saved.place, history: saved.history, failures: saved.failures, bestParameters: best)
    } catch { throw .training(state: state.name, error: error) }
    self = run
  }

  /// The network with the weights whose names begin with `prefix`, which are taken out.
  private func takeModel(
    _ prefix: String, from tensors: inout [String: Tensor]
  ) throws(TrainingError) -> Model {
    var weights: [String: Tensor] = [:]
    for name in tensors.keys where name.hasPrefix(prefix) {
      weights[String(name.dropFirst(prefix.count))] = tensors[name]
    }
    for name in weights.keys { tensors[prefix + name] = nil }
    do throws(ModelError) {
      return try Model(subject.trained, registry: subject.registry, tensors: weights)
        .inPrecision(settings.precision)
    } catch { throw .model(error) }
  }

  /// Whether rates that depend on how many passes there will be have been what they would have been here.
  private func check(
    _ saved: TrainingState.Progress, of passes: Int, in state: String
  ) throws(TrainingStateError) {
    guard let schedule, passes != recipe.epochs else { return }
    var moment = TrainingMoment(pass: 1, of: passes, of: stepsPerPass)
    let scores = saved.history.map { score(of: $0) ?? .infinity }
    for pass in 1...max(1, saved.place.pass) {
      (moment.pass, moment.scores) = (pass, Array(scores.prefix(pass - 1)))
      for step in [0, stepsPerPass / 2, stepsPerPass - 1] where pass <= saved.history.count || step < saved.place.step {
        var here = moment
        (moment.step, here.step, here.passes) = (step, step, recipe.epochs)
        let rates = [moment, here].map { schedule.learningRate(at: $0, from: firstLearningRate) }
        guard rates[0] == rates[1] else {
          throw .mismatch(
            state: state, what: "recipe.epochs, by which the schedule's rates go,", saved: "\(passes)",
            here: "\(recipe.epochs)")
        }
      }
    }
  }

  /// What makes this training what it is: with any of it changed, the weights would be others.
  private var identity: ConfigurationValue {
    get throws(TrainingStateError) {
      do {
        var recipe = firstRecord.recipe ?? [:]
        // What only looks on changes no weight.
        for key in ["metrics", "observers"] { recipe[key] = nil }
        var members: [String: ConfigurationValue] = [
          "model": try description.completed(with: subject.whole(trainer.model), registry: subject.registry)
            .configurationValue,
          "recipe": .object(recipe), "seed": .string("\(settings.seed)"),
          "parts": .integer(parts), "precision": .string(settings.precision.rawValue),
          "training data": original.trainingIdentity,
        ]
        members["validation data"] = original.validationIdentity
        members["frozen weights"] = subject.trunk.map { .string($0.checksum) }
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
    try expect(0...run.imagesPerPass, place.images, "the number of images that are done")
    try expect(0...run.stepsPerPass, place.step, "the number of the step")
    try expect(1...1 << 52, place.round, "the number of the round")
    // More than any run takes, and far from what overflows.
    try expect(0...1 << 52, steps, "the number of steps")
  }
}

extension ConfigurationValue {
  /// Of a training's identity: how many passes its recipe has.
  fileprivate var passes: Int? {
    guard case .object(let members) = self, case .object(let recipe)? = members["recipe"],
      case .integer(let passes)? = recipe["epochs"]
    else { return nil }
    return passes
  }

  fileprivate mutating func removeFromRecipe(_ key: String) {
    guard case .object(var members) = self, case .object(var recipe)? = members["recipe"] else { return }
    recipe[key] = nil
    members["recipe"] = .object(recipe)
    self = .object(members)
  }

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
