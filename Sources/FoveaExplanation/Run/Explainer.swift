import Foundation
public import FoveaCore
public import FoveaImage
import FoveaModel
public import FoveaPipeline

/// Says where a model's decisions come from: for each picture, some classes by some methods.
///
/// It is a value and may be used by several threads at once.
public struct Explainer: Sendable {
  public struct Settings: Sendable {
    /// The layer whose maps are looked at; nil for the last one that has any.
    public var layer: String?
    public var classes = ClassChoice.decided
    /// Whether maps are means over the picture, its mirror image, and both a little darker and brighter.
    public var smooths = false
    /// Whether the confidence is followed as the hottest places are taken away.
    public var measuresFaithfulness = false
    /// Whether the same is explained of a network of random weights, and compared.
    public var comparesRandomized = false
    /// What chance is drawn from.
    public var seed: UInt64 = 0
    /// For what lies between layers, in bytes, of each picture that is explained at a time.
    public var memory = 1 << 27

    public init() {}
  }

  /// Each once.
  public let methods: [any ExplanationMethod]
  /// For each method, the settings in which it differs from others of its kind.
  private let differences: [String]
  public let pipeline: Pipeline
  public let settings: Settings
  /// In the network's own size; of one that is open, other sizes have their own.
  public let model: ExplainedModel
  /// Methods that do not go with the network, and why.
  public let leftOut: [(method: String, problem: ExplanationError)]
  private let smallestWins: Bool
  /// The same with random weights, where these are compared.
  private let random: ExplainedModel?

  /// - Parameter methods: those that do not go with the network are left out, as long as one does.
  /// - Throws: ``ExplanationError`` where there is no such layer or class, or no method goes with the network.
  public init(
    _ pipeline: Pipeline, methods: [any ExplanationMethod], settings: Settings = Settings()
  ) throws(ExplanationError) {
    guard pipeline.ensemble == nil else {
      throw .unsuitable(method: "explanations", problem: "they are of one model, and this is a pipeline of several")
    }
    let model = try ExplainedModel(pipeline.model, layer: settings.layer)
    var (taken, leftOut): ([any ExplanationMethod], [(String, ExplanationError)]) = ([], [])
    for method in methods {
      let type = type(of: method)
      if let problem = model.obstacle(to: type) { leftOut.append((type.kind, problem)) } else { taken.append(method) }
    }
    if taken.isEmpty, let first = leftOut.first { throw first.1 }
    (self.methods, differences) = Self.distinct(taken)
    (self.pipeline, self.settings, self.model, self.leftOut) = (pipeline, settings, model, leftOut)
    random = settings.comparesRandomized ? try Self.randomized(pipeline.model, settings) : nil
    smallestWins = pipeline.postprocessing.contains { Swift.type(of: $0).kind == "smallestWins" }
    if case .named = settings.classes {
      _ = try settings.classes.classes(
        Array(repeating: 0, count: max(model.classCount, 1)), pipeline.blankResult, labels: labels)
    }
  }

  /// Each method once, and what tells those of one kind apart: `window 6, stride 3`.
  private static func distinct(_ methods: [any ExplanationMethod]) -> ([any ExplanationMethod], [String]) {
    var all: [(method: any ExplanationMethod, settings: [String: ConfigurationValue])] = []
    for method in methods {
      let settings = (try? ConfigurationDecoder.encode(method)) ?? [:]
      let isThere = all.contains { type(of: $0.method).kind == type(of: method).kind && $0.settings == settings }
      if !isThere { all.append((method, settings)) }
    }
    let differences = all.map { one in
      let alike = all.filter { type(of: $0.method).kind == type(of: one.method).kind }.map(\.settings)
      let keys = Set(alike.flatMap(\.keys)).filter { key in Set(alike.map { $0[key] }).count > 1 }
      return keys.sorted().map { "\($0) \(one.settings[$0].map { "\($0)" } ?? "as usual")" }.joined(separator: ", ")
    }
    return (all.map(\.method), differences)
  }

  /// The same network with weights that have learned nothing.
  private static func randomized(_ model: Model, _ settings: Settings) throws(ExplanationError) -> ExplainedModel {
    do { try model.checkWeightMemory() } catch { throw .network(error.description) }
    return try ExplainedModel(model.randomized(seed: settings.seed &+ 1), layer: settings.layer)
  }

  /// The names of the classes; those of two that share one output, too.
  public var labels: [String] { pipeline.labels }

  /// Whose score a class's is.
  private func target(_ number: Int) -> ExplainedTarget {
    // Of two classes with one output, the second one is the surer, the larger it is.
    if model.classCount == 1 { return ExplainedTarget(0, sign: labels.count == 2 && number == 0 ? -1 : 1) }
    return ExplainedTarget(min(number, model.classCount - 1), sign: smallestWins ? -1 : 1)
  }

  /// - Parameters:
  ///   - name: of the picture: its path.
  ///   - pool: for passes of several inputs; nil where other pictures use the other cores.
  /// - Throws: ``ExplanationError``, ``PipelineError``, ``ImageError``
  public func explain(_ picture: DecodedImage, name: String, on pool: WorkerPool? = nil) throws -> Explanation {
    let (inputs, geometry) = try pipeline.inputs(for: OneOrMore(picture))
    let own = try pipeline.resized(to: inputs)
    let isOwnSize = own.model.inputShape == pipeline.model.inputShape
    let model = isOwnSize ? self.model : try ExplainedModel(own.model, layer: settings.layer)
    let subject = ExplainedPicture(
      model, input: inputs.head, target: target(0), seed: settings.seed, memory: settings.memory, on: pool)
    let all = try subject.ownScores()
    guard all.elements.allSatisfy(\.isFinite) else {
      throw ExplanationError.network("what '\(own.model.name)' puts out for it is no finite number")
    }
    let result = try Self.result(own, model, inputs, all)
    let scores = (0..<model.classCount).map { model.read(all, target($0))[0] }
    let random = isOwnSize || !settings.comparesRandomized ? self.random : try Self.randomized(own.model, settings)
    var parts: [Explanation.Part] = []
    for number in try settings.classes.classes(scores, result, labels: labels) {
      subject.target = target(number)
      let variants = try settings.smooths ? Self.variants(of: inputs.head) : []
      for (method, difference) in zip(methods, differences) {
        let label = labels.indices.contains(number) ? labels[number] : String(number)
        let score = model.read(all, subject.target)[0]
        var part = Explanation.Part(
          method: type(of: method).kind, settings: difference,
          title: type(of: method).title + (difference.isEmpty ? "" : " (\(difference))"), place: type(of: method).place,
          label: label,
          index: number, score: score, confidence: Self.confidence(of: number, result))
        do throws(ExplanationError) {
          let map = try map(method, subject, model, variants, pool)
          part.map = map
          do { part.focus = try HeatFocus(map, geometry) } catch { throw .network(error.description) }
          if settings.measuresFaithfulness { part.faithfulness = try Faithfulness(of: map, subject) }
          if let random {
            let other = ExplainedPicture(
              random, input: inputs.head, target: subject.target, seed: settings.seed, memory: settings.memory, on: pool
            )
            let randomMap = try self.map(method, other, random, [], pool)
            part.randomized = RankCorrelation.of(map.values, randomMap.values)
          }
        } catch { part.problem = error.description }
        parts.append(part)
      }
    }
    return Explanation(
      path: name, model: own.model.name, result: result, layer: model.layer, parts: parts, geometry: geometry,
      input: inputs.head, picture: picture.image, warnings: picture.warnings)
  }

  /// From the scores that are there, so that nothing is computed twice; of several outputs, as a picture is classified.
  private static func result(
    _ pipeline: Pipeline, _ model: ExplainedModel, _ inputs: Tensors, _ scores: Tensor
  ) throws -> any TaskResult {
    guard pipeline.model.outputs.count == 1 else { return try pipeline.result(ofInputs: inputs) }
    return try pipeline.result(ofOutputs: Tensors(model.end?.infer(scores) ?? scores))
  }

  private static func confidence(of number: Int, _ result: any TaskResult) -> Float? {
    if let prediction = result as? Prediction, prediction.areConfidences {
      return prediction.scores.indices.contains(number) ? prediction.scores[number] : nil
    }
    if let labels = result as? Labels {
      return labels.labels.indices.contains(number) ? labels.labels[number].confidence : nil
    }
    return nil
  }

  private func map(
    _ method: any ExplanationMethod, _ subject: ExplainedPicture, _ model: ExplainedModel, _ variants: [Variant],
    _ pool: WorkerPool?
  ) throws(ExplanationError) -> HeatMap {
    let own = try finiteMap(of: subject, method)
    guard !variants.isEmpty else { return own }
    var sum = own.scaledToOne.values
    for variant in variants {
      let other = ExplainedPicture(
        model, input: variant.input, target: subject.target, seed: settings.seed, memory: settings.memory, on: pool)
      var map = try finiteMap(of: other, method).scaledToOne
      if variant.isMirrored { map = map.mirrored }
      for place in sum.indices { sum[place] += map.values[place] }
    }
    return HeatMap(sum.map { $0 / Float(variants.count + 1) }, width: own.width, height: own.height)
  }

  private func finiteMap(
    of picture: ExplainedPicture, _ method: any ExplanationMethod
  ) throws(ExplanationError) -> HeatMap {
    let attribution = try method.attribution(of: picture)
    // The map, and what is made of it where somebody looks for its hot places.
    let places = attribution.values.shape.withoutBatch.count
    try ExplanationError.ask(for: 4 * places * MemoryLayout<Float>.stride)
    let map = attribution.map
    guard map.values.allSatisfy(\.isFinite) else {
      throw .unsuitable(method: type(of: method).kind, problem: "its map is no finite number everywhere")
    }
    return map
  }

  /// A changed input whose map is averaged with the picture's.
  private struct Variant {
    let input: Tensor
    let isMirrored: Bool
  }

  /// As pytorch-grad-cam's `aug_smooth` does.
  private static func variants(of input: Tensor) throws(ExplanationError) -> [Variant] {
    let width = input.shape[3]
    let changes: [(factor: Float, isMirrored: Bool)] = [
      (1, true), (0.9, false), (0.9, true), (1.1, false), (1.1, true),
    ]
    return try changes.map { factor, isMirrored throws(ExplanationError) in
      let changed = try input.withUnsafeFloats { source throws(ExplanationError) in
        try Tensor(places: input.shape) { place in
          factor * source[isMirrored ? place / width * width + width - 1 - place % width : place]
        }
      }
      return Variant(input: changed, isMirrored: isMirrored)
    }
  }
}

extension HeatMap {
  /// From 0 to 1 where nothing is negative, and else within −1 to 1, with 0 where it was.
  package var scaledToOne: HeatMap {
    let most = largestMagnitude
    return most > 0 ? HeatMap(values.map { $0 / most }, width: width, height: height) : self
  }

  package var mirrored: HeatMap {
    HeatMap(
      values.indices.map { values[$0 / width * width + width - 1 - $0 % width] }, width: width, height: height)
  }
}
