import FoveaCore
import FoveaLayers
import Testing

/// A layer of weights in use, and what it takes in.
@Suite struct WeightedInferenceTests {
  private func draw(_ shape: Shape, seed: UInt64) -> Tensor {
    var random = SeededRandom(seed: seed)
    return Tensor((0..<shape.count).map { _ in random.uniform(in: 0.1...1) }, shape)
  }

  private func fused(_ layer: any InferenceLayer, with others: [any Operator]) throws -> any InferenceOperator {
    try others.reduce(layer.forInference()) { try #require($0.fused(with: $1) as? any InferenceOperator) }
  }

  private func compute<L: Layer>(_ layer: L, _ inputs: [Tensor], _ parameters: [Tensor]) throws -> Tensor {
    try layer.infer(inputs, parameters)
  }

  /// One after the other: the layer, the normalization, the sum, the activation.
  @Test(arguments: [1, 4, 32]) func computesWhatTheLayersDo(groups: Int) throws {
    let input: Shape = [32, 9, 7]
    let convolution = try Convolution(
      .init(filters: 32, kernel: 3, groups: groups, padding: .same, bias: groups == 4), input: input)
    let normalization = try BatchNormalization(.init(epsilon: 0.01), input: input)
    let sum = try Add(.init(), inputs: [input, input])
    let relu = try LeakyRelu(.init(), input: input)
    let all: [any Operator] = [normalization, sum, relu]
    let parameters = (convolution.parameters + normalization.parameters).enumerated().map {
      draw($1.shape, seed: UInt64($0))
    }
    let (x, addend) = (draw([3, 32, 9, 7], seed: 20), draw([3, 32, 9, 7], seed: 21))
    let own = Array(parameters[..<convolution.parameters.count])
    let y = try normalization.infer(convolution.infer(x, own), Array(parameters[own.count...]))
    let expected = try relu.infer(sum.infer([y, addend], []), [])
    for count in 1...3 {
      let layer = try fused(convolution, with: Array(all[..<count]))
      #expect(layer.parameters == convolution.parameters + normalization.parameters)
      #expect(layer.reusedInput == (count > 1 ? 1 : nil))
      guard count == 3 else { continue }
      for _ in 0..<2 {
        let got = try layer.compute([x, addend], parameters, batch: 3)[0]
        let worst = zip(got.elements, expected.elements).map { abs($0 - $1) }.max() ?? 1
        #expect(worst <= 1e-5 * (expected.elements.max() ?? 1))
      }
    }
  }

  @Test func takesNothingInBehindAnActivation() throws {
    let input: Shape = [16, 6, 6]
    let convolution = try Convolution(.init(filters: 16, kernel: 1), input: input)
    let normalization = try BatchNormalization(.init(), input: input)
    let sum = try Add(.init(), inputs: [input, input])
    let relu = try Relu(.init(), input: input)
    let followed = try fused(convolution, with: [relu])
    #expect(followed.fused(with: normalization) == nil && followed.fused(with: sum) == nil)
    #expect(followed.fused(with: relu) == nil)
    let summed = try fused(convolution, with: [sum])
    #expect(summed.fused(with: sum) == nil && summed.fused(with: normalization) == nil)
    #expect(summed.fused(with: try MaximumPooling(.init(window: 2), input: input)) == nil)
    #expect(try fused(convolution, with: [normalization]).fused(with: normalization) == nil)
    let three = try Add(.init(), inputs: [input, input, input])
    #expect(convolution.forInference().fused(with: three) == nil)
    let softmax = try Softmax(.init(), input: input)
    #expect(convolution.forInference().fused(with: softmax) == nil)
    // A dense layer's kernels do not add.
    let dense = try Dense(.init(units: 4), input: [8])
    #expect(dense.forInference().fused(with: try Add(.init(), inputs: [[4], [4]])) == nil)
  }

  /// The sum lies where the addend lay, unless somebody still holds that.
  @Test func sumsInPlace() throws {
    let input: Shape = [32, 8, 8]
    let convolution = try Convolution(.init(filters: 32, kernel: 1), input: input)
    let layer = try fused(convolution, with: [Add(.init(), inputs: [input, input])])
    let parameters = convolution.parameters.map { draw($0.shape, seed: 1) }
    let x = draw([2, 32, 8, 8], seed: 2)
    var inputs = [x, Tensor(zeros: x.shape)]
    // In the kernel's order by then.
    let first = try layer.infer(&inputs, parameters)
    inputs = [x, first]
    let second = try layer.infer(&inputs, parameters)
    #expect(second.address != first.address)
    let expected = second.elements.map { $0 }
    #expect(zip(expected, first.elements).allSatisfy { abs($0 - 2 * $1) <= 1e-5 * abs($0) })
    let address = second.address
    inputs = [x]
    inputs.append(consume second)
    let third = try layer.infer(&inputs, parameters)
    #expect(third.address == address)
    #expect(zip(third.elements, first.elements).allSatisfy { abs($0 - 3 * $1) <= 1e-5 * abs($0) })
    // What a kernel reads and adds is one tensor.
    inputs = [first, first]
    let before = first.elements
    _ = try layer.infer(&inputs, parameters)
    #expect(first.elements == before)
  }

  @Test func refusesAnAddendOfAnotherShape() throws {
    let input: Shape = [16, 4, 4]
    let convolution = try Convolution(.init(filters: 16, kernel: 1), input: input)
    let layer = try fused(convolution, with: [Add(.init(), inputs: [input, input])])
    let parameters = convolution.parameters.map { draw($0.shape, seed: 1) }
    #expect(throws: LayerError.self) {
      try layer.compute([Tensor(zeros: [2, 16, 4, 4]), Tensor(zeros: [1, 16, 4, 4])], parameters, batch: 2)
    }
  }
}
