import Foundation
import FoveaCore
import FoveaKeras
import FoveaLayers
import FoveaONNX

/// Files of Keras with what it computes; `Tests/Fixtures/Generators/keras_fixtures.py` made them.
enum Fixture {
  static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("Fixtures/Keras")

  static var registry: Registry {
    get throws {
      var registry = Registry()
      try BuiltinLayers.register(in: &registry)
      try BuiltinONNXLayers.register(in: &registry)
      return registry
    }
  }

  static func path(_ name: String) -> String { folder.appendingPathComponent(name).path }

  /// The model file of a folder.
  static func model(_ name: String) throws -> String {
    let files = try FileManager.default.contentsOfDirectory(atPath: path(name))
    return path(name) + "/" + (files.first { $0.hasPrefix("model.") } ?? "")
  }

  /// The arrays of a folder, by name.
  static func arrays(_ name: String) throws -> [String: Tensor] {
    var arrays: [String: Tensor] = [:]
    for file in try FileManager.default.contentsOfDirectory(atPath: path(name)) {
      let full = path(name) + "/" + file
      arrays[String(file.dropLast(4))] = try NumPyArray(path: full).tensor(path: full)
    }
    return arrays
  }
}
