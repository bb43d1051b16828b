import COneDNN

/// The geometry of a two-dimensional convolution over a batch, for ``Kernel/convolution(_:pass:source:weights:destination:)``.
public struct ConvolutionOperation: Sendable, Hashable {
  public var batch: Int
  public var inputChannels, inputHeight, inputWidth: Int
  public var filters, outputHeight, outputWidth: Int
  public var kernelHeight, kernelWidth: Int
  public var strideHeight = 1
  public var strideWidth = 1
  public var dilationHeight = 1
  public var dilationWidth = 1
  public var top = 0
  public var left = 0
  public var bottom = 0
  public var right = 0
  public var groups = 1
  public var hasBias: Bool
  /// Whether the forward passes add to what `destination` holds, before the activation.
  public var accumulates = false
  /// Applied to the output of the forward passes; the backward passes know nothing of it.
  public var activation: ActivationFunction?
  /// Of the factors.
  public var precision = Precision.float32

  public init(
    batch: Int, input: (channels: Int, height: Int, width: Int), output: (channels: Int, height: Int, width: Int),
    kernel: (height: Int, width: Int), hasBias: Bool
  ) {
    self.batch = batch
    (inputChannels, inputHeight, inputWidth) = input
    (filters, outputHeight, outputWidth) = output
    (kernelHeight, kernelWidth) = kernel
    self.hasBias = hasBias
  }

  /// How many products are added up.
  package var products: Double {
    let outputs = Double(batch) * Double(filters) * Double(outputHeight) * Double(outputWidth)
    return outputs * Double(inputChannels / max(1, groups)) * Double(kernelHeight) * Double(kernelWidth)
  }

  /// The weights as the kernel sees them: with more than one group, the groups are an axis of their own in front.
  public var weightsShape: Shape { Shape(weightsDimensions) }

  // Whatever somebody has set; kernels are made of what is checked.
  fileprivate var inputDimensions: [Int] { [batch, inputChannels, inputHeight, inputWidth] }
  fileprivate var outputDimensions: [Int] { [batch, filters, outputHeight, outputWidth] }
  fileprivate var weightsDimensions: [Int] {
    groups > 1
      ? [groups, filters / groups, inputChannels / groups, kernelHeight, kernelWidth]
      : [filters, inputChannels, kernelHeight, kernelWidth]
  }

  fileprivate var raw: fovea_dnn_convolution {
    fovea_dnn_convolution(
      batch: Int64(batch), input_channels: Int64(inputChannels), output_channels: Int64(filters),
      input_height: Int64(inputHeight), input_width: Int64(inputWidth), kernel_height: Int64(kernelHeight),
      kernel_width: Int64(kernelWidth), stride_height: Int64(strideHeight), stride_width: Int64(strideWidth),
      dilation_height: Int64(dilationHeight), dilation_width: Int64(dilationWidth), pad_top: Int64(top),
      pad_left: Int64(left), pad_bottom: Int64(bottom), pad_right: Int64(right), groups: Int64(groups),
      has_bias: hasBias, accumulates: accumulates, activation: activation.raw, precision: precision.raw)
  }
}

extension Kernel {
  /// A convolution; a layout that is nil is the kernel's to choose, which is fastest as a rule.
  ///
  /// Forward takes `source`, `weights`, `bias`, `destination`; backward by data `destinationGradient`, `weights`,
  /// `sourceGradient`; backward by weights `source`, `destinationGradient`, `weightsGradient`, `biasGradient`, and it
  /// overwrites the latter two.
  public static func convolution(
    _ operation: ConvolutionOperation, pass: Pass, source: Layout? = nil, weights: Layout? = nil,
    destination: Layout? = nil
  ) throws(KernelError) -> Kernel {
    let source = try source?.shaped(Shape(of: operation.inputDimensions))
    let weights = try weights?.shaped(Shape(of: operation.weightsDimensions))
    let destination = try destination?.shaped(Shape(of: operation.outputDimensions))
    return try Kernel([source, weights, destination]) { result in
      withUnsafePointer(to: operation.raw) {
        fovea_dnn_convolution_create($0, pass.raw, source?.handle, weights?.handle, destination?.handle, result)
      }
    }
  }
}
