public import FoveaCore
public import FoveaModel

/// Model files of Keras: ``KerasFile`` and ``KerasImport`` behind the door that all formats share.
public struct KerasFormat: ForeignModelFormat {
  public let name = "Keras"
  public let fileExtensions = ["h5", "hdf5", "keras"]
  private let layers: KerasLayers

  /// - Parameter layers: those that are known; a program may register more.
  public init(layers: KerasLayers = .standard) { self.layers = layers }

  public func open(_ path: String, registry: Registry) throws -> any ForeignModel {
    KerasModel(source: try KerasFile(path: path, layers: layers), registry: registry)
  }
}

/// A file of Keras, with the kinds that its layers may become.
struct KerasModel: ComputableForeignModel {
  let source: KerasFile
  let registry: Registry

  var producer: String {
    source.kerasVersion.isEmpty ? "Keras \(source.version)" : "Keras \(source.kerasVersion)"
  }

  var inputNames: [String] {
    (try? KerasBuilder(source, registry: registry, inputSize: nil).inputs.map(\.port.name)) ?? []
  }

  var outputNames: [String] { KerasBuilder.outputNames(of: source) }

  var unsupported: [UnsupportedPart] {
    var parts = source.unsupported
    if parts.isEmpty {
      do { _ = try KerasImport(source, registry: registry, name: "model") } catch KerasError.unsupported(_, let more) {
        parts = more
      } catch {
        // Told where the model is made.
      }
    }
    return parts.map { UnsupportedPart(kind: $0.className, count: $0.count, names: $0.names, reason: $0.reason) }
  }

  func imported(_ settings: ImportSettings) throws -> ImportedModel {
    let made = try KerasImport(source, registry: registry, name: settings.name, inputSize: settings.inputSize)
    var notes: [String] = []
    if !made.leftOut.isEmpty {
      let names = made.leftOut.prefix(5).map(\.printable).joined(separator: ", ")
      let more = made.leftOut.count > 5 ? " and \(made.leftOut.count - 5) more" : ""
      notes.append("left out, since they do nothing in use: \(names)\(more)")
    }
    if made.scalesPictures {
      notes.append(
        "it scales pictures itself, and takes them from 0 to 255, as --preprocessing keras-raw hands them over")
    }
    if made.hasClosedSize { notes.append(ImportedModel.closedSize(made.description)) }
    return ImportedModel(
      made.description, made.model,
      remaining: made.remaining.map { layer in
        .init(
          part: layer.name ?? layer.kind, kind: "ONNX's \(layer.configuration["operator"]?.description ?? "node")",
          reason: "the toolkit has no such layer")
      }, notes: notes)
  }

  func compute(_ inputs: [String: NumPyArray], outputs: [String]) throws -> [String: NumPyArray] {
    // What the file leaves open is as large as what comes.
    let open = try KerasBuilder(source, registry: registry, inputSize: nil).inputs.first { !$0.open.isEmpty }
    var size: ImageSize?
    if let port = open?.port, let shape = inputs[port.name]?.shape, shape.count == 4 {
      let first = port.hasChannelsLast ? 1 : 2
      size = ImageSize(width: max(shape[first + 1], 1), height: max(shape[first], 1))
    }
    let made = try KerasImport(source, registry: registry, name: "model", inputSize: size)
    var tensors: [String: Tensor] = [:]
    for (name, array) in inputs { tensors[name] = try array.tensor(path: name) }
    let results = try made.compute(tensors)
    var arrays: [String: NumPyArray] = [:]
    for name in outputs {
      if let result = results[name] { arrays[name] = NumPyArray(result) }
    }
    return arrays
  }
}
