public import FoveaCore
public import FoveaData
import FoveaImage
public import FoveaModel
public import FoveaPipeline
public import FoveaTraining

extension ModelDescription {
  /// Trains a network of this description on pictures in memory.
  ///
  /// Where the description names no loss, that is `softmaxCrossEntropy`, and outputs become confidences by `softmax`; of
  /// several labels `multiLabelCrossEntropy`, and of numbers `squaredError`.
  ///
  /// ```swift
  /// let trained = try network.fit(images, labels: [0, 2, 1, …], epochs: 5)
  /// let prediction = try Pipeline(trained).predict(image)
  /// ```
  ///
  /// - Parameters:
  ///   - labels: for each picture, the number of its class, from 0.
  ///   - validation: what each pass is judged by.
  ///   - recipe: for what `epochs` and `batchSize` do not say: optimizer, learning rates, distortions.
  ///   - threads: cores to use; all of them where nil. With another number, sums are rounded otherwise.
  ///   - onEpoch: called after each pass, with its figures.
  /// - Returns: what ``ModelFile`` saves and ``Pipeline`` runs.
  /// - Throws: ``TrainingError`` that names what does not go together: labels and classes, pictures and input.
  public func fit(
    _ images: [Image], labels: [Int], epochs: Int = 10, batchSize: Int = 32, validation: Dataset? = nil,
    recipe: Recipe = Recipe(), registry: Registry = .standard, seed: UInt64 = 0, threads: Int? = nil,
    onEpoch: (EpochMetrics) -> Void = { _ in }
  ) throws(TrainingError) -> SavedModel {
    try fit(
      epochs: epochs, batchSize: batchSize, validation: validation, recipe: recipe, registry: registry, seed: seed,
      threads: threads, onEpoch: onEpoch
    ) { names throws(DataError) in try ArrayDataset(images, targets: labels, labels: names) }
  }

  /// The same for whatever is to be learned of each picture: several labels, numbers.
  public func fit(
    _ images: [Image], targets: Targets, epochs: Int = 10, batchSize: Int = 32, validation: Dataset? = nil,
    recipe: Recipe = Recipe(), registry: Registry = .standard, seed: UInt64 = 0, threads: Int? = nil,
    onEpoch: (EpochMetrics) -> Void = { _ in }
  ) throws(TrainingError) -> SavedModel {
    try fit(
      targets.kind, epochs: epochs, batchSize: batchSize, validation: validation, recipe: recipe, registry: registry,
      seed: seed, threads: threads, onEpoch: onEpoch
    ) { names throws(DataError) in try ArrayDataset(images, targets: targets, labels: names) }
  }

  /// The same for examples as the network sees them, `[count, channels, height, width]`.
  public func fit(
    _ inputs: Tensor, labels: [Int], epochs: Int = 10, batchSize: Int = 32, validation: Dataset? = nil,
    recipe: Recipe = Recipe(), registry: Registry = .standard, seed: UInt64 = 0, threads: Int? = nil,
    onEpoch: (EpochMetrics) -> Void = { _ in }
  ) throws(TrainingError) -> SavedModel {
    try fit(
      epochs: epochs, batchSize: batchSize, validation: validation, recipe: recipe, registry: registry, seed: seed,
      threads: threads, onEpoch: onEpoch
    ) { names throws(DataError) in try ArrayDataset(inputs, targets: labels, labels: names) }
  }

  private func fit(
    _ kind: TargetKind = .oneClass, epochs: Int, batchSize: Int, validation: Dataset?, recipe: Recipe,
    registry: Registry, seed: UInt64,
    threads: Int?, onEpoch: (EpochMetrics) -> Void, _ makeSource: ([String]) throws(DataError) -> ArrayDataset
  ) throws(TrainingError) -> SavedModel {
    var (description, recipe) = (self, recipe)
    (recipe.epochs, recipe.batchSize) = (epochs, batchSize)
    if description.loss == nil {
      switch kind {
      case .labels: description.loss = KindDescription(MultiLabelCrossEntropy())
      case .numbers: description.loss = KindDescription(SquaredError())
      default: description.loss = KindDescription(SoftmaxCrossEntropy())
      }
    }
    let model: Model
    do { model = try Model(description, registry: registry, seed: seed) } catch { throw .model(error) }
    // One output tells two classes apart.
    let count = kind == .oneClass ? max(2, model.outputShape.count) : model.outputShape.count
    let names = labels ?? (0..<count).map(String.init)
    let data: Dataset
    do throws(DataError) { data = Dataset(try makeSource(names)) } catch { throw .data(error.description) }
    var run = try TrainingRun(
      description, registry: registry, training: data, validation: validation, recipe: recipe,
      settings: TrainingRun.Settings(seed: seed, threads: threads), startingFrom: model)
    do { try withoutActuallyEscaping(onEpoch) { _ = try run.run(observers: [Listener(onEpoch: $0)]) } } catch {
      throw error as? TrainingError ?? .observer("\(error)")
    }
    return run.saved
  }
}

/// Hands on the figures of each pass.
private struct Listener: TrainingObserver {
  let onEpoch: (EpochMetrics) -> Void

  func observe(_ event: TrainingEvent, of run: borrowing some ObservedTraining) -> TrainingVerdict {
    if case .passEnded(let metrics) = event { onEpoch(metrics) }
    return .goOn
  }
}

extension Pipeline {
  /// The pipeline of a model that was trained or loaded.
  ///
  /// - Parameter registry: the one that the model was made with.
  public init(_ saved: SavedModel, registry: Registry = .standard) throws(PipelineError) {
    try self.init(saved.description, model: saved.model, registry: registry)
  }
}
