import FoveaCore
import FoveaData
import FoveaImage
import FoveaModel
import FoveaTraining

/// A model and its data, of which pictures for a ``RunReport`` are made.
struct ReportSubject {
  let loader: BatchLoader
  let outputs: OneOrMore<LearnedOutput>
  private let model: Model
  private let preprocessing: [any PreprocessingStep]
  private let augmentation: AugmentationPlan?
  private let settings: RunReport.Settings
  private static let pictureSide = 224

  init(
    _ saved: SavedModel, _ dataset: Dataset, _ registry: Registry, _ settings: RunReport.Settings
  ) throws(TrainingError) {
    model = saved.model
    self.settings = settings
    let described: OneOrMore<LearnedOutput>
    do throws(ModelError) {
      preprocessing = try saved.description.preprocessing.map { step throws(ModelError) in
        try registry.makePreprocessing(step)
      }
      described = try LearnedOutput.all(of: saved.model, saved.description, registry: registry)
    } catch { throw .model(error) }
    let learned = try dataset.learned(by: described, of: saved.model)
    outputs = learned.outputs
    var reading = BatchLoader.Settings(batchSize: 256, shuffles: false, seed: saved.training?.seed ?? 0)
    reading.failurePolicy = .skip
    reading.limits = settings.limits
    do { loader = try BatchLoader(learned.dataset, preprocessing: preprocessing, settings: reading) } catch {
      throw .data(error.description)
    }
    augmentation = Self.augmentation(of: saved, registry)
  }

  /// A recipe of a newer toolkit, or of a plugin that is not here, only loses its pictures.
  private static func augmentation(of saved: SavedModel, _ registry: Registry) -> AugmentationPlan? {
    guard let written = saved.training?.recipe,
      let recipe = try? ConfigurationDecoder.decode(Recipe.self, from: written, owner: "the recipe")
    else { return nil }
    return try? recipe.makeAugmentation(registry)
  }

  /// Wrong decisions, those first in which the right class has the least confidence.
  func mistakes(_ scores: ScoredExamples) -> (shown: [RunReport.Mistake], count: Int) {
    let width = scores.labels.count
    func score(_ row: Int, _ label: Int) -> LabelledScore {
      LabelledScore(
        label: scores.labels[label], score: scores.confidences[row * width + label], isConfidence: scores.areConfidences
      )
    }
    let wrong = (0..<scores.count).filter { scores.decisions[$0] != scores.classes[$0] }
    let worst = wrong.map { (row: $0, score: score($0, scores.classes[$0])) }.sorted { $0.score.score < $1.score.score }
    let shown = worst.prefix(settings.mistakes).map { row, right in
      let name = self.name(scores.examples[row])
      let decided = scores.decisions[row].map { score(row, $0) }
      let words = "\(name): \(right.label), " + (decided.map { "taken for \($0.label)" } ?? "rejected")
      return RunReport.Mistake(
        picture: try? picture(stored(scores.examples[row]), words), name: name, right: right, decided: decided)
    }
    return (shown, wrong.count)
  }

  /// Examples with wrong labels, those first whose confidences are farthest from what is right.
  func mistakes(_ judged: JudgedExamples<JudgedLabels>) -> (shown: [RunReport.LabelMistake], count: Int) {
    let wrong = judged.judged.indices.filter { judged.judged[$0].decisions != judged.judged[$0].truths }
      .map { row in
        let example = judged.judged[row]
        return (
          row, example.scores.indices.reduce(Float(0)) { $0 + abs(example.scores[$1] - (example.truths[$1] ? 1 : 0)) }
        )
      }.sorted { $0.1 > $1.1 }
    let shown = wrong.prefix(settings.mistakes).map { row, _ in
      let example = judged.judged[row]
      func labels(given: Bool, right: Bool) -> [LabelledScore] {
        judged.labels.indices.filter { example.decisions[$0] == given && example.truths[$0] == right }
          .map {
            LabelledScore(label: judged.labels[$0], score: example.scores[$0], isConfidence: example.areConfidences)
          }
      }
      let (missed, given) = (labels(given: false, right: true), labels(given: true, right: false))
      let name = self.name(judged.examples[row])
      let words = [("missed", missed), ("wrongly given", given)].filter { !$0.1.isEmpty }
        .map { "\($0.0) \($0.1.map(\.label).joined(separator: ", "))" }
      return RunReport.LabelMistake(
        picture: try? picture(stored(judged.examples[row]), "\(name): \(words.joined(separator: "; "))"), name: name,
        missed: missed, wronglyGiven: given, found: labels(given: true, right: true))
    }
    return (shown, wrong.count)
  }

  /// The examples that are farthest off, in units of each number's root mean square error.
  func mistakes(_ judged: JudgedExamples<JudgedNumbers>) -> (shown: [RunReport.NumberMistake], count: Int) {
    let spreads = judged.labels.indices.map { place in
      judged.judged.reduce(into: NumberErrors()) { $0.add($1, label: place) }.rootMeanSquareError ?? 0
    }
    func distance(_ row: Int, _ place: Int) -> Double {
      let error = abs(judged.judged[row].values[place] - judged.judged[row].targets[place])
      return spreads[place] > 0 ? error / spreads[place] : 0
    }
    let rows = judged.judged.indices.map { row in (row, judged.labels.indices.map { distance(row, $0) }.max() ?? 0) }
    let worst = rows.filter { $0.1 > 0 }.sorted { $0.1 > $1.1 }
    let shown = worst.prefix(settings.mistakes).map { row, _ in
      let numbers = judged.labels.indices.sorted { distance(row, $0) > distance(row, $1) }.map { place in
        RunReport.NumberMistake.Number(
          name: judged.labels[place], value: judged.judged[row].values[place], target: judged.judged[row].targets[place]
        )
      }
      let name = self.name(judged.examples[row])
      let words = numbers.prefix(3).map {
        "\($0.name) \(NumberText.short($0.value)), is \(NumberText.short($0.target))"
      }
      return RunReport.NumberMistake(
        picture: try? picture(stored(judged.examples[row]), "\(name): \(words.joined(separator: "; "))"), name: name,
        numbers: numbers)
    }
    return (shown, judged.judged.count)
  }

  /// Examples as the network sees them in training, pass by pass; none without augmentation.
  func variations() -> [RunReport.Variations] {
    guard let augmentation, model.inputs.count == 1, model.inputShape.rank == 3 else { return [] }
    var reading = loader.settings
    reading.augment(by: augmentation)
    guard let augmented = try? BatchLoader(loader.dataset, preprocessing: preprocessing, settings: reading) else {
      return []
    }
    let count = loader.dataset.count
    let chosen = Set((0..<settings.augmented).map { $0 * (count - 1) / max(settings.augmented - 1, 1) }).sorted()
    return chosen.compactMap { example -> RunReport.Variations? in
      // One that cannot be read or changed is not shown.
      guard let original = try? loader.load([example]).inputs.elements else { return nil }
      let range = MapImage.range(of: original)
      let name = self.name(example)
      func seen(_ values: [Float], _ words: String) -> RunReport.Picture? {
        try? picture(Image(planar: values, shape: model.inputShape).visible(range: range), words)
      }
      guard let first = seen(original, "\(name) as it is") else { return nil }
      return RunReport.Variations(
        name: name, original: first,
        augmented: (1...max(settings.passes, 1)).compactMap { pass in
          (try? augmented.load([example], epoch: pass).inputs.elements).flatMap { seen($0, "\(name) in pass \(pass)") }
        })
    }
  }

  /// The example that was decided right with the most confidence, layer by layer.
  func walk(_ scores: ScoredExamples) throws(TrainingError) -> RunReport.Walk? {
    let width = scores.labels.count
    func confidence(_ row: Int) -> Float { scores.confidences[row * width + scores.classes[row]] }
    let right = (0..<scores.count).filter { scores.decisions[$0] == scores.classes[$0] }
    guard let row = right.max(by: { confidence($0) < confidence($1) }) ?? (scores.count > 0 ? 0 : nil) else {
      return nil
    }
    let prediction = Prediction(
      labels: scores.labels, scores: Array(scores.confidences[row * width..<(row + 1) * width]),
      areConfidences: scores.areConfidences)
    return try walk(scores.examples[row], prediction.best(3))
  }

  /// The example whose labels are known best of those that have any.
  func walk(_ judged: JudgedExamples<JudgedLabels>) throws(TrainingError) -> RunReport.Walk? {
    func distance(_ example: JudgedLabels) -> Float {
      zip(example.scores, example.truths).reduce(0) { $0 + abs($1.0 - ($1.1 ? 1 : 0)) }
    }
    let rows = judged.judged.indices.filter { judged.judged[$0].truths.contains(true) }
    guard
      let row = rows.min(by: { distance(judged.judged[$0]) < distance(judged.judged[$1]) })
        ?? judged.judged.indices.first
    else { return nil }
    let scores = zip(judged.labels, judged.judged[row].scores).map { label, score in
      LabelledScore(label: label, score: score, isConfidence: judged.judged[row].areConfidences)
    }
    return try walk(judged.examples[row], Array(scores.sorted { $0.score > $1.score }.prefix(3)))
  }

  /// The first example.
  func walk(_ judged: JudgedExamples<JudgedNumbers>) throws(TrainingError) -> RunReport.Walk? {
    guard let first = judged.judged.first else { return nil }
    return try walk(
      judged.examples[0],
      zip(judged.labels, first.values).prefix(3).map { LabelledScore(label: $0, score: Float($1), isConfidence: false) }
    )
  }

  private func walk(_ example: Int, _ best: [LabelledScore]) throws(TrainingError) -> RunReport.Walk? {
    guard model.inputs.count == 1, model.inputShape.rank == 3, let input = try? loader.load([example]).inputs else {
      return nil
    }
    let activations: [Tensor]
    do { activations = try model.activations(input) } catch { throw .model(error) }
    let drawn = model.nodes.indices.filter { index in
      let shape = model.nodes[index].outputShape
      return shape.rank == 3 && shape[1] * shape[2] > 1 && type(of: model.nodes[index].layer).kind != "dropout"
    }
    let layers = Self.spread(drawn, settings.layers).compactMap { maps(of: $0, activations[$0].elements) }
    let name = self.name(example)
    guard let seen = try? picture(Image(planar: input).visible(), name) else {
      return nil
    }
    return RunReport.Walk(name: name, input: seen, best: best, layers: layers)
  }

  private func maps(of index: Int, _ values: [Float]) -> RunReport.LayerMaps? {
    let node = model.nodes[index]
    let shape = node.outputShape
    let area = shape[1] * shape[2]
    let maps = (0..<min(shape[0], settings.maps)).compactMap { map -> RunReport.Picture? in
      guard
        let drawn = try? MapImage(
          values[map * area..<(map + 1) * area], width: shape[2], height: shape[1], Viridis())
      else { return nil }
      return try? picture(drawn.image, "map \(map) of \(node.name), \(NumberText.range(drawn.range))")
    }
    return RunReport.LayerMaps(
      name: node.name, kind: type(of: node.layer).kind, explanation: LayerExplanation(node).text, maps: maps,
      count: shape[0])
  }

  /// The first, the last, and some between them.
  private static func spread(_ places: [Int], _ count: Int) -> [Int] {
    guard places.count > count, count > 1 else { return places }
    return (0..<count).map { places[$0 * (places.count - 1) / (count - 1)] }
  }

  /// The class's folder and the file, and not where these lie on somebody's machine.
  private func name(_ example: Int) -> String {
    loader.dataset.identifier(at: example).split(separator: "/").suffix(2).joined(separator: "/")
  }

  private func stored(_ example: Int) throws -> Image {
    var decoder = ImageDecoder()
    decoder.maximumPixels = settings.limits.maximumPixels
    return try loader.dataset.image(at: example, decoder: decoder).visible()
  }

  /// Small pictures keep their pixels; of large ones, nobody sees what a page cannot show.
  private func picture(_ image: Image, _ words: String) throws(ImageError) -> RunReport.Picture {
    let isSmall = max(image.width, image.height) <= 96
    let shown = isSmall ? image : try image.fitted(to: Self.pictureSide).image
    return RunReport.Picture(
      bytes: try (isSmall ? ImageEncoder.png(compression: 9) : .jpeg(quality: 82)).encode(shown),
      type: isSmall ? "png" : "jpeg", size: shown.size, words: words)
  }
}
