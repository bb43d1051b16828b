public import FoveaCore
import FoveaModel

/// What a kernel of one's own and a pooling make of a picture: computed by the layers that networks are made of.
///
/// As in every network, the kernel is laid over the picture as it is written, and not turned around before. A kernel of
/// several matrices reads as many channels, and its answers to these are added up.
public struct KernelTrial: Sendable {
  /// Numbers, and what made them.
  public struct Stage: Sendable {
    /// The layer's kind; `input` for what came in.
    public let name: String
    public let planes: NumberPlanes
  }

  let kernel: NumberPlanes?
  let convolution: [String: ConfigurationValue]
  let bias: Float
  let behind: [KindDescription]

  static let name = "kernel"

  /// - Parameters:
  ///   - kernel: nil for a pooling alone.
  ///   - divisor: what all of its numbers are divided by.
  ///   - convolution: further settings of the layer `convolution`: `stride`, `padding`, `dilation`.
  ///   - bias: is added to each sum.
  ///   - behind: what comes behind it: activations, poolings.
  public init(
    kernel: NumberPlanes?, divisor: Float = 1, convolution: [String: ConfigurationValue] = [:], bias: Float = 0,
    behind: [KindDescription] = []
  ) throws(NumberMatrixError) {
    self.kernel = try kernel.map { kernel throws(NumberMatrixError) in
      var matrices: [NumberMatrix] = []
      for matrix in kernel.matrices {
        do throws(NumberMatrixError) {
          matrices.append(try NumberMatrix(matrix.rows.map { $0.map { $0 / divisor } }))
        } catch { throw NumberMatrixError("divided by \(divisor), \(error)") }
      }
      return try NumberPlanes(matrices, isColor: kernel.isColor)
    }
    (self.convolution, self.bias, self.behind) = (convolution, bias, behind)
  }

  /// The input, then what each layer makes of the one before.
  ///
  /// - Throws: ``ModelError`` where a setting is not valid, or a kernel or window is larger than the picture;
  ///   ``NumberMatrixError`` where the kernel has more or fewer matrices than the input.
  public func run(_ input: NumberPlanes, registry: Registry) throws -> [Stage] {
    var tensors: [String: Tensor] = [:]
    if let kernel {
      tensors["\(Self.name).kernel"] = Tensor(kernel.values, [1, kernel.count, kernel.height, kernel.width])
      tensors["\(Self.name).bias"] = Tensor([bias], [1])
    }
    let description = try description(for: input)
    let model = try Model(description, registry: registry, tensors: tensors)
    let outputs = try model.activations(Tensor(input.values, [1, input.count, input.height, input.width]))
    let stages = try zip(description.layers, outputs).map { layer, output in
      Stage(name: layer.kind, planes: try Self.planes(output, layer.kind, isColor: input.isColor))
    }
    return [Stage(name: "input", planes: input)] + stages
  }

  /// The network.
  func description(for input: NumberPlanes) throws(NumberMatrixError) -> ModelDescription {
    var layers = behind.map { LayerDescription(kind: $0.kind, configuration: $0.configuration) }
    if let kernel {
      guard kernel.count == input.count else {
        throw NumberMatrixError(
          "the kernel has \(kernel.count) \(kernel.count == 1 ? "matrix" : "matrices"), one for each channel, but the "
            + "input has \(input.count.plainly("channel"))")
      }
      let settings: [String: ConfigurationValue] = [
        "filters": 1, "kernel": [.integer(kernel.height), .integer(kernel.width)],
      ]
      layers.insert(
        LayerDescription(name: Self.name, kind: "convolution", configuration: convolution.merging(settings) { $1 }),
        at: 0)
    }
    return ModelDescription(name: "trial", input: [input.count, input.height, input.width], layers: layers)
  }

  /// One example's output as matrices; what has no rows and columns is one row.
  static func planes(_ output: Tensor, _ kind: String, isColor: Bool = false) throws(NumberMatrixError) -> NumberPlanes
  {
    let shape = output.shape.dimensions
    let (height, width) = shape.count == 4 ? (shape[2], shape[3]) : (1, output.shape.count)
    let values = output.elements
    do {
      let matrices = try stride(from: 0, to: values.count, by: height * width).map { start in
        try NumberMatrix((0..<height).map { Array(values[start + $0 * width..<start + ($0 + 1) * width]) })
      }
      return try NumberPlanes(matrices, isColor: isColor)
    } catch {
      throw NumberMatrixError("what \(kind) makes of it is beyond what can be computed: \(error)")
    }
  }
}
