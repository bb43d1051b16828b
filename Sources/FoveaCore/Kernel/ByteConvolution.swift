internal import CKernels

/// A convolution, or a product, of bytes with bytes, whose sums are exact: for networks in use.
///
/// What comes out are bytes again, or floats; before that, the sum with another tensor of bytes, and an activation that cuts off.
package struct ByteConvolution: Sendable {
  /// So many products fit a sum of 32 bits: 255·127 each.
  private static let mostProducts = 66_000
  private static let mostTaps = 1024

  private let raw: fovea_byte_convolution
  private let inputShape: Shape
  private let outputShape: Shape
  private let instructions: VectorInstructions

  /// - Parameter operation: for a batch of 1; its activation is none of the kernel's.
  /// - Returns: nil where there is no kernel.
  package init?(_ operation: ConvolutionOperation, instructions: VectorInstructions = .inUse) {
    let isDepthwise = operation.groups > 1
    guard !isDepthwise || operation.groups == operation.inputChannels && operation.groups == operation.filters else {
      return nil
    }
    let taps = operation.kernelHeight * operation.kernelWidth
    let channels = isDepthwise ? 1 : operation.inputChannels
    guard taps <= Self.mostTaps, channels <= Self.mostProducts, taps * channels <= Self.mostProducts else { return nil }
    raw = fovea_byte_convolution(
      batch: 1, channels: Int32(operation.inputChannels), height: Int32(operation.inputHeight),
      width: Int32(operation.inputWidth), filters: Int32(operation.filters),
      kernelHeight: Int32(operation.kernelHeight),
      kernelWidth: Int32(operation.kernelWidth), strideHeight: Int32(operation.strideHeight),
      strideWidth: Int32(operation.strideWidth), dilationHeight: Int32(operation.dilationHeight),
      dilationWidth: Int32(operation.dilationWidth), top: Int32(operation.top), left: Int32(operation.left),
      outputHeight: Int32(operation.outputHeight), outputWidth: Int32(operation.outputWidth), isDepthwise: isDepthwise,
      zero: 0, threads: 1, hasSmallWeights: false)
    inputShape = [operation.inputChannels, operation.inputHeight, operation.inputWidth]
    outputShape = [operation.filters, operation.outputHeight, operation.outputWidth]
    self.instructions = instructions
  }

  /// What bytes stand for that come in and go out.
  package struct Scales: Sendable, Hashable {
    package var input: ByteScale
    /// Of what is added to the sums; nil for nothing.
    package var addend: ByteScale?
    /// nil for floats.
    package var output: ByteScale?

    package init(input: ByteScale, addend: ByteScale? = nil, output: ByteScale?) {
      (self.input, self.addend, self.output) = (input, addend, output)
    }
  }

  /// Weights as the kernel wants them, and how its sums become what comes out.
  package struct Weights: Sendable {
    fileprivate let scales: Scales
    fileprivate let arranged: Tensor
    fileprivate let factors: Tensor
    fileprivate let offsets: Tensor
    fileprivate let bounds: ClosedRange<Float>
    fileprivate let addendFactor: Float
    /// Whether there is a faster kernel where no instruction is for bytes in fours.
    fileprivate let isSmall: Bool
    /// See `fovea_byte_result`.
    fileprivate let endsAsBytes: Bool
  }

  /// - Parameters:
  ///   - weights: of as many rows as there are filters.
  ///   - bias: in plain order; nil for none.
  ///   - bounds: what the output is cut off at.
  package func prepare(
    _ weights: QuantizedRows, _ bias: Tensor?, _ scales: Scales, bounds: ClosedRange<Float>?
  ) -> Weights {
    let filters = Int(raw.filters)
    let room = Int(fovea_byte_filters(Int64(filters)))
    // In steps of the output's bytes.
    let step = Double(scales.output?.scale ?? 1)
    let zero = Double(scales.output?.zeroPoint ?? 0)
    let input = Double(scales.input.scale)
    let addendFactor = scales.addend.map { Double($0.scale) / step } ?? 0
    let shift = zero - addendFactor * Double(scales.addend?.zeroPoint ?? 0)
    let (weightScales, biases) = (weights.scales.elements, bias?.elements)
    let factors = Tensor([room]) { factors in
      for i in 0..<filters { factors[i] = Float(input * Double(weightScales[i]) / step) }
    }
    let offsets = Tensor([room]) { offsets in
      for i in 0..<filters { offsets[i] = Float(Double(biases?[i] ?? 0) / step + shift) }
    }
    let most = Float.greatestFiniteMagnitude
    var (lower, upper) = (bounds?.lowerBound ?? -most, bounds?.upperBound ?? most)
    if scales.output != nil {
      func inSteps(_ bound: Float) -> Float { Float(max(0, min(255, Double(bound) / step + zero))) }
      (lower, upper) = (inSteps(lower), inSteps(upper))
    }
    let numbers = weights.numbers
    let hasSmallWeights = numbers.elements(of: Int8.self).allSatisfy { abs(Int($0)) <= QuantizedRows.mostSmall }
    var shape = prepared(1, scales.input, hasSmallWeights: hasSmallWeights)
    let arranged = Tensor(
      uninitialized: [fovea_byte_weights_size(&shape, Int32(instructions.rawValue))], of: .uint8)
    numbers.withUnsafeBytes { numbers in
      fovea_byte_weights_arrange(
        &shape, Int32(instructions.rawValue), numbers.bindMemory(to: Int8.self).baseAddress, arranged.memory)
    }
    // No sum is as large as 2³¹, and none of three terms a quarter of that.
    let isSmall = factors.elements.allSatisfy { abs($0) < 0.25 } && offsets.elements.allSatisfy { abs($0) < 2.6e8 }
    let endsAsBytes = isSmall && abs(addendFactor) < 1e6 && lower < 0.5 && upper > 254.5
    return Weights(
      scales: scales, arranged: arranged, factors: factors, offsets: offsets, bounds: lower...upper,
      addendFactor: Float(addendFactor), isSmall: hasSmallWeights, endsAsBytes: endsAsBytes)
  }

  private func prepared(_ batch: Int, _ input: ByteScale, hasSmallWeights: Bool) -> fovea_byte_convolution {
    var shape = raw
    shape.batch = Int32(clamping: batch)
    shape.zero = input.zeroPoint
    shape.hasSmallWeights = hasSmallWeights
    shape.threads = Int32(clamping: KernelThreads.current)
    return shape
  }

  /// - Parameters:
  ///   - input: bytes of the scale that the weights were prepared for.
  ///   - addend: of the output's shape, in bytes of its scale; nil for none.
  ///   - vector: whether what comes out is a vector of each example, and no maps of one pixel.
  /// - Returns: bytes, or floats with the channels last.
  package func apply(_ input: Tensor, _ weights: Weights, adding addend: Tensor?, asVector vector: Bool = false)
    -> Tensor
  {
    let batch = input.shape[0]
    let shape: Shape = vector ? [batch, outputShape.count] : outputShape.batched(batch)
    require(
      input.layout.byteScale == weights.scales.input && input.shape.count == inputShape.batched(batch).count
        && addend?.layout.byteScale == weights.scales.addend, "these are no bytes for such a kernel")
    let output =
      weights.scales.output.map { Tensor(uninitialized: shape, layout: .bytes($0)) }
      ?? Tensor(uninitialized: shape, layout: outputLayout(shape))
    var convolution = prepared(batch, weights.scales.input, hasSmallWeights: weights.isSmall)
    var result = fovea_byte_result()
    result.factors = UnsafePointer(weights.factors.address)
    result.offsets = UnsafePointer(weights.offsets.address)
    (result.lower, result.upper) = (weights.bounds.lowerBound, weights.bounds.upperBound)
    result.addendFactor = weights.addendFactor
    result.endsAsBytes = weights.endsAsBytes
    if let addend { result.addend = UnsafePointer(addend.bytes) }
    if weights.scales.output == nil { result.floats = output.address } else { result.bytes = output.bytes }
    let code = Int32(instructions.rawValue)
    let scratch = Storage(byteCount: fovea_byte_scratch_size(&convolution, code))
    let watch = KernelRecorder.start()
    fovea_byte_convolve(&convolution, code, input.bytes, weights.arranged.memory, &result, scratch.address)
    watch?.stop(String(cString: fovea_byte_kernel_name(&convolution, code)))
    withExtendedLifetime((input, weights, addend, scratch)) {}
    return output
  }

  /// Of one pixel, plain order is the same.
  private func outputLayout(_ shape: Shape) -> Layout {
    shape.rank < 4 || shape[2] * shape[3] == 1 ? .plain : Layout.channelsLast(shape) ?? .plain
  }
}
