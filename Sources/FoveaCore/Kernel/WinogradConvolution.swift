internal import CKernels

/// A convolution by kernels of 3×3 by Winograd's algorithm (Lavin and Gray, "Fast Algorithms for Convolutional Neural Networks", 2016):
/// four by four outputs take 36 products of each channel with each filter, and not 144; at the edge, n outputs of a row or column take
/// n + 2.
///
/// oneDNN has it for AVX-512 only. Errors are some 1e-5 of the largest output, as those of every such algorithm with tiles of this size.
package struct WinogradConvolution: Sendable {
  /// Channels and filters are a multiple of so many.
  private static let panel = 16
  /// Fewer channels or filters do not make up for the transformations of inputs and outputs.
  private static let fewest = 32
  /// Tiles of an example that are multiplied by the same weights. With fewer, transforming these, or reading four times as many
  /// numbers, takes longer than the multiplications that are saved.
  private static let fewestTiles = 4
  /// Of all examples, where weights are transformed at each call.
  private static let fewestTilesOfFreshWeights = 16
  private static let mostElements = 1 << 30

  private let shape: fovea_winograd
  private let outputShape: Shape
  private let products: Double
  private let isGradient: Bool
  private let instructions: VectorInstructions

  /// - Parameters:
  ///   - operation: its batch does not matter. Of activations, the kernel knows the rectifier.
  ///   - isGradient: whether the gradient of the operation's input is computed from that of its output, which is a convolution, too.
  /// - Returns: nil for what the kernels do not know, and for sizes at which the direct algorithm is as fast.
  package init?(
    _ operation: ConvolutionOperation, isGradient: Bool = false, instructions: VectorInstructions = .inUse
  ) {
    guard instructions.isAvailable, Self.suits(operation), operation.activation == nil || operation.activation == .relu
    else { return nil }
    let input = Self.maps(operation.inputChannels, operation.inputHeight, operation.inputWidth)
    let output = Self.maps(operation.filters, operation.outputHeight, operation.outputWidth)
    let (from, to) = isGradient ? (output, input) : (input, output)
    let top = isGradient ? 2 - operation.top : operation.top
    let left = isGradient ? 2 - operation.left : operation.left
    shape = fovea_winograd(
      batch: 1, channels: from.channels, height: from.height, width: from.width, filters: to.channels, top: Int32(top),
      left: Int32(left), outputHeight: to.height, outputWidth: to.width, inputLanes: 0, outputLanes: 0, adds: false,
      rectifies: !isGradient && operation.activation != nil, threads: 1)
    outputShape = [Int(to.channels), Int(to.height), Int(to.width)]
    var single = operation
    single.batch = 1
    products = single.products
    self.isGradient = isGradient
    self.instructions = instructions
  }

  private static func maps(_ channels: Int, _ height: Int, _ width: Int) -> (
    channels: Int32, height: Int32, width: Int32
  ) {
    (Int32(channels), Int32(height), Int32(width))
  }

  private static func suits(_ operation: ConvolutionOperation) -> Bool {
    let (channels, filters) = (operation.inputChannels, operation.filters)
    return operation.precision == .float32 && operation.groups == 1 && operation.kernelHeight == 3
      && operation.kernelWidth == 3 && operation.strideHeight == 1 && operation.strideWidth == 1
      && operation.dilationHeight == 1 && operation.dilationWidth == 1 && channels % panel == 0 && filters % panel == 0
      && min(channels, filters) >= fewest && operation.top >= 0 && operation.left >= 0 && operation.outputHeight > 0
      && operation.outputWidth > 0
      && channels * operation.inputHeight * operation.inputWidth <= mostElements
      && filters * operation.outputHeight * operation.outputWidth <= mostElements
  }

  /// Whether it pays for so many examples. In use their number does not count, so that what comes out for one does not depend on the
  /// others that came with it.
  ///
  /// - Parameter keepsWeights: whether these are transformed once, as in use, or at each call.
  package func pays(batch: Int, keepsWeights: Bool) -> Bool {
    let tiles = ((Int(shape.outputHeight) + 3) / 4) * ((Int(shape.outputWidth) + 3) / 4)
    return keepsWeights ? tiles >= Self.fewestTiles : batch * tiles >= Self.fewestTilesOfFreshWeights
  }

  /// - Parameter weights: the operation's, `[filters, channels, 3, 3]`, in plain order.
  /// - Returns: what ``apply(_:_:bias:adding:)`` multiplies with, four times as many numbers; of many channels and filters as many,
  ///   which are transformed on the way, since so much more is not read fast enough.
  package func transformed(_ weights: Tensor) -> Tensor {
    var shape = shape
    shape.threads = Int32(KernelThreads.current)
    let result = Tensor(uninitialized: [fovea_winograd_weights(shape.channels, shape.filters)])
    let watch = KernelRecorder.start()
    fovea_winograd_transform(&shape, instructions.raw, isGradient, weights.address, result.address)
    watch?.stop("winograd weights", isReorder: true)
    withExtendedLifetime(weights) {}
    return result
  }

  /// - Parameters:
  ///   - input: a batch of the operation's input, or of its output's gradient, which the caller has checked. What lies in blocks of
  ///     channels, or channels last, is taken as it lies.
  ///   - weights: ``transformed(_:)``.
  ///   - addend: of the output's shape; becomes the output, in its own memory where nobody else holds that, and nil.
  package func apply(_ input: Tensor, _ weights: Tensor, bias: Tensor?, adding addend: inout Tensor?) -> Tensor {
    let input = arranged(input)
    var shape = shape
    shape.batch = Int32(input.shape[0])
    shape.inputLanes = Int32(input.lanes ?? 0)
    shape.adds = addend != nil
    shape.threads = products * Double(shape.batch) <= Double(1 << 20) ? 1 : Int32(KernelThreads.current)
    let layout = addend.map { hasWholeVectors($0) ? $0.layout : input.layout } ?? input.layout
    let output =
      addend.take()?.owned(in: layout) ?? Tensor(uninitialized: outputShape.batched(input.shape[0]), layout: layout)
    shape.outputLanes = Int32(output.lanes ?? 0)
    let scratch = Tensor(uninitialized: [fovea_winograd_scratch(&shape)])
    let bias = bias?.plain()
    let watch = KernelRecorder.start()
    fovea_winograd_convolve(
      &shape, instructions.raw, input.address, weights.address, bias?.address, output.address, scratch.address)
    watch?.stop("winograd", instructions)
    withExtendedLifetime((input, weights, bias, scratch)) {}
    return output
  }

  package func apply(_ input: Tensor, _ weights: Tensor, bias: Tensor?) -> Tensor {
    var addend: Tensor?
    return apply(input, weights, bias: bias, adding: &addend)
  }

  private func hasWholeVectors(_ tensor: Tensor) -> Bool {
    tensor.lanes.map { $0 % (instructions == .avx512 ? 16 : 8) == 0 } ?? false
  }

  /// In an order with whole vectors of channels.
  private func arranged(_ tensor: Tensor) -> Tensor {
    guard !hasWholeVectors(tensor), let last = Layout.channelsLast(tensor.shape) else { return tensor }
    return tensor.plain().converted(to: last)
  }
}
