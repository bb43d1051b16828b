import FoveaCore
import Testing

/// Batch normalization with what is fused into it, beside loops of a few lines.
@Suite struct NormalizationTests {
  private static let epsilon: Float = 1e-3

  private static func draw(_ shape: Shape, seed: UInt64, around mean: Float = 0) -> Tensor {
    var random = SeededRandom(seed: seed)
    return Tensor((0..<shape.count).map { _ in mean + random.uniform(in: -1...1) }, shape)
  }

  private struct Expected {
    var output: [Float] = []
    var input: [Float]
    var mean: [Float] = []
    var variance: [Float] = []
    var scale: [Float] = []
    var shift: [Float] = []
  }

  /// Of maps in plain order.
  private static func loops(
    _ x: Tensor, _ scale: [Float], _ shift: [Float], _ gradient: Tensor, rectifies: Bool, pools: Bool
  ) -> Expected {
    let (batch, channels, height, width) = (x.shape[0], x.shape[1], x.shape[2], x.shape[3])
    let (x, gradient) = (x.elements.map(Double.init), gradient.elements.map(Double.init))
    let window = pools ? 2 : 1
    let (rows, columns) = (height / window, width / window)
    let count = Double(batch * height * width)
    var result = Expected(input: Array(repeating: 0, count: x.count))
    result.output = Array(repeating: 0, count: batch * channels * rows * columns)
    for c in 0..<channels {
      let places = (0..<batch).flatMap { n in (0..<height * width).map { (n * channels + c) * height * width + $0 } }
      let mean = places.reduce(0) { $0 + x[$1] } / count
      let variance = places.reduce(0) { $0 + (x[$1] - mean) * (x[$1] - mean) } / count
      let deviation = (variance + Double(epsilon)).squareRoot()
      var passed: [Int: Double] = [:]
      for n in 0..<batch {
        for place in 0..<rows * columns {
          let seen = (0..<window * window).map { element in
            ((n * channels + c) * height + place / columns * window + element / window) * width
              + place % columns * window + element % window
          }
          let values = seen.map { (x[$0] - mean) / deviation * Double(scale[c]) + Double(shift[c]) }
          let winner = values.indices.reduce(0) { values[$1] > values[$0] ? $1 : $0 }
          let index = (n * channels + c) * rows * columns + place
          let isCut = rectifies && values[winner] <= 0
          result.output[index] = isCut ? 0 : Float(values[winner])
          if !isCut { passed[seen[winner]] = gradient[index] }
        }
      }
      let sum = passed.values.reduce(0, +)
      let product = passed.reduce(0) { $0 + $1.value * (x[$1.key] - mean) / deviation }
      for place in places {
        let normal = (x[place] - mean) / deviation
        result.input[place] = Float(
          Double(scale[c]) / deviation * ((passed[place] ?? 0) - sum / count - normal * product / count))
      }
      result.mean.append(Float(mean))
      result.variance.append(Float(variance))
      result.scale.append(Float(product))
      result.shift.append(Float(sum))
    }
    return result
  }

  private func expectClose(_ got: Tensor, _ expected: [Float], _ what: String) {
    #expect(got.shape.count == expected.count)
    let worst = zip(got.elements, expected).map { abs($0 - $1) / (1 + abs($1)) }.max() ?? 0
    #expect(worst < 2e-4, "\(what)")
  }

  /// A layout that oneDNN's convolutions choose.
  private static func blocked(_ shape: Shape) throws -> Layout {
    let maps = (channels: shape[1], height: shape[2], width: shape[3])
    let operation = ConvolutionOperation(
      batch: shape[0], input: maps, output: maps, kernel: (height: 1, width: 1), hasBias: false)
    return try Kernel.convolution(operation, pass: .training).layout(.source)
  }

  @Test(arguments: VectorInstructions.allCases.filter(\.isAvailable))
  func equalsNaiveLoops(_ instructions: VectorInstructions) throws {
    let shapes: [Shape] = [[3, 16, 6, 8], [2, 5, 7, 5], [4, 20, 3, 2], [1, 33, 4, 4], [2, 3, 9, 2]]
    for shape in shapes {
      let channels = shape[1]
      let x = Self.draw(shape, seed: 1, around: 5)
      let (scale, shift) = (Self.draw([channels], seed: 2), Self.draw([channels], seed: 3))
      for (rectifies, pools) in [(false, false), (true, false), (false, true), (true, true)] {
        let gradient = Self.draw(
          pools ? [shape[0], channels, shape[2] / 2, shape[3] / 2] : shape, seed: 4)
        let expected = Self.loops(
          x, scale.elements, shift.elements, gradient, rectifies: rectifies, pools: pools)
        let kernels = Normalization(
          shape.withoutBatch, epsilon: Self.epsilon, rectifies: rectifies, pools: pools, instructions: instructions)
        let layouts: [Layout] = [
          .plain, try #require(Layout.channelsLast(shape)), try Self.blocked(shape), .interleaved,
        ]
        for layout in layouts {
          let what = "\(shape), \(layout), rectifies \(rectifies), pools \(pools)"
          let (output, memory) = kernels.forward(x.converted(to: layout), scale: scale, shift: shift)
          expectClose(output, expected.output, "output, \(what)")
          expectClose(memory.mean, expected.mean, "mean, \(what)")
          expectClose(memory.variance, expected.variance, "variance, \(what)")
          let inferred = kernels.infer(
            x.converted(to: layout), mean: memory.mean, variance: memory.variance, scale: scale, shift: shift)
          #expect(inferred.elements == output.elements, "\(what)")
          let gradients = kernels.backward(gradient, memory, scale: scale, shift: shift)
          expectClose(gradients.input, expected.input, "input, \(what)")
          expectClose(gradients.scale, expected.scale, "scale, \(what)")
          expectClose(gradients.shift, expected.shift, "shift, \(what)")
        }
      }
    }
  }

  @Test func vectorsAreMapsOfOneElement() {
    let x = Self.draw([7, 19], seed: 5)
    let gradient = Self.draw([7, 19], seed: 6)
    let (scale, shift) = (Self.draw([19], seed: 7), Self.draw([19], seed: 8))
    let expected = Self.loops(
      x.reshaped([7, 19, 1, 1]), scale.elements, shift.elements, gradient, rectifies: true, pools: false)
    let kernels = Normalization([19], epsilon: Self.epsilon, rectifies: true, pools: false)
    let (output, memory) = kernels.forward(x, scale: scale, shift: shift)
    #expect(output.shape == [7, 19])
    expectClose(output, expected.output, "output")
    expectClose(kernels.backward(gradient, memory, scale: scale, shift: shift).input, expected.input, "input")
  }

  @Test func numberOfThreadsChangesNothing() throws {
    let threads = KernelThreads.current
    defer { KernelThreads.set(threads) }
    let shape: Shape = [5, 48, 8, 6]
    let x = Self.draw(shape, seed: 9).converted(to: try Self.blocked(shape))
    let gradient = Self.draw([5, 48, 4, 3], seed: 10)
    let (scale, shift) = (Self.draw([48], seed: 11), Self.draw([48], seed: 12))
    let kernels = Normalization(shape.withoutBatch, epsilon: Self.epsilon, rectifies: true, pools: true)
    let results = [1, 2, 3, 8].map { threads in
      KernelThreads.set(threads)
      let (output, memory) = kernels.forward(x, scale: scale, shift: shift)
      let gradients = kernels.backward(gradient, memory, scale: scale, shift: shift)
      return [output, memory.variance, gradients.input, gradients.scale, gradients.shift].map(\.elements)
    }
    for result in results { #expect(result == results[0]) }
  }

  /// A small variance around a large mean is none of the mean's rounding errors.
  @Test func meansMayBeLarge() {
    let x = Self.draw([4, 3, 5, 5], seed: 13, around: 1000)
    let kernels = Normalization([3, 5, 5], epsilon: Self.epsilon, rectifies: false, pools: false)
    let memory = kernels.forward(x, scale: Tensor(repeating: 1, [3]), shift: Tensor(zeros: [3])).memory
    let expected = Self.loops(x, [1, 1, 1], [0, 0, 0], x, rectifies: false, pools: false)
    expectClose(memory.variance, expected.variance, "variance")
  }

  @Test func whatIsNotANumberStaysSo() {
    var x = Self.draw([2, 3, 4, 4], seed: 14)
    x.withUnsafeMutableFloats { $0[5] = .nan }
    let kernels = Normalization([3, 4, 4], epsilon: Self.epsilon, rectifies: true, pools: true)
    let output = kernels.forward(x, scale: Tensor(repeating: 1, [3]), shift: Tensor(zeros: [3])).output.elements
    #expect(output[0..<4].allSatisfy(\.isNaN) && output[4..<12].allSatisfy(\.isFinite))
  }

  @Test func tensorsAddInAnyLayout() throws {
    let shape: Shape = [3, 20, 4, 5]
    let (x, y) = (Self.draw(shape, seed: 15), Self.draw(shape, seed: 16))
    let expected = zip(x.elements, y.elements).map { $0 + $1 }
    for layout in [Layout.plain, try Self.blocked(shape), .interleaved] {
      let first = x.converted(to: layout)
      #expect(first.adding(y).elements == expected)
      #expect(first.elements == x.elements)
    }
  }
}
