public import FoveaCore
import FoveaModel

/// What a kernel of one's own and a pooling make of a picture: computed by the layers that networks are made of.
///
/// As in every network, the kernel is laid over the picture as it is written, and not turned around before.
public struct KernelTrial: Sendable {
  /// Numbers, and what made them.
  public struct Stage: Sendable {
    /// The layer's kind; `input` for what came in.
    public let name: String
    public let matrix: NumberMatrix
  }

  let kernel: NumberMatrix?
  private let layers: [LayerDescription]
  private let bias: Float

  /// - Parameters:
  ///   - kernel: nil for a pooling alone.
  ///   - divisor: what all of its numbers are divided by.
  ///   - convolution: further settings of the layer `convolution`: `stride`, `padding`, `dilation`.
  ///   - bias: is added to each sum.
  ///   - behind: what comes behind it: activations, poolings.
  public init(
    kernel: NumberMatrix?, divisor: Float = 1, convolution: [String: ConfigurationValue] = [:], bias: Float = 0,
    behind: [KindDescription] = []
  ) throws(NumberMatrixError) {
    self.kernel = try kernel.map { kernel throws(NumberMatrixError) in
      do { return try NumberMatrix(kernel.rows.map { $0.map { $0 / divisor } }) } catch {
        throw NumberMatrixError("divided by \(divisor), \(error)")
      }
    }
    self.bias = bias
    let first = kernel.map { kernel in
      LayerDescription(
        name: Self.name, kind: "convolution",
        configuration: convolution.merging(
          ["filters": 1, "kernel": [.integer(kernel.height), .integer(kernel.width)]]) { $1 })
    }
    layers =
      (first.map { [$0] } ?? []) + behind.map { LayerDescription(kind: $0.kind, configuration: $0.configuration) }
  }

  private static let name = "kernel"

  /// The input, then what each layer makes of the one before.
  ///
  /// - Throws: ``ModelError`` where a setting is not valid, or a kernel or window is larger than the picture.
  public func run(_ input: NumberMatrix, registry: Registry) throws -> [Stage] {
    let description = ModelDescription(name: "trial", input: [1, input.height, input.width], layers: layers)
    var tensors: [String: Tensor] = [:]
    if let kernel {
      tensors["\(Self.name).kernel"] = Tensor(kernel.values, [1, 1, kernel.height, kernel.width])
      tensors["\(Self.name).bias"] = Tensor([bias], [1])
    }
    let model = try Model(description, registry: registry, tensors: tensors)
    let outputs = try model.activations(Tensor(input.values, [1, 1, input.height, input.width]))
    let stages = try zip(layers, outputs).map { layer, output in
      let width = output.shape.dimensions.last ?? 1
      let values = output.elements
      let rows = stride(from: 0, to: values.count, by: width).map { Array(values[$0..<$0 + width]) }
      do { return Stage(name: layer.kind, matrix: try NumberMatrix(rows)) } catch {
        throw NumberMatrixError("what \(layer.kind) makes of it is beyond what can be computed: \(error)")
      }
    }
    return [Stage(name: "input", matrix: input)] + stages
  }
}
