public import FoveaCore
public import FoveaData
public import FoveaImage
public import FoveaModel

extension SavedModel {
  /// What this model thinks of the labels of a data set, of each example; nil where its picture cannot be used.
  ///
  /// It should not have learned from these examples: what was learned by heart is never doubted.
  ///
  /// - Throws: ``TrainingError`` where the data has other classes, or the model yields no confidences.
  public func opinions(
    on dataset: Dataset, registry: Registry, pool: WorkerPool, limits: DecodingLimits = DecodingLimits(),
    onProgress: (Int, Int) -> Void = { _, _ in }
  ) throws(TrainingError) -> [LabelOpinion?] {
    let outputs: OneOrMore<LearnedOutput>
    let preprocessing: [any PreprocessingStep]
    do throws(ModelError) {
      outputs = try LearnedOutput.all(of: model, description, registry: registry)
      preprocessing = try description.preprocessing.map { step throws(ModelError) in
        try registry.makePreprocessing(step)
      }
    } catch { throw .model(error) }
    let (learned, labelled) = try dataset.learned(by: OneOrMore(outputs.head), of: model)
    let output = labelled.head
    var opinions = [LabelOpinion?](repeating: nil, count: dataset.count)
    do {
      let chain = try PostprocessingChain(output.postprocessing)
      var settings = BatchLoader.Settings(batchSize: 256, shuffles: false)
      (settings.failurePolicy, settings.limits, settings.cacheLimit) = (.skip, limits, 0)
      let stream = try BatchLoader(learned, preprocessing: preprocessing, settings: settings).batches(epoch: 0)
      while let batch = try stream.next() {
        guard case .classes(let targets) = batch.targets else {
          throw PredictionError.otherResult(expected: Prediction.kind, got: "\(batch.targets.kind)")
        }
        let result = try model.inferEach(batch.allInputs, on: pool)[output.index]
        let shape = result.shape.withoutBatch
        let values = result.elements
        for (row, example) in batch.examples.enumerated() {
          let outputs = NetworkOutputs(
            Array(values[row * shape.count..<(row + 1) * shape.count]), shape: shape, labels: output.labels,
            areConfidences: model.putsOutConfidences(output.index))
          let prediction = try chain.result(Prediction.self, of: outputs)
          guard prediction.areConfidences else {
            throw PredictionError.otherResult(expected: "confidences", got: "raw outputs; add 'softmax' to its steps")
          }
          let target = targets[targets.startIndex + row]
          guard let best = prediction.ranking.first, prediction.scores.indices.contains(target) else { continue }
          opinions[example] = LabelOpinion(
            label: prediction.labels[best], confidence: prediction.scores[best],
            ownConfidence: prediction.scores[target])
        }
        onProgress((batch.examples.last ?? 0) + 1, dataset.count)
      }
    } catch let error as TrainingError {
      throw error
    } catch let error as ModelError {
      throw .model(error)
    } catch let error as PredictionError {
      throw .prediction(error)
    } catch { throw .data("\(error)") }
    return opinions
  }
}
