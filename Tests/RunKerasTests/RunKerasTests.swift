import Foundation
import FoveaCore
import FoveaKeras
import FoveaLayers
import FoveaModel
import FoveaONNX

/// Computes model files of Keras. For each path that comes on standard input, a line goes to standard output: the path, a tab,
/// a word, a tab, and more.
///
/// - `import`: makes a model of it, and computes that where it is small: `imported` or `refused` and why. For files that
///   somebody has damaged.
/// - else the path is that of a folder with `model.h5` or `model.keras`, `inputs/NAME.npy` and `outputs/NAME.npy`: `computed` and
///   the largest difference from an output, by the largest number in it; `failed` and why.
@main
struct RunKerasTests {
  static func main() throws {
    var registry = Registry()
    try BuiltinLayers.register(in: &registry)
    try BuiltinONNXLayers.register(in: &registry)
    let imports = CommandLine.arguments.contains("import")
    while let path = readLine() {
      let (verdict, more) = imports ? importing(path, registry) : comparing(path, registry)
      print("\(path)\t\(verdict)\t\(more.split(separator: "\n").joined(separator: " "))")
      fflush(nil)
    }
  }

  private static func importing(_ path: String, _ registry: Registry) -> (String, String) {
    do {
      let made = try KerasImport(KerasFile(path: path), registry: registry, name: "model")
      let work = made.model.nodes.reduce(0) { $0 + $1.outputShapes.reduce(0) { $0 + $1.count } }
      if work < 1 << 22 {
        let inputs = made.inputs.map { ($0.name, Tensor(zeros: Shape($0.shape).batched(1))) }
        _ = try made.compute(Dictionary(inputs) { first, _ in first })
      }
      return ("imported", "\(made.model.nodes.count) layers")
    } catch let error as any FoveaError {
      return ("refused", "\(error)")
    } catch {
      return ("unclear", "\(type(of: error)): \(error)")
    }
  }

  private static func comparing(_ folder: String, _ registry: Registry) -> (String, String) {
    do {
      let files = try FileManager.default.contentsOfDirectory(atPath: folder)
      guard let name = files.sorted().first(where: { $0.hasPrefix("model.") }) else { return ("failed", "no model") }
      let made = try KerasImport(KerasFile(path: "\(folder)/\(name)"), registry: registry, name: "model")
      var inputs: [String: Tensor] = [:]
      for port in made.inputs { inputs[port.name] = try array("\(folder)/inputs/\(port.name).npy") }
      let outputs = try made.compute(inputs)
      var largest = 0.0
      for name in try FileManager.default.contentsOfDirectory(atPath: folder + "/outputs").sorted() {
        let (expected, key) = (try array("\(folder)/outputs/\(name)"), String(name.dropLast(4)))
        guard let got = outputs[key] else {
          return ("failed", "there is no output '\(key)', only \(outputs.keys.sorted())")
        }
        guard got.shape == expected.shape else {
          return ("failed", "'\(key)' has the shape \(got.shape) and not \(expected.shape)")
        }
        let (a, b) = (got.elements, expected.elements)
        let scale = b.reduce(Float.leastNormalMagnitude) { max($0, $1.magnitude) }
        for (got, expected) in zip(a, b) {
          let difference = Double((got - expected).magnitude / scale)
          guard difference.isFinite else { return ("failed", "'\(key)' is no number") }
          largest = max(largest, difference)
        }
      }
      return ("computed", "\(largest)\t\(made.remaining.count)")
    } catch {
      return ("failed", "\(error)")
    }
  }

  private static func array(_ path: String) throws -> Tensor {
    try NumPyArray(path: path).tensor(path: path).converted(to: .float32)
  }
}
