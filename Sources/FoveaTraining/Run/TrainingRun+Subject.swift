import Foundation
public import FoveaCore
public import FoveaData
public import FoveaModel

extension TrainingRun {
  /// What is trained, and on what: a description and data that were found to go together.
  struct Subject: Sendable {
    /// With the labels of the data, and with the postprocessing that the loss implies.
    let description: ModelDescription
    let registry: Registry
    /// Those that are learned, with the labels of the data.
    let outputs: OneOrMore<LearnedOutput>
    let preprocessing: [any PreprocessingStep]
    /// The kind of the step that was put in; nil where none was.
    let impliedPostprocessing: String?
    /// What is told of an evaluation, without values.
    let figures: [MetricFigure]
    var training: Dataset
    var validation: Dataset?
    /// The layers that are not trained; nil where all are.
    var trunk: FrozenTrunk?

    /// The network that is trained: the whole one, or what is not frozen of it.
    var trained: ModelDescription { trunk?.description ?? description }

    /// The whole network, with the weights of what was trained.
    func whole(_ trained: Model) -> Model { trunk?.whole(trained) ?? trained }

    /// - Parameter model: as it is before the first step. It is not kept: its weights are soon nobody's.
    init(
      _ description: ModelDescription, _ registry: Registry, _ training: Dataset, _ validation: Dataset?,
      _ model: Model, _ metrics: MetricsDescription?
    ) throws(TrainingError) {
      self.registry = registry
      var described = description
      var outputs: OneOrMore<LearnedOutput>
      do throws(ModelError) {
        guard description.outputs.contains(where: { $0.loss != nil }) else {
          throw .invalidDescription(
            model: description.name, problem: "it names no loss to train by; add 'loss: {kind: …}' to it")
        }
        (described, impliedPostprocessing) = try description.withImpliedPostprocessing(for: model, registry: registry)
        preprocessing = try description.preprocessing.map { step throws(ModelError) in
          try registry.makePreprocessing(step)
        }
        outputs = try LearnedOutput.all(of: model, described, registry: registry)
      } catch { throw .model(error) }
      (self.training, outputs) = try training.learned(by: outputs, of: model, areDescribed: true)
      self.validation = try validation?.learned(by: outputs, of: model).dataset
      for output in outputs { described.outputs[output.index].labels = output.labels }
      self.description = described
      outputs = try outputs.measured(by: metrics, on: self.training, registry: registry)
      self.outputs = outputs
      // What cannot be judged is said where it is to be.
      figures = (try? model.figures(of: outputs, on: self.training)) ?? []
      for (number, output) in outputs.enumerated() { try check(output, of: model, target: number) }
    }

    /// Whether outputs and postprocessing tell as many classes apart as the data has. Outputs that mean nothing are sent
    /// through, since a step may make two classes of one output.
    ///
    /// - Throws: ``TrainingError`` where the loss or a step does not go with the outputs, or the classes are others.
    ///
    /// - Parameter target: its number in the data.
    private func check(_ output: LearnedOutput, of model: Model, target: Int) throws(TrainingError) {
      guard let loss = output.loss, let labels = output.labels else { return }
      let (kind, shape) = (type(of: loss).target, model.outputs[output.index].shape)
      do { try loss.validate(outputs: shape, classes: labels.count) } catch {
        throw .outputs(error, kind, labels: labels)
      }
      guard kind == .oneClass else {
        var evaluator = try Evaluator(kind, labels: labels, loss: nil, postprocessing: output.postprocessing)
        var random = SeededRandom(seed: 0)
        let targets = Targets.random(kind, count: 1, classes: labels.count, using: &random)
        if let targets {
          try evaluator.add(Tensor(zeros: shape.batched(1)), targets: targets)
        } else if training.count > 0 {
          // Only the loss knows which masks and boxes go with the outputs: it is asked with those of an example.
          let targets = training.targets(of: [0], target: target)
          do { _ = try loss.evaluate(Tensor(zeros: shape.batched(1)), targets: targets, scale: 1) } catch {
            throw .loss(error)
          }
        }
        return
      }
      let zeros = [Float](repeating: 0, count: shape.count)
      let classes: Int
      do { classes = try output.postprocessing.predict(zeros, labels: labels).scores.count } catch {
        throw .prediction(error)
      }
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
      _ recipe: Recipe, _ settings: Settings, of model: Model
    ) throws(TrainingError) -> Trainer {
      var trainer = try Trainer(
        model, outputs: outputs, optimizer: recipe.makeOptimizer(registry),
        threads: settings.threads ?? BatchLoader.processorCount, seed: settings.seed,
        parallelism: settings.parallelism)
      trainer.updater.clipping = recipe.clipping?.value
      trainer.updater.averages = recipe.averaging.map { WeightAverages($0.value, of: trainer.model) }
      if recipe.layerDecay < 1 { trainer.updater.rateFactors = Self.rateFactors(recipe.layerDecay, of: trainer.model) }
      trainer.classWeights = try recipe.classWeights.map { weights throws(TrainingError) in
        try weights.weights(training.labels, counts: training.classCounts)
      }
      return trainer
    }

    /// Powers of `decay`: 1 for the last layer with weights.
    private static func rateFactors(_ decay: Double, of model: Model) -> [Float] {
      let nodes = model.trainableParameters.map(\.node)
      let depths = Array(Set(nodes).sorted().reversed())
      return nodes.map { node in Float(pow(decay, Double(depths.firstIndex(of: node) ?? 0))) }
    }

    /// Numbers in a batch that is judged, several of which lie ready: large pictures come in smaller batches.
    private static let mostJudged = 1 << 20

    /// For evaluations: as in training, but in order and without distortions.
    func judgingLoader(_ dataset: Dataset, like training: BatchLoader) throws(DataError) -> BatchLoader {
      var settings = training.settings
      let numbers = training.inputShapes.reduce(0) { $0 + $1.count }
      settings.batchSize = min(256, max(32, Self.mostJudged / numbers))
      (settings.shuffles, settings.batchAugmentations) = (false, [])
      settings.augment(by: nil)
      return try BatchLoader(dataset, preprocessing: preprocessing, settings: settings)
    }
  }

  /// What all kinds were made with.
  public var registry: Registry { subject.registry }

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
