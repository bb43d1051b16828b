import FoveaCore
public import FoveaData
public import FoveaModel

extension TrainingRun {
  /// What is trained, and on what: a description and data that were found to go together.
  struct Subject: Sendable {
    /// With the labels of the data, and with the postprocessing that the loss implies.
    let description: ModelDescription
    let registry: Registry
    /// As it is before the first step.
    let model: Model
    let loss: any Loss
    let preprocessing: [any PreprocessingStep]
    let postprocessing: [any PostprocessingStep]
    /// The kind of the step that was put in; nil where none was.
    let impliedPostprocessing: String?
    var training: Dataset
    var validation: Dataset?

    var labels: [String] { training.labels }

    init(
      _ description: ModelDescription, _ registry: Registry, _ training: Dataset, _ validation: Dataset?,
      _ settings: Settings, _ weights: Model?
    ) throws(TrainingError) {
      self.registry = registry
      do throws(ModelError) {
        let fresh = if let weights { weights } else { try Model(description, registry: registry, seed: settings.seed) }
        model = try fresh.inPrecision(settings.precision)
        guard let loss = description.loss else {
          throw .invalidDescription(
            model: description.name, problem: "it names no loss to train by; add 'loss: {kind: …}' to it")
        }
        self.loss = try registry.makeLoss(loss)
      } catch { throw .model(error) }
      self.training = try Self.read(training.learned(by: self.loss), by: description.labels)
      self.validation = try validation?.learned(by: self.loss, as: self.training.labels)
      do throws(ModelError) {
        var described = description
        described.labels = self.training.labels
        (self.description, impliedPostprocessing) = try described.withImpliedPostprocessing(
          for: model, registry: registry)
        preprocessing = try self.description.preprocessing.map { step throws(ModelError) in
          try registry.makePreprocessing(step)
        }
        postprocessing = try self.description.postprocessing.map { step throws(ModelError) in
          try registry.makePostprocessing(step)
        }
      } catch { throw .model(error) }
      try checkDecisions()
    }

    /// The data with its classes in the order of the description's labels, which is that of the outputs.
    private static func read(_ data: Dataset, by labels: [String]?) throws(TrainingError) -> Dataset {
      guard let labels else { return data }
      do throws(DataError) { return try data.relabeled(labels) } catch {
        guard case .unknownClass = error else { throw .data(error.description) }
        throw .labels(expected: labels, got: data.labels)
      }
    }

    /// Whether outputs and postprocessing tell as many classes apart as the data has. Outputs that mean nothing are sent
    /// through, since a step may make two classes of one output.
    ///
    /// - Throws: ``TrainingError`` where the loss or a step does not go with the outputs, the classes are others, or the
    ///   data gives something else than the loss takes.
    private func checkDecisions() throws(TrainingError) {
      let kind = type(of: loss).target
      do { try loss.validate(outputs: model.outputShape, classes: labels.count) } catch {
        throw .outputs(error, kind, labels: labels)
      }
      guard kind == .oneClass else {
        var evaluator = try Evaluator(kind, labels: labels, loss: nil, postprocessing: postprocessing)
        var random = SeededRandom(seed: 0)
        let targets = Targets.random(kind, count: 1, classes: labels.count, using: &random)
        if let targets { try evaluator.add(Tensor(zeros: model.outputShape.batched(1)), targets: targets) }
        return
      }
      let zeros = [Float](repeating: 0, count: model.outputShape.count)
      let classes: Int
      do { classes = try postprocessing.predict(zeros, labels: labels).scores.count } catch { throw .prediction(error) }
      guard classes == labels.count else {
        // A layer that does what the loss does once more keeps the step from being put in that makes two of one output.
        let warnings: [OutputWarning]
        do { warnings = try description.outputWarnings(for: model, registry: registry) } catch { throw .model(error) }
        if let warning = warnings.first { throw .unsuitableOutputs(warning) }
        throw .invalidSetting(
          name: "the number of classes", expected: "\(classes), which outputs and postprocessing tell apart",
          got: "\(labels.count) (\(TrainingError.list(labels)))")
      }
    }

    func makeTrainer(
      _ recipe: Recipe, _ settings: Settings, of model: Model? = nil
    ) throws(TrainingError) -> Trainer {
      try Trainer(
        model ?? self.model, loss: loss, optimizer: recipe.makeOptimizer(registry), classes: labels.count,
        threads: settings.threads ?? BatchLoader.processorCount, seed: settings.seed,
        parallelism: settings.parallelism)
    }

    /// For evaluations: as in training, but in order and without distortions.
    func judgingLoader(
      _ dataset: Dataset, _ training: BatchLoader.Settings
    ) throws(DataError) -> BatchLoader {
      var settings = training
      (settings.batchSize, settings.shuffles, settings.augmentation) = (256, false, nil)
      return try BatchLoader(dataset, preprocessing: preprocessing, settings: settings)
    }
  }

  /// What the network learns from.
  public var training: Dataset { subject.training }

  /// What it is judged by after each pass.
  public var validation: Dataset? { subject.validation }

  /// The network as it is saved: with the labels of the data, and with all postprocessing.
  public var description: ModelDescription { subject.description }

  /// The kind of the postprocessing step that was put in because the loss implies it; nil where none was missing.
  public var impliedPostprocessing: String? { subject.impliedPostprocessing }

  /// How many cores share each step.
  public var threads: Int { trainer.pool.count }

  /// What to call the data.
  public var dataName: String { settings.dataName ?? training.name }
}
