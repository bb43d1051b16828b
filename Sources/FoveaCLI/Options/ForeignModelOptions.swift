import ArgumentParser
import Foundation
import Fovea

/// What a command does with a model, and so what must be known of it.
enum ModelUse {
  /// Its layers and weights alone.
  case network
  /// It looks at pictures.
  case pictures
  /// It decides what is in pictures.
  case decisions
  /// It learns classes of pictures, whose names are the data's.
  case training
}

/// What other programs' model files do not hold, and our own do.
struct ForeignModelOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "For a model of another program: from a picture to its input, a preset (\(PreprocessingPreset.names)) or a YAML file with a "
        + "list of steps.", valueName: "steps"))
  var preprocessing: String?

  @Option(
    help: ArgumentHelp(
      "For a model of another program: what makes a result of its output, such as softmax, or a YAML file with a list of steps.",
      valueName: "steps"))
  var postprocessing: String?

  @Option(
    help: ArgumentHelp(
      "For a model of another program: the names of its classes, a text file with one a line.", valueName: "file"))
  var labels: String?

  private var given: [(option: String, value: String?)] {
    [("--preprocessing", preprocessing), ("--postprocessing", postprocessing), ("--labels", labels)]
  }

  /// For ``WrittenFiles``: what is read besides the model.
  var files: [WrittenFiles.Role?] { given.map { .init($0.option, $0.value) } }

  /// The names of --labels; nil where that is not given.
  var classes: [String]? { get throws { try labels.map { try Self.lines($0) } } }

  /// A model file of ours holds all this.
  func refuse(for path: String) throws {
    guard let first = given.first(where: { $0.value != nil }) else { return }
    throw CommandError(
      "\(first.option) is for models of other programs: '\(path.printable)' holds it already; leave it out")
  }

  /// The description with what the options say; what is needed and neither there nor given is told, with an example.
  func complete(
    _ imported: ImportedModel, of path: String, for use: ModelUse, _ toolbox: Toolbox
  ) throws -> ModelDescription {
    var description = imported.description
    try expect(imported, of: path, for: use)
    if let preprocessing {
      guard !imported.holdsPreprocessing else {
        throw CommandError(
          "'\(path.printable)' holds its preprocessing, so that --preprocessing would come on top of it; leave it out")
      }
      description.preprocessing = try Self.preprocessing(preprocessing, for: imported.model)
    }
    if let classes = try classes { description.labels = classes }
    if let postprocessing {
      description.postprocessing = try Self.steps(postprocessing, of: "postprocessing")
    } else if description.postprocessing.isEmpty, labels != nil || use == .training, !imported.endsWithConfidences {
      description.postprocessing = [KindDescription(SoftmaxConfidence())]
      toolbox.note("its outputs are taken for logits of the classes, as by --postprocessing softmax")
    }
    if description.loss == nil { description.loss = Self.loss(for: description.postprocessing) }
    try toolbox.registry.checkSteps(of: description)
    return description
  }

  private func expect(_ imported: ImportedModel, of path: String, for use: ModelUse) throws {
    var missing: [(what: String, example: String)] = []
    let steps = imported.description.preprocessing
    if use != .network, preprocessing == nil, steps.isEmpty, !imported.holdsPreprocessing {
      missing.append(("how a picture becomes its input", "--preprocessing imagenet-torchvision"))
    }
    let output = imported.description.output
    if use == .decisions, labels == nil, output.labels == nil, postprocessing == nil, output.postprocessing.isEmpty {
      missing.append(("what its outputs stand for", "--labels classes.txt"))
    }
    guard !missing.isEmpty else { return }
    throw CommandError(
      "'\(path.printable)' does not say \(missing.map(\.what).joined(separator: ", nor ")), and it is not guessed: give "
        + "\(missing.map { $0.example.split(separator: " ")[0] }.joined(separator: " and ")), for example "
        + "'\(missing.map(\.example).joined(separator: " "))'. Presets for preprocessing are \(PreprocessingPreset.names); "
        + "a YAML file with a list of steps says any other")
  }

  /// The loss by which outputs become what a step takes them for.
  private static func loss(for steps: [KindDescription]) -> KindDescription? {
    switch steps.first?.kind {
    case SoftmaxConfidence.kind: KindDescription(SoftmaxCrossEntropy())
    case SigmoidConfidence.kind: KindDescription(BinaryCrossEntropy())
    case LabelsStep.kind: KindDescription(MultiLabelCrossEntropy())
    case NumbersStep.kind: KindDescription(SquaredError())
    default: nil
    }
  }

  private static func preprocessing(_ argument: String, for model: Model) throws -> [KindDescription] {
    if let preset = PreprocessingPreset.named(argument) {
      guard let steps = preset.steps(for: model.inputShape) else {
        throw CommandError(
          "--preprocessing \(argument) is for color pictures, but the model takes \(model.inputShape); give a YAML file"
        )
      }
      return steps
    }
    guard argument.contains(".") || argument.contains("/") else {
      let hint = Spelling.nearest(to: argument, among: PreprocessingPreset.all.map(\.name)).map {
        ", did you mean '\($0)'"
      }
      throw CommandError(
        "--preprocessing: there is no preset '\(argument.printable)'\(hint ?? ""); there are \(PreprocessingPreset.names); or give a YAML file"
      )
    }
    return try steps(argument, of: "preprocessing")
  }

  /// Of a YAML file, or as the option itself says them.
  private static func steps(_ argument: String, of key: String) throws -> [KindDescription] {
    var value: ConfigurationValue
    if argument.hasSuffix(".yaml") || argument.hasSuffix(".yml") || FileManager.default.fileExists(atPath: argument) {
      value = try ConfigurationValue(yamlFile: argument)
    } else {
      value = try ConfigurationValue(yaml: argument, source: "--" + key)
    }
    if case .object(let members) = value, members.count == 1, let inner = members[key] { value = inner }
    guard let steps = KindDescription.list(value) else {
      throw CommandError("'\(argument.printable)' must be a list of steps, as under '\(key)' in a description")
    }
    return steps
  }

  private static func lines(_ path: String) throws -> [String] {
    let text = String(decoding: try FileReader(path).readAll(), as: UTF8.self)
    return text.split(whereSeparator: \.isNewline).map { $0.trimmingCharacters(in: .whitespaces) }
      .filter { !$0.isEmpty }
  }
}
