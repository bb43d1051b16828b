import FoveaCore
import FoveaData
import FoveaModel

// What a pass consists of.
extension TrainingRun {
  mutating func beginPass() throws(TrainingError) {
    adoptLearningRate(step: 0)
    watch.begin()
    if let patterns = trainer.curvaturePatterns { try estimateCurvatures(patterns) }
    place.stage = .training
  }

  /// The one of the current pass after so many of its steps.
  mutating func adoptLearningRate(step: Int) {
    guard let schedule else { return }
    trainer.learningRate = schedule.learningRate(at: moment(step: step, of: recipe.epochs), from: firstLearningRate)
  }

  func moment(step: Int, of passes: Int) -> TrainingMoment {
    TrainingMoment(pass: place.pass, of: passes, step: step, of: stepsPerPass, scores: scores)
  }

  /// As far as is known before it is done: images may turn out to be unusable.
  var stepsPerPass: Int {
    let batches = (training.count + recipe.batchSize - 1) / recipe.batchSize
    return recipe.stepsPerEpoch ?? (batches + recipe.accumulation - 1) / recipe.accumulation
  }

  /// Images of a pass; where its steps are counted, of as many whole batches.
  var imagesPerPass: Int { recipe.stepsPerEpoch.map { $0 * recipe.accumulation * recipe.batchSize } ?? training.count }

  /// - Returns: nil where the pass has no more steps.
  mutating func step() throws(TrainingError) -> TrainingEvent? {
    guard place.step != recipe.stepsPerEpoch, let examples = try nextExamples() else { return nil }
    guard pending.isEmpty else {
      // They are taken when what was found on the way is told.
      return pending.removeFirst()
    }
    if changesRateWithinPass { adoptLearningRate(step: place.step) }
    var count = examples.count
    let loss: Float
    if recipe.accumulation == 1 {
      loss = try trainer.step(inputs(of: examples), targets: examples.targets)
      advance(by: examples.count)
    } else {
      var batches = [(try inputs(of: examples), examples.targets)]
      advance(by: examples.count)
      while batches.count < recipe.accumulation, let more = try nextExamples() {
        batches.append((try inputs(of: more), more.targets))
        advance(by: more.count)
        count += more.count
      }
      loss = try trainer.step(batches)
    }
    place.lossSum += Double(loss) * Double(count)
    place.images += count
    place.step += 1
    let event = TrainingEvent.stepped(loss: loss, examples: count)
    guard pending.isEmpty else {
      pending.append(event)
      return pending.removeFirst()
    }
    return event
  }

  private struct Examples {
    let inputs: Tensors
    let targets: OneOrMore<Targets>
    let numbers: ArraySlice<Int>

    var count: Int { numbers.count }
  }

  /// What the network that is trained takes of them.
  private func inputs(of examples: Examples) throws(TrainingError) -> Tensors {
    guard let trunk = subject.trunk else { return examples.inputs }
    return try trunk.features(examples.inputs, of: examples.numbers.map(training.sourceIndex), on: trainer.pool)
  }

  /// What comes next; nil where the pass has no more.
  private mutating func nextExamples() throws(TrainingError) -> Examples? {
    var found = try currentBatch()
    if found == nil, recipe.stepsPerEpoch != nil {
      // A pass whose steps are counted may need the images more than once.
      (place.round, place.batch, place.first) = (place.round + 1, 0, 0)
      feed = Feed()
      found = try currentBatch()
      guard found != nil else { throw noImages }
    }
    guard let batch = found else { return nil }
    let range = place.first..<min(place.first + recipe.batchSize, batch.count)
    return Examples(
      inputs: range.count == batch.count ? batch.allInputs : batch.allInputs.rows(range),
      targets: batch.allTargets.mapped { $0[range] }, numbers: batch.examples[range])
  }

  private mutating func advance(by count: Int) {
    place.first += count
    if place.first == feed.batch?.count {
      feed.batch = nil
      (place.batch, place.first) = (place.batch + 1, 0)
    }
  }

  /// What the next step takes its examples from; what cannot be used in it becomes an event.
  private mutating func currentBatch() throws(TrainingError) -> Batch? {
    if let batch = feed.batch { return batch }
    let stream = feed.stream(of: loader, epoch: place.round, from: place.batch)
    do throws(DataError) {
      while let batch = try stream.next() {
        if stream.position - 1 > place.batch { (place.batch, place.first) = (stream.position - 1, 0) }
        note(stream.takeFailures())
        // Fewer may be left of it than when it was begun, before the run was cut.
        if place.first < batch.count {
          feed.batch = batch
          return batch
        }
        (place.batch, place.first) = (stream.position, 0)
      }
    } catch { throw .data(error.description) }
    note(stream.takeFailures())
    return nil
  }

  private var noImages: TrainingError { .data("none of the images of \(training.name) can be used any more") }

  mutating func endSteps() throws(TrainingError) {
    guard place.images > 0 else { throw noImages }
    place.seconds += watch.seconds
    watch.stop()
    if recipe.stepsPerEpoch == nil { feed = Feed() }
    place.stage =
      recipe.evaluatesTrainingData ? .judgingTraining : validationLoader == nil ? .ending : .judgingValidation
  }

  mutating func evaluate(
    _ part: DatasetPart, _ loader: BatchLoader, _ cancellation: Cancellation?
  ) throws(TrainingError) -> TrainingEvent {
    // Judging takes tensors of other sizes than training does. Those that lie free go back, so that the two do not add up.
    StoragePool.shared.trim()
    defer { StoragePool.shared.trim() }
    var failures: [DataError] = []
    let evaluation = try subject.whole(trainer.judged).evaluate(
      loader, outputs: subject.outputs, pool: trainer.pool, cancellation: cancellation,
      onFailure: { failures.append($0) })
    note(failures)
    if part == .training {
      (place.trainingAccuracy, place.trainingFigures) = (evaluation.accuracy, evaluation.otherFigures)
      place.stage = validationLoader == nil ? .ending : .judgingValidation
    } else {
      (place.validationLoss, place.validationAccuracy) = (evaluation.loss, evaluation.accuracy)
      place.validationFigures = evaluation.otherFigures
      place.stage = .ending
    }
    pending.append(.evaluated(part, evaluation))
    return pending.removeFirst()
  }

  mutating func endPass() throws(TrainingError) -> TrainingEvent {
    let metrics = EpochMetrics(
      epoch: place.pass, loss: place.meanLoss, learningRate: Double("\(trainer.learningRate)") ?? 0,
      trainingAccuracy: place.trainingAccuracy, trainingFigures: place.trainingFigures,
      validationLoss: place.validationLoss, validationAccuracy: place.validationAccuracy,
      validationFigures: place.validationFigures, seconds: place.seconds,
      imagesPerSecond: Double(place.images) / max(place.seconds, 1e-9))
    let score = score(of: metrics) ?? .infinity
    if recipe.restoresBest, score < scores.min() ?? .infinity || history.isEmpty {
      bestParameters = trainer.judged.parameters
    }
    history.append(metrics)
    scores.append(score)
    place = place.next(isLast: place.pass == recipe.epochs, goesOnInData: recipe.stepsPerEpoch != nil)
    return .passEnded(metrics)
  }

  private mutating func note(_ errors: some Sequence<DataError>) {
    for error in errors where !failures.contains(error.description) {
      failures.append(error.description)
      pending.append(.leftOut(error))
    }
  }

  private mutating func estimateCurvatures(_ patterns: Int) throws(TrainingError) {
    // Not the first of the pass, whose own updates would follow at once, but the last.
    let order = loader.order(epoch: place.round)
    let batch: Batch
    do { batch = try loader.load(Array(order.suffix(patterns)), epoch: place.round) } catch {
      throw .data(error.description)
    }
    let examples = Examples(inputs: batch.allInputs, targets: batch.allTargets, numbers: batch.examples[...])
    try trainer.estimateCurvatures(inputs(of: examples).head, targets: batch.targets)
  }
}
