import FoveaCore

/// Where it is decided which kernels compute a layer: the candidates in their order, of which the first that applies to a
/// pass is taken, and oneDNN's, which can do everything, where none does.
///
/// What a candidate never applies to for its shape is left out when a layer is made. `fovea profile` shows what was taken.
/// Beside it there are five places with one question each: whether a convolution takes in the maximum pooling behind it
/// (``PooledConvolutionPasses``), whether such a pooling alone has a kernel of ours (``PoolingPasses``), and a function of each element
/// (``ActivationOperator``), which of oneDNN's convolutions takes a tensor in use as it lies (``ConvolutionOperator``), and whether
/// oneDNN itself convolves by Winograd's algorithm (`suitsWinograd` in COneDNN, which knows its implementations).
struct KernelChoice: AffineOperator {
  private let candidates: [any KernelCandidate]
  private let oneDNN: any KernelCandidate

  /// - Parameters:
  ///   - operation: for a batch of 1.
  ///   - connections: the maps that each filter sees; nil for all.
  static func convolution(_ operation: ConvolutionOperation, connections: [[Int]]?) -> KernelChoice {
    let plane = PlaneConvolutionOperator(operation)
    let connected = ConnectedConvolution(operation, connections: connections)
    func candidate(_ kernel: ConnectedConvolution, _ layout: Layout) -> any KernelCandidate {
      ConnectedConvolutionOperator(
        kernel: kernel, activation: operation.activation.map(ActivationOperator.init), layout: layout,
        interleaves: plane != nil || connections != nil)
    }
    var candidates: [any KernelCandidate] = []
    if let winograd = WinogradOperator(operation) { candidates.append(winograd) }
    if let connected { candidates.append(candidate(connected, .interleaved)) }
    if let plane {
      candidates.append(plane)
    } else if let connected, connections != nil {
      candidates.append(candidate(connected, .plain))
    }
    return KernelChoice(candidates: candidates, oneDNN: ConvolutionOperator(operation))
  }

  /// Units that see all inputs: a dense layer, or a convolution whose kernel covers the input, which is the same without the
  /// need to rearrange its weights.
  ///
  /// - Parameters:
  ///   - inputShape: of as many elements as a unit has weights.
  ///   - outputShape: of as many elements as there are units.
  ///   - precision: that of the factors.
  static func product(
    inputShape: Shape, outputShape: Shape, hasBias: Bool, activation: ActivationFunction?, precision: Precision
  ) -> KernelChoice {
    let product = ProductShape(
      input: inputShape, output: outputShape, hasBias: hasBias, activation: activation)
    var candidates: [any KernelCandidate] = []
    if precision == .bfloat16 { candidates.append(BFloat16ProductOperator(product)) }
    if let interleaved = InterleavedProductOperator(product) { candidates.append(interleaved) }
    if let dense = DenseProductOperator(product) { candidates.append(dense) }
    return KernelChoice(candidates: candidates, oneDNN: InnerProductOperator(product))
  }

  /// Whether all that may be taken can add to what is there.
  var canAdd: Bool { oneDNN.canAdd && candidates.allSatisfy(\.canAdd) }

  func infer(
    _ input: Tensor, _ weights: LayerWeights, adding addend: inout Tensor?, batch: Int
  ) throws(KernelError) -> Tensor {
    try chosen(KernelCall(pass: .inference, batch: batch, layout: input.layout))
      .infer(input, weights, adding: &addend, batch: batch)
  }

  func apply(
    _ input: Tensor, _ weights: Tensor, _ bias: Tensor?, batch: Int, pass: Kernel.Pass
  ) throws(KernelError) -> (output: Tensor, input: Tensor) {
    try chosen(KernelCall(pass: pass, batch: batch, layout: input.layout))
      .apply(input, weights, bias, batch: batch, pass: pass)
  }

  func inputGradient(_ outputGradient: Tensor, _ weights: Tensor, batch: Int) throws(KernelError) -> Tensor {
    try chosen(KernelCall(pass: .backwardData, batch: batch, layout: outputGradient.layout))
      .inputGradient(outputGradient, weights, batch: batch)
  }

  func weightGradients(
    _ input: Tensor, _ outputGradient: Tensor, batch: Int
  ) throws(KernelError) -> (weights: Tensor, bias: Tensor?) {
    try chosen(KernelCall(pass: .backwardWeights, batch: batch, layout: input.layout))
      .weightGradients(input, outputGradient, batch: batch)
  }

  func weightFactors(_ input: Tensor, _ outputGradient: Tensor, batch: Int) -> OuterProducts? {
    for candidate in candidates {
      if let factors = candidate.weightFactors(input, outputGradient, batch: batch) { return factors }
    }
    return nil
  }

  private func chosen(_ call: KernelCall) -> any KernelCandidate {
    for candidate in candidates where candidate.applies(to: call) { return candidate }
    return oneDNN
  }
}
