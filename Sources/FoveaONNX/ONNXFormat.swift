public import FoveaCore
public import FoveaModel

/// ONNX files: ``ONNXModel`` and ``ONNXImport`` behind the door that all formats share.
public struct ONNXFormat: ForeignModelFormat {
  public let name = "ONNX"
  public let fileExtensions = ["onnx"]

  public init() {}

  public func open(_ path: String, registry: Registry) throws -> any ForeignModel {
    ONNXFile(source: try ONNXModel(path: path, operators: .standard.including(registry)), registry: registry)
  }
}

/// An ONNX file, with the kinds that its nodes may become.
struct ONNXFile: ComputableForeignModel {
  let source: ONNXModel
  let registry: Registry
  var limits = ONNXLimits()

  var producer: String { source.producer }
  var inputNames: [String] { source.inputNames }
  var outputNames: [String] { source.outputNames }

  var unsupported: [UnsupportedPart] {
    source.unsupported.map { part in
      UnsupportedPart(
        kind: (part.domain.isEmpty ? "" : part.domain + "::") + part.name, count: part.count, names: part.nodes)
    }
  }

  func imported(_ settings: ImportSettings) throws -> ImportedModel {
    let test = source.message.metadata[EmbeddedTest.key].flatMap { EmbeddedTest(json: $0) }
    let difference = try test?.verify(source, limits)
    if let own = OwnModel(source), let model = own.model(registry: registry) {
      let made = try ONNXImport(own, model, limits)
      return ImportedModel(
        made.description, made.model, holdsPreprocessing: !made.description.preprocessing.isEmpty,
        largestDifference: made.largestDifference, embeddedTestDifference: difference)
    }
    let made = try ONNXImport(
      source, registry: registry, name: settings.name, inputSize: settings.inputSize, limits: limits)
    return ImportedModel(
      made.description, made.model,
      remaining: made.remaining.map { .init(part: $0.node, kind: $0.operator, reason: $0.reason) },
      notes: made.hasClosedSize ? [ImportedModel.closedSize(made.description)] : [],
      largestDifference: made.largestDifference, embeddedTestDifference: difference)
  }

  func compute(_ inputs: [String: NumPyArray], outputs: [String]) throws -> [String: NumPyArray] {
    let results = try source.run(inputs: inputs.mapValues { .tensor(try ONNXTensor($0)) }, limits: limits)
    var arrays: [String: NumPyArray] = [:]
    for name in outputs {
      guard let tensor = results[name]?.tensor else {
        throw ONNXError.output(file: source.file, name: name, problem: "it is no tensor, which alone becomes an array")
      }
      arrays[name] = try tensor.numPy()
    }
    return arrays
  }
}
