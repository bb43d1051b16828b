import FoveaCore

/// A model file of Keras: `.keras` of Keras 3, or `.h5` of Keras 1, 2 and tf.keras.
public struct KerasFile: Sendable {
  public let path: String
  /// Keras' version as the file says it; empty where it does not.
  public let kerasVersion: String
  let layers: KerasLayers
  let model: KerasLayer
  let weights: HDF5Group
  let isArchive: Bool
  let flipsKernels: Bool

  /// The version's first number; files that do not say theirs are of the first.
  var version: Int {
    kerasVersion.split(separator: ".").first.flatMap { Int($0) } ?? (isArchive ? 3 : 1)
  }

  /// - Parameter layers: those that are known; a program may register more.
  /// - Throws: ``KerasError`` where the file cannot be read, is damaged, or holds no model.
  public init(path: String, layers: KerasLayers = .standard) throws {
    self.path = path
    self.layers = layers
    (kerasVersion, model, weights, isArchive, flipsKernels) = try Self.reading(path) {
      () throws -> (String, KerasLayer, HDF5Group, Bool, Bool) in
      let file = try FileReader(path)
      let start = try file.read(at: 0, count: min(4, file.count))
      if start == [0x50, 0x4B, 3, 4] {
        let archive = try KerasArchive(file)
        return (
          try Self.version(archive.metadata), try Self.model(archive.configuration), try HDF5File(archive.weights).root,
          true, false
        )
      }
      let root = try HDF5File(ByteWindow(file)).root
      guard let configuration = try root.attribute("model_config") else {
        throw KerasError.unreadable(
          file: path,
          problem: "it holds weights and no layers; save the whole model by 'model.save', and not by 'save_weights'")
      }
      let text = try configuration.text()
      guard text.utf8.count <= KerasArchive.mostConfigurationBytes else {
        throw KerasProblem("its configuration is too long")
      }
      let backend = try root.attribute("backend")?.text()
      return (
        try root.attribute("keras_version")?.text() ?? "", try Self.model(Array(text.utf8)),
        try root.existingGroup("model_weights") ?? root, false, backend == "theano"
      )
    }
  }

  /// Errors of the parts, as errors of the file.
  static func reading<Result>(_ path: String, _ body: () throws -> Result) throws -> Result {
    do { return try body() } catch let error as HDF5Error {
      let text = "\(error.what): \(error.problem)"
      throw error.isUnsupported
        ? KerasError.unreadable(file: path, problem: text) : .damaged(file: path, problem: text)
    } catch let error as FileError {
      throw KerasError.file(error)
    } catch let problem as KerasProblem {
      throw problem.isUnsupported
        ? KerasError.unreadable(file: path, problem: problem.text) : .damaged(file: path, problem: problem.text)
    }
  }

  private static func model(_ json: [UInt8]) throws -> KerasLayer {
    try KerasConfigurationReader.model(value(json, of: "configuration"))
  }

  private static func version(_ metadata: [UInt8]) throws -> String {
    guard !metadata.isEmpty else { return "" }
    return try value(metadata, of: "metadata").object?["keras_version"]?.string ?? ""
  }

  private static func value(_ json: [UInt8], of what: String) throws -> ConfigurationValue {
    do throws(JSONScanner.Failure) { return try ConfigurationValue(json: json) } catch {
      throw KerasProblem("its \(what) is no JSON: at byte \(error.offset), \(error.problem)")
    }
  }

  /// Layers that are not known here, or not with their settings: all of them, each sort once.
  public var unsupported: [UnsupportedKerasLayer] {
    var found: [String: UnsupportedKerasLayer] = [:]
    var order: [String] = []
    func add(_ layer: KerasLayer, _ reason: String) {
      let key = layer.className + "\n" + reason
      if found[key] == nil {
        order.append(key)
        found[key] = UnsupportedKerasLayer(className: layer.className, reason: reason, names: [])
      }
      found[key]?.names.append(layer.name)
    }
    func look(_ layer: KerasLayer) {
      guard !layer.isModel else { return layer.layers.forEach(look) }
      guard let rule = layers.rule(for: layer.className) else { return add(layer, Self.reason(layer)) }
      do { _ = try rule.weights(layer.settings) } catch let problem as KerasProblem where problem.isUnsupported {
        add(layer, problem.text)
      } catch {
        // What is wrong with it is told where it is made.
      }
    }
    look(model)
    return order.compactMap { found[$0] }
  }

  private static func reason(_ layer: KerasLayer) -> String {
    switch layer.className {
    case "Lambda": "it runs Python code"
    case "TFOpLambda", "SlicingOpLambda":
      "it is the operation '\(layer.settings["function"]?.string ?? "?")' of TensorFlow"
    default: layer.className.contains(">") ? "it is a program's own" : "there is no such layer here"
    }
  }
}
