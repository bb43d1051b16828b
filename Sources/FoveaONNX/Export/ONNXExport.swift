public import FoveaCore
public import FoveaModel

/// A model as an ONNX file: from pictures to confidences, so that neither preprocessing nor postprocessing can be forgotten.
///
/// Inputs are pictures as bytes, `[batch, height, width, channels]`, of any size; or without preprocessing the network's own,
/// `[batch, channels, height, width]`. Metadata hold the labels, the threshold and the description, by which ``ONNXFormat`` makes
/// the same model again, and a test (``EmbeddedTest``).
///
/// A network that has been quantized keeps its weights in bytes, each filter's or unit's with its own scale, and says by pairs of
/// `QuantizeLinear` and `DequantizeLinear` what is rounded (QDQ), from which runtimes make kernels of bytes.
public struct ONNXExport: Sendable {
  public struct Settings: Sendable {
    /// The version of ONNX's operators.
    public var operatorSet = 17
    public var includesPreprocessing = true
    /// Whether confidences come out, and not what the network itself puts out.
    public var includesPostprocessing = true
    /// How many examples there are at once; any number where nil.
    public var batchSize: Int?

    public init() {}
  }

  /// Those that files can be written for. The default is the last that OpenCV's dnn reads in full.
  public static let operatorSets = 13...22

  /// The one that is usual for a model: the default, or what nodes ask for that it has from other files.
  public static func usualOperatorSet(for model: Model) -> Int {
    let asked = model.nodes.compactMap { ($0.layer as? ONNXNodeOperator)?.configuration }
      .filter { $0.domain.isEmpty && operatorSets.contains($0.version) }.map(\.version)
    return max(Settings().operatorSet, asked.max() ?? 0)
  }

  /// All that the file holds.
  public let bytes: [UInt8]
  public let inputs: [String]
  public let outputs: [String]
  /// What of the postprocessing is not in the graph, but in the metadata alone.
  public let leftOut: [String]
  /// Whether the file embeds a test.
  public let hasTest: Bool

  /// - Throws: ``ONNXExportError`` that names the layer or the step; ``ModelFileError`` where model and description differ.
  public init(_ saved: SavedModel, registry: Registry, settings: Settings = Settings()) throws {
    guard Self.operatorSets.contains(settings.operatorSet) else {
      throw ONNXExportError.operatorSet(settings.operatorSet, known: Self.operatorSets)
    }
    var description = try saved.description.completed(with: saved.model, registry: registry)
    // By name, whatever stands behind it in the file.
    for (index, port) in saved.model.outputs.enumerated() { description.outputs[index].layer = port.name }
    // As it computes where it has been quantized.
    let model = saved.model.quantization == nil ? saved.model : try saved.model.inPrecision(.int8)
    var network = NetworkExport(model, settings)
    // Where no step makes an input of pictures, the network's own is what there is.
    let isOfPictures = settings.includesPreprocessing && !description.preprocessing.isEmpty
    let steps = isOfPictures ? try description.preprocessing.map(registry.makePreprocessing) : nil
    try network.addInputs(steps)
    try network.addLayers()
    var heads: [OutputExport] = []
    for (index, output) in description.outputs.enumerated() {
      let steps = settings.includesPostprocessing ? try output.postprocessing.map(registry.makePostprocessing) : []
      heads.append(OutputExport(model, index, steps))
      network.addOutput(&heads[index], isOnly: description.outputs.count == 1)
    }
    let test = EmbeddedTest(model, network.inputs.map(\.name), steps, heads)
    var metadata = try Self.metadata(description, heads)
    if let quantization = model.quantization {
      metadata[Self.quantizationKey] = try ConfigurationValue(encoding: quantization).json
    }
    metadata[EmbeddedTest.key] = test?.json
    bytes = network.file(named: description.name, metadata)
    guard bytes.count <= Int(Int32.max) else { throw ONNXExportError.tooLarge(bytes: bytes.count) }
    inputs = network.inputs.map(\.name)
    outputs = network.outputs.map(\.name)
    leftOut = heads.flatMap(\.leftOut)
    hasTest = test != nil
  }

  /// Writes a file that appears whole or not at all.
  public func write(to path: String) throws(FileError) {
    let file = try AtomicFile(path)
    try file.write(bytes)
    try file.commit()
  }

  /// The whole description, as JSON.
  static let descriptionKey = "fovea.model"
  /// Of a network in bytes, what these stand for, as JSON.
  static let quantizationKey = "fovea.quantization"

  private static func metadata(_ description: ModelDescription, _ heads: [OutputExport]) throws -> [String: String] {
    var metadata: [String: String] = [:]
    metadata[descriptionKey] = description.configurationValue.json
    if let labels = description.labels {
      metadata["labels"] = ConfigurationValue.array(labels.map { .string($0) }).json
    }
    if let threshold = heads.first?.threshold { metadata["threshold"] = threshold }
    return metadata
  }
}
