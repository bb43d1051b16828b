import FoveaCore
import FoveaLayers
import Testing

/// Layers that work channel by channel give the same whatever order a convolution has left: plain, blocks of channels of which
/// the last is not full, channels last.
@Suite struct ChannelLayoutTests {
  private static let shape: Shape = [21, 6, 5]

  /// The same numbers in three orders.
  private func orders(_ input: Tensor) throws -> [Tensor] {
    let layer = try Convolution(.init(filters: 21, kernel: 3, padding: .same), input: [16, 6, 5])
    let parameters = layer.parameters.map { Tensor(zeros: $0.shape) }
    let blocked = try layer.infer(Tensor(zeros: [3, 16, 6, 5]), parameters).layout
    let last = try #require(Layout.channelsLast(input.shape))
    return [input, input.converted(to: blocked), input.converted(to: last)]
  }

  private func draw(_ shape: Shape, _ seed: UInt64) -> Tensor {
    var random = SeededRandom(seed: seed)
    return Tensor((0..<shape.count).map { _ in random.uniform(in: -1...1) }, shape)
  }

  private func results<L: Layer>(
    _ layer: L, _ inputs: [Tensor], _ parameters: [Tensor], _ gradient: Tensor
  ) throws -> [Tensor] {
    let (output, cache) = try layer.forward(inputs, parameters, TrainingContext(seed: 1))
    var gradients = Gradients(for: parameters)
    let back = try layer.backward(gradient, cache, parameters, BackwardContext(), into: &gradients)
    return [output] + back + parameters.indices.map { gradients[$0] }
  }

  private func check<L: Layer>(_ layer: L, second: Shape? = nil) throws {
    let (input, gradient) = (draw(Self.shape.batched(3), 1), draw(layer.outputShape.batched(3), 2))
    let others = second.map { [draw($0.batched(3), 3)] } ?? []
    let parameters = layer.parameters.enumerated().map { draw($1.shape, UInt64(4 + $0)) }
    let expected = try results(layer, [input] + others, parameters, gradient)
    for input in try orders(input) {
      for gradient in try gradient.shape == input.shape ? orders(gradient) : [gradient] {
        let got = try results(layer, [input] + others, parameters, gradient)
        for (index, (a, b)) in zip(got, expected).enumerated() {
          let worst = zip(a.elements, b.elements).map { abs($0 - $1) }.max() ?? 0
          #expect(a.shape == b.shape && worst < 1e-4, "\(L.kind), result \(index)")
        }
      }
    }
  }

  @Test func theOrderOfTheInputDoesNotMatter() throws {
    try check(Prelu(.init(), input: Self.shape))
    try check(Prelu(.init(shared: true), input: Self.shape))
    try check(ScaleShift(.init(), input: Self.shape))
    try check(Multiply(.init(), inputs: [Self.shape, [21]]), second: [21])
    try check(Multiply(.init(), inputs: [Self.shape, Self.shape]), second: Self.shape)
  }

  /// Enough numbers for several threads.
  @Test func largeBatchesAreSharedOut() throws {
    let layer = try ScaleShift(.init(), input: [32, 64, 64])
    let (x, scale, shift) = (draw([2, 32, 64, 64], 1), draw([32], 2), draw([32], 3))
    let output = try layer.infer(x, [scale, shift]).elements
    let (inputs, factors, offsets) = (x.elements, scale.elements, shift.elements)
    let wrong = output.indices.filter { i in
      let channel = i / 4096 % 32
      return abs(output[i] - (inputs[i] * factors[channel] + offsets[channel])) > 1e-5
    }
    #expect(wrong.isEmpty)
  }

  @Test func whatCannotBeMultipliedIsRefused() {
    #expect(throws: LayerError.inputCount(kind: "multiply", expected: "two inputs", got: 1)) {
      try Multiply(.init(), inputs: [[3, 4, 5]])
    }
    #expect(
      throws: LayerError.invalidInput(
        kind: "multiply", expected: "[3, 4, 5], as the first input has, or a number for each of its 3 channels",
        got: [4])
    ) { try Multiply(.init(), inputs: [[3, 4, 5], [4]]) }
  }
}
