public import FoveaCore
public import FoveaModel
import Synchronization

/// A network whose decisions are explained, cut where they are: at the layer whose maps are looked at, and at the scores.
///
/// Scores are what the network puts out first, before softmax or sigmoid: behind these, a score also rises where others fall, and
/// gradients vanish where the network is sure.
public struct ExplainedModel: Sendable {
  public let model: Model
  /// What the scores are in the network.
  public let scores: Model.Source
  /// The layer behind the scores that was left out, `softmax`; nil where none was.
  public let leftOut: String?
  /// The layer whose maps are looked at; nil where none has any.
  public let layer: LayerChoice?
  /// From the input to the scores.
  let whole: Model
  let wholeTracer: Tracer
  /// ``whole`` for inputs that are changed in a window.
  let windowed = WindowedModels()
  /// From the layer on; nil where there is none.
  let tail: Tail?

  /// From the scores to what the network puts out first; nil where they are the same.
  let end: Model?

  /// What comes behind the layer, and what leads to it.
  struct Tail: Sendable {
    /// Its first input is the layer's output.
    let part: ModelPart
    let tracer: Tracer
    /// Puts out what of ``part``'s inputs is none of the model's.
    let head: Model
  }

  /// - Parameter layer: by its name; nil for the last one with maps.
  /// - Throws: ``ExplanationError`` where there is no such layer, or the network has several inputs.
  public init(_ model: Model, layer: String? = nil) throws(ExplanationError) {
    guard model.inputs.count == 1 else {
      throw .unsuitable(
        method: "explanations",
        problem: "they are of networks with one input, and '\(model.name)' has \(model.inputs.count)")
    }
    self.model = model
    var scores = model.outputs.head.source
    var leftOut: String?
    if !scores.isInput {
      let last = model.nodes[scores.node]
      let isSquashing = ["softmax", "sigmoid"].contains(type(of: last.layer).kind)
      if isSquashing, last.inputs.count == 1, !last.inputs[0].isInput {
        (scores, leftOut) = (last.inputs[0], last.name)
      }
    }
    (self.scores, self.leftOut) = (scores, leftOut)
    guard !scores.isInput else {
      throw .unsuitable(method: "explanations", problem: "the network '\(model.name)' puts out what comes in")
    }
    let choice = try LayerChoice.choose(layer, in: model, before: scores)
    self.layer = choice
    do throws(ModelError) {
      whole = try model.part(from: [.input()], to: scores).model
      wholeTracer = try Tracer(whole)
      let output = model.outputs.head.source
      end = output == scores ? nil : try model.part(from: [scores], to: output).model
      tail = try choice.map { choice throws(ModelError) in try Self.tail(of: model, behind: choice.source, to: scores) }
    } catch { throw .network(error.description) }
  }

  private static func tail(
    of model: Model, behind layer: Model.Source, to scores: Model.Source
  ) throws(ModelError) -> Tail {
    let part = try model.part(from: [layer], to: scores)
    let own = part.inputs.filter { !$0.isInput }
    return Tail(
      part: part, tracer: try Tracer(part.model), head: try model.part(upTo: OneOrMore(own) ?? OneOrMore(layer)).model)
  }

  /// How many classes, or other numbers, there are to explain.
  public var classCount: Int {
    let shape = model.shape(of: scores)
    return shape.rank == 3 ? shape[0] : shape.count
  }

  /// Why a method does not go with the network; nil where it does.
  public func obstacle(to method: any ExplanationMethod.Type) -> ExplanationError? {
    if method.place == .layer, tail == nil {
      return .unsuitable(
        method: method.kind,
        problem:
          "no layer of '\(model.name)' that the scores depend on puts out maps; methods that look at the input go on")
    }
    guard method.needsGradients else { return nil }
    let tracer = method.place == .layer ? tail?.tracer : wholeTracer
    return tracer?.obstacle.map { .forwardOnly(layer: $0.name, kind: Self.kind(of: $0)) }
  }

  private static func kind(of node: Model.Node) -> String { type(of: node.layer).kind }

  /// What starts at the scores: a value at a class, or at all places of its map.
  func seed(_ target: ExplainedTarget, _ batch: Int, value: Float = 1) -> Tensor {
    let shape = model.shape(of: scores)
    let size = shape.count / max(classCount, 1)
    return Tensor(shape.batched(batch)) { seed in
      for example in 0..<batch {
        for place in 0..<size { seed[example * shape.count + target.index * size + place] = value * target.sign }
      }
    }
  }

  /// A class's score for each example of a batch: where it has a map, the sum of that.
  func read(_ scores: Tensor, _ target: ExplainedTarget) -> [Float] {
    let batch = scores.shape[0]
    let count = scores.shape.count / batch
    let size = count / max(classCount, 1)
    return scores.withUnsafeFloats { values in
      (0..<batch).map { example in
        let start = example * count + target.index * size
        return values[start..<start + size].reduce(0, +) * target.sign
      }
    }
  }
}

extension Model {
  /// The same network with weights drawn anew, all of them: what an explanation of it shows has nothing to do with what was learned.
  public func randomized(seed: UInt64) -> Model {
    var seeds = SeededRandom(seed: seed)
    return with(
      zip(nodes, parameters).map { node, tensors in
        var random = SeededRandom(seed: seeds.next())
        return zip(node.parameters, tensors).map { parameter, tensor in
          parameter.isTrainable && parameter.element.isFloat ? parameter.makeTensor(using: &random) : tensor
        }
      })
  }
}

/// A network that was cut for windows, made where first asked for: all pictures' threads share it, and the weights that it prepares.
final class WindowedModels: Sendable {
  private struct Made {
    let rows: Int
    let columns: Int
    let model: WindowedModel?
  }

  /// The last one; a method's windows are all of one size.
  private let made = Mutex<Made?>(nil)

  /// - Returns: nil where nothing is saved.
  func model(of whole: Model, _ rows: Int, _ columns: Int) throws(ModelError) -> WindowedModel? {
    let result = made.withLock { made -> Result<WindowedModel?, ModelError> in
      if let made, made.rows == rows, made.columns == columns { return .success(made.model) }
      return Result { () throws(ModelError) in
        let model = try WindowedModel(whole, rows: rows, columns: columns)
        made = Made(rows: rows, columns: columns, model: model)
        return model
      }
    }
    return try result.get()
  }
}
