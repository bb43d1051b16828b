public import FoveaCore

/// Several models, or several views of each picture, whose results are averaged to what one network might have put out: that
/// goes through the first model's postprocessing as any network's outputs do, whoever judges or shows it.
///
/// Averages are taken in double precision. Of confidences, the outputs are the logarithms of the means (of two classes their
/// difference), of which softmax, or sigmoid, makes the means again.
public struct Ensemble: Sendable {
  private struct Member: Sendable {
    var model: Model
    let scales: [AveragingScale]
  }

  /// The model that has the postprocessing, the labels and the thresholds.
  public let first: SavedModel
  private var members: [Member] = []
  private let views: [any View]

  /// - Parameters:
  ///   - models: by the names that errors shall have for them.
  ///   - views: besides each picture as it is.
  /// - Throws: ``EnsembleError`` where the models do not agree in inputs, preprocessing, outputs or labels, and where there is
  ///   no mean of what they yield.
  public init(
    _ models: OneOrMore<(name: String, saved: SavedModel)>, average: Averaging = .probabilities,
    views: [any View] = [], registry: Registry
  ) throws(EnsembleError) {
    first = models.head.saved
    self.views = views
    let expected = try Self.traits(of: first, registry)
    for (name, saved) in models {
      for (own, other) in zip(expected, try Self.traits(of: saved, registry)) where own.text != other.text {
        throw .disagreement(
          of: own.what, first: models.head.name, expected: own.text, other: name, got: other.text)
      }
      let scales = try Self.scales(of: saved, named: name, average, registry)
      members.append(Member(model: saved.model, scales: scales))
    }
    for input in first.model.inputs {
      for view in views {
        do throws(PredictionError) { _ = try view.views(of: Tensor(zeros: input.shape.batched(1))) } catch {
          throw .view(error)
        }
      }
    }
  }

  /// All that the description names.
  ///
  /// - Parameter load: reads the model at a path, which may be another program's; nil for files of the toolkit's own.
  /// - Throws: ``ModelFileError`` and ``EnsembleError``
  public init(
    _ description: PipelineDescription, registry: Registry, load: ((String) throws -> SavedModel)? = nil
  ) throws {
    let loaded = try description.models.map { path in
      (name: path, saved: try load?(path) ?? ModelFile.load(path, registry: registry))
    }
    var views: [any View] = []
    do throws(KindError) {
      for view in description.augment?.kinds ?? [] { views.append(try registry.makeView(view)) }
    } catch { throw EnsembleError.kind(error) }
    guard let models = OneOrMore(loaded) else {
      let error = ConfigurationError.missingKey(owner: "the pipeline", key: "models")
      throw EnsembleError.configuration(error)
    }
    try self.init(models, average: description.average, views: views, registry: registry)
  }

  /// The same with all models computing in that precision.
  public func inPrecision(_ precision: Precision) throws(ModelError) -> Ensemble {
    var ensemble = self
    for index in members.indices { ensemble.members[index].model = try members[index].model.inPrecision(precision) }
    return ensemble
  }

  /// What the ensemble puts out for each example, as ``Model/inferEach(_:on:)-(Tensors,_)`` does for a network.
  public func inferEach(_ inputs: Tensors, on pool: WorkerPool? = nil) throws(ModelError) -> Tensors {
    let inputs = inputs.mapped { $0.plain() }
    var seen = [inputs]
    for view in views {
      do throws(PredictionError) {
        let views = try inputs.mapped { input throws(PredictionError) in try view.views(of: input) }
        for number in views.head.indices { seen.append(views.mapped { $0[number] }) }
      } catch { throw .invalidDescription(model: first.model.name, problem: error.description) }
    }
    var sums: [[[Double]]] = []
    var shapes: [Shape] = []
    for member in members {
      for inputs in seen {
        let outputs = try member.model.inferEach(inputs, on: pool)
        let values = zip(outputs, member.scales).map { Self.values($0, $1) }
        if sums.isEmpty {
          (sums, shapes) = (values, outputs.map(\.shape))
        } else {
          for (output, rows) in values.enumerated() {
            for (row, values) in rows.enumerated() {
              for (index, value) in values.enumerated() { sums[output][row][index] += value }
            }
          }
        }
      }
    }
    let count = Double(members.count * seen.count)
    var output = -1
    return first.model.outputs.mapped { _ in
      output += 1
      let scale = members[0].scales[output]
      return Tensor(sums[output].flatMap { row in scale.outputs(row.map { $0 / count }) }, shapes[output])
    }
  }

  /// Of each example.
  private static func values(_ output: Tensor, _ scale: AveragingScale) -> [[Double]] {
    let width = output.shape.withoutBatch.count
    return output.withUnsafeFloats { floats in
      (0..<output.shape[0]).map { scale.values(UnsafeBufferPointer(rebasing: floats[$0 * width..<($0 + 1) * width])) }
    }
  }

  private static func scales(
    of saved: SavedModel, named name: String, _ average: Averaging, _ registry: Registry
  ) throws(EnsembleError) -> [AveragingScale] {
    var scales: [AveragingScale] = []
    for (index, port) in saved.model.outputs.enumerated() {
      var steps: [any PostprocessingStep] = []
      do throws(ModelError) {
        let outputs = saved.description.outputs
        for step in outputs.indices.contains(index) ? outputs[index].postprocessing : [] {
          steps.append(try registry.makePostprocessing(step))
        }
      } catch { throw .model(error) }
      do throws(AveragingScale.Refusal) {
        scales.append(try AveragingScale(steps, areConfidences: saved.model.putsOutConfidences(index), average))
      } catch { throw .unaveraged(model: name, output: port.name, reason: error.reason) }
    }
    return scales
  }

  /// In what models that are averaged must agree.
  private static func traits(
    of saved: SavedModel, _ registry: Registry
  ) throws(EnsembleError) -> [(what: String, text: String)] {
    var steps: [String] = []
    do throws(ModelError) {
      for step in saved.description.preprocessing {
        let made = try registry.makePreprocessing(step)
        steps.append(KindDescription(complete: made).configurationValue.description)
      }
    } catch { throw .model(error) }
    func ports(_ ports: OneOrMore<Model.Port>) -> String {
      ports.map { "\($0.name) \($0.shape)" }.joined(separator: ", ")
    }
    let labels = saved.description.outputs.map { $0.labels?.joined(separator: ", ") ?? "none" }
    return [
      ("their inputs", ports(saved.model.inputs)), ("their preprocessing", steps.joined(separator: ", ")),
      ("their outputs", ports(saved.model.outputs)), ("their labels", labels.joined(separator: "; ")),
    ]
  }
}
