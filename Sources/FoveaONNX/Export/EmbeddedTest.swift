import FoveaCore
import FoveaModel

/// A test that a file embeds in its metadata, under `fovea.test`: which inputs, and what comes out.
///
/// Inputs are a rule and no numbers: element i, in the order of the file, is n = (7919·i + 12345) mod 65537, of which pictures have
/// n mod 256, and floats n / 65536. Of each output the first thousand numbers are there.
///
/// `{"inputs": {"image": [1, 48, 64, 3]}, "outputs": {"confidences": {"shape": [1, 10], "numbers": […]}}}`
struct EmbeddedTest {
  static let key = "fovea.test"
  private static let mostNumbers = 1000

  private struct Output {
    let shape: [Int]
    let numbers: [Float]
  }

  private var inputs: [String: [Int]] = [:]
  private var outputs: [String: Output] = [:]

  private static func number(_ index: Int) -> Int { (7919 * index + 12345) % 65537 }

  private static func bytes(_ count: Int) -> [UInt8] { (0..<count).map { UInt8(number($0) % 256) } }

  private static func floats(_ count: Int) -> [Float] { (0..<count).map { Float(number($0)) / 65536 } }

  // MARK: At export

  /// - Returns: nil where the steps refuse all pictures that are tried.
  init?(_ model: Model, _ names: [String], _ steps: [any PreprocessingStep]?, _ heads: [OutputExport]) {
    var tensors: [Tensor] = []
    for (port, name) in zip(model.inputs, names) {
      guard let steps, port.shape.rank == 3 else {
        tensors.append(Tensor(Self.floats(port.shape.count), port.shape.batched(1)))
        inputs[name] = [1] + port.shape.dimensions
        continue
      }
      guard let (shape, prepared) = Self.picture(port, steps) else { return nil }
      inputs[name] = shape
      tensors.append(prepared)
    }
    guard let joined = Tensors(tensors), let results = try? model.infer(joined) else { return nil }
    for (head, result) in zip(heads, results) {
      guard result.element == .float32 else { continue }
      let numbers = head.applied(to: result.elements(of: Float.self))
      guard numbers.allSatisfy(\.isFinite) else { return nil }
      outputs[head.name(isOnly: heads.count == 1)] = Output(
        shape: [1] + head.shape.dimensions, numbers: Array(numbers.prefix(Self.mostNumbers)))
    }
  }

  private static func picture(_ port: Model.Port, _ steps: [any PreprocessingStep]) -> ([Int], Tensor)? {
    let (height, width) = (port.shape[1], port.shape[2])
    let isColored = port.shape[0] == 3 || steps.contains { ["toGrayscale", "toRGB"].contains(type(of: $0).kind) }
    let channels = isColored ? 3 : port.shape[0]
    for size in [(48, 64), (height, width), (2 * height, 2 * width)] {
      let shape = [size.0, size.1, channels]
      let bytes = bytes(shape.reduce(1, *))
      guard var image = try? Image(width: size.1, height: size.0, channels: channels, pixels: .bytes(bytes)) else {
        continue
      }
      do {
        for step in steps { image = try step.apply(image) }
      } catch { continue }
      guard image.shape == port.shape else { continue }
      var tensor = Tensor(uninitialized: port.shape.batched(1))
      tensor.withUnsafeMutableFloats { image.writePlanar(into: $0) }
      return ([1] + shape, tensor)
    }
    return nil
  }

  var json: String? {
    let value = ConfigurationValue.object([
      "inputs": .object(inputs.mapValues { .array($0.map { .integer($0) }) }),
      "outputs": .object(
        outputs.mapValues { output in
          .object([
            "shape": .array(output.shape.map { .integer($0) }),
            "numbers": .array(output.numbers.map { .number(Double($0)) }),
          ])
        }),
    ])
    return value.json
  }

  // MARK: At import

  /// - Returns: nil where the text is no such test.
  init?(json text: String) {
    guard case .object(let members)? = try? ConfigurationValue(json: Array(text.utf8)),
      case .object(let inputs)? = members["inputs"], case .object(let outputs)? = members["outputs"]
    else { return nil }
    for (name, value) in inputs {
      guard let shape = Self.shape(value) else { return nil }
      self.inputs[name] = shape
    }
    for (name, value) in outputs {
      guard case .object(let parts) = value, let shape = parts["shape"].flatMap(Self.shape),
        case .array(let numbers)? = parts["numbers"]
      else { return nil }
      self.outputs[name] = Output(
        shape: shape,
        numbers: numbers.map { number in
          switch number {
          case .integer(let whole): Float(whole)
          case .number(let number): Float(number)
          default: .nan
          }
        })
    }
  }

  /// Of at most so many elements that a lying file costs nothing.
  private static func shape(_ value: ConfigurationValue) -> [Int]? {
    guard case .array(let extents) = value, extents.count <= 8 else { return nil }
    var (shape, count) = ([Int](), 1)
    for extent in extents {
      guard case .integer(let whole) = extent, (1...1 << 24).contains(whole) else { return nil }
      count *= whole
      guard count <= 1 << 24 else { return nil }
      shape.append(whole)
    }
    return shape
  }

  /// Computes the file's graph, and compares.
  ///
  /// - Returns: the largest difference, relative to the largest number of its output.
  /// - Throws: ``ONNXError`` where it is more than rounding explains.
  func verify(_ model: ONNXModel, _ limits: ONNXLimits) throws -> Float {
    var values: [String: ONNXValue] = [:]
    for (name, shape) in inputs {
      let count = shape.reduce(1, *)
      guard count <= limits.mostElements else {
        throw ONNXError.input(
          file: model.file, name: name, expected: "at most \(limits.mostElements) elements in the embedded test",
          got: "\(shape)")
      }
      let isPicture = model.inputType(name) == .uint8
      values[name] = .tensor(
        isPicture ? ONNXTensor(Self.bytes(count), shape) : ONNXTensor(floats: Self.floats(count), shape))
    }
    let results = try model.run(inputs: values, limits: limits)
    var largest: Float = 0
    for (name, expected) in outputs {
      func failure(_ problem: String) -> ONNXError {
        .output(
          file: model.file, name: name,
          problem: "the test that the file embeds fails: \(problem); the file is damaged, or was changed")
      }
      guard let tensor = results[name]?.tensor, tensor.dimensions == expected.shape,
        tensor.count >= expected.numbers.count
      else { throw failure("it is not of shape \(expected.shape)") }
      let scale = max(expected.numbers.reduce(0) { max($0, $1.magnitude) }, 1e-6)
      for (got, wanted) in zip(tensor.numbers, expected.numbers) {
        let difference = (Float(got) - wanted).magnitude / scale
        guard difference <= model.tolerance else { throw failure("\(got) and not \(wanted)") }
        largest = max(largest, difference)
      }
    }
    return largest
  }
}

extension ONNXModel {
  /// How far two that compute it may differ, relative to the largest number of an output: more than rounding explains. In a
  /// network of bytes, what lies between two of them goes to one here and to the other there.
  var tolerance: Float { message.metadata[ONNXExport.quantizationKey] == nil ? 1e-3 : 0.05 }

  /// What an input's elements are; nil where there is no such input of plain numbers.
  func inputType(_ name: String) -> ONNXElementType? {
    guard let info = graph.inputs.first(where: { $0.name == name }), case .tensor(let type, _) = info.type else {
      return nil
    }
    return ONNXElementType(rawValue: Int(truncatingIfNeeded: type))
  }
}
