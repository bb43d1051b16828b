import FoveaCore
import Testing

/// Winograd's algorithm beside sums of a few lines in double precision.
@Suite struct WinogradConvolutionTests {
  struct Case: Sendable {
    let batch, channels, filters, height, width: Int
    /// Top, left, bottom, right.
    var padding = (1, 1, 1, 1)
    var hasBias = true
    var rectifies = false

    var operation: ConvolutionOperation {
      let output = (filters, height + padding.0 + padding.2 - 2, width + padding.1 + padding.3 - 2)
      var operation = ConvolutionOperation(
        batch: batch, input: (channels, height, width), output: output, kernel: (3, 3), hasBias: hasBias)
      (operation.top, operation.left, operation.bottom, operation.right) = padding
      operation.activation = rectifies ? .relu : nil
      return operation
    }
  }

  private static let cases = [
    Case(batch: 1, channels: 32, filters: 32, height: 16, width: 16),
    // Tiles that reach over the edge, filters that are no multiple of a group of panels, and several examples in a unit.
    Case(batch: 3, channels: 48, filters: 80, height: 7, width: 9, rectifies: true),
    Case(batch: 2, channels: 64, filters: 32, height: 13, width: 5, padding: (0, 2, 3, 0), hasBias: false),
    Case(batch: 1, channels: 32, filters: 96, height: 3, width: 30, padding: (0, 0, 0, 0), rectifies: true),
    // Many tiles, and few with many filters, of which each thread has some.
    Case(batch: 4, channels: 32, filters: 32, height: 29, width: 22),
    Case(batch: 1, channels: 160, filters: 208, height: 4, width: 5),
    // Edges of one, two and three outputs, in units of several examples.
    Case(batch: 5, channels: 32, filters: 32, height: 10, width: 9),
    Case(batch: 7, channels: 32, filters: 32, height: 5, width: 7, rectifies: true),
    Case(batch: 3, channels: 32, filters: 32, height: 1, width: 2),
    // So many weights that they are transformed on the way, with rests of channels and filters.
    Case(batch: 2, channels: 272, filters: 288, height: 7, width: 5, rectifies: true),
  ]

  private func draw(_ shape: Shape, seed: UInt64) -> Tensor {
    var random = SeededRandom(seed: seed)
    return Tensor((0..<shape.count).map { _ in random.uniform(in: -1...1) }, shape)
  }

  private func sums(_ o: ConvolutionOperation, _ x: [Float], _ w: [Float], _ bias: [Float]?, _ addend: [Float]?)
    -> [Float]
  {
    var result: [Float] = []
    for n in 0..<o.batch {
      for f in 0..<o.filters {
        for i in 0..<o.outputHeight {
          for j in 0..<o.outputWidth {
            var sum = Double(bias?[f] ?? 0)
            for c in 0..<o.inputChannels {
              for u in 0..<3 {
                for v in 0..<3 {
                  let (row, column) = (i + u - o.top, j + v - o.left)
                  guard (0..<o.inputHeight).contains(row), (0..<o.inputWidth).contains(column) else { continue }
                  let place = ((n * o.inputChannels + c) * o.inputHeight + row) * o.inputWidth + column
                  sum += Double(x[place]) * Double(w[((f * o.inputChannels + c) * 3 + u) * 3 + v])
                }
              }
            }
            let value = Float(sum) + (addend?[result.count] ?? 0)
            result.append(o.activation == nil ? value : max(0, value))
          }
        }
      }
    }
    return result
  }

  private func expectClose(_ got: [Float], _ expected: [Float], _ what: String) {
    let largest = expected.map(abs).max() ?? 0
    let worst = zip(got, expected).map { abs($0 - $1) }.max() ?? .infinity
    #expect(got.count == expected.count && worst <= 3e-5 * max(1, largest), "\(what): \(worst) of \(largest)")
  }

  /// Of plain tensors, channels last, and blocks as oneDNN chooses them.
  private func layouts(_ operation: ConvolutionOperation, _ shape: Shape) throws -> [Layout] {
    let own = try Kernel.convolution(operation, pass: .inference).layout(.destination)
    return [.plain, try #require(Layout.channelsLast(shape)), own]
  }

  @Test(arguments: VectorInstructions.allCases.filter(\.isAvailable))
  func equalsTheSum(_ instructions: VectorInstructions) throws {
    for one in Self.cases {
      let operation = one.operation
      let kernel = try #require(WinogradConvolution(operation, instructions: instructions))
      let x = draw([one.batch, one.channels, one.height, one.width], seed: 1)
      let weights = draw(operation.weightsShape, seed: 2)
      let bias = one.hasBias ? draw([one.filters], seed: 3) : nil
      let addend = draw([one.batch, one.filters, operation.outputHeight, operation.outputWidth], seed: 4)
      let expected = sums(operation, x.elements, weights.elements, bias?.elements, nil)
      let added = sums(operation, x.elements, weights.elements, bias?.elements, addend.elements)
      let transformed = kernel.transformed(weights)
      for layout in try layouts(operation, x.shape) {
        let input = x.converted(to: layout)
        expectClose(kernel.apply(input, transformed, bias: bias).elements, expected, "\(one), \(layout)")
        for sumLayout in try layouts(operation, addend.shape) {
          var sum: Tensor? = addend.converted(to: sumLayout)
          let output = kernel.apply(input, transformed, bias: bias, adding: &sum)
          #expect(sum == nil)
          expectClose(output.elements, added, "\(one), \(layout), added to \(sumLayout)")
        }
      }
      #expect(addend == draw(addend.shape, seed: 4))
    }
  }

  /// Each output's gradient goes back to the inputs that it came from, by the weights that it came by.
  @Test(arguments: VectorInstructions.allCases.filter(\.isAvailable))
  func gradientEqualsTheSum(_ instructions: VectorInstructions) throws {
    for one in Self.cases {
      let o = one.operation
      let kernel = try #require(WinogradConvolution(o, isGradient: true, instructions: instructions))
      let gradient = draw([one.batch, one.filters, o.outputHeight, o.outputWidth], seed: 8)
      let weights = draw(o.weightsShape, seed: 9)
      let (g, w) = (gradient.elements, weights.elements)
      var expected = [Double](repeating: 0, count: one.batch * one.channels * one.height * one.width)
      for n in 0..<one.batch {
        for f in 0..<one.filters {
          for i in 0..<o.outputHeight {
            for j in 0..<o.outputWidth {
              let value = Double(g[((n * one.filters + f) * o.outputHeight + i) * o.outputWidth + j])
              for c in 0..<one.channels {
                for u in 0..<3 {
                  for v in 0..<3 {
                    let (row, column) = (i + u - o.top, j + v - o.left)
                    guard (0..<one.height).contains(row), (0..<one.width).contains(column) else { continue }
                    expected[((n * one.channels + c) * one.height + row) * one.width + column] +=
                      value * Double(w[((f * one.channels + c) * 3 + u) * 3 + v])
                  }
                }
              }
            }
          }
        }
      }
      let got = kernel.apply(gradient, kernel.transformed(weights), bias: nil)
      #expect(got.shape == [one.batch, one.channels, one.height, one.width])
      expectClose(got.elements, expected.map(Float.init), "\(one)")
    }
  }

  @Test(arguments: [(64, 48), (304, 256)]) func neitherThreadsNorBatchChangeAnything(channels: Int, filters: Int) throws
  {
    let threads = KernelThreads.current
    defer { KernelThreads.set(threads) }
    let operation = Case(batch: 5, channels: channels, filters: filters, height: 14, width: 18).operation
    let kernel = try #require(WinogradConvolution(operation))
    let x = draw([5, channels, 14, 18], seed: 5)
    let transformed = kernel.transformed(draw(operation.weightsShape, seed: 6))
    // Of many, no copies that nobody asked for.
    #expect(transformed.shape.count == operation.weightsShape.count * (channels > 256 ? 1 : 4))
    let results = [1, 2, 3, 16].map { threads in
      KernelThreads.set(threads)
      return kernel.apply(x, transformed, bias: nil).elements
    }
    #expect(results.dropFirst().allSatisfy { $0 == results[0] })
    for n in 0..<5 {
      let one = Tensor(x.rows(n..<n + 1).elements, [1, channels, 14, 18])
      let alone = kernel.apply(one, transformed, bias: nil).elements
      #expect(alone == Array(results[0][n * filters * 252..<(n + 1) * filters * 252]))
    }
  }

  @Test func whatIsNoNumberStaysSo() throws {
    let operation = Case(batch: 1, channels: 32, filters: 32, height: 8, width: 8, rectifies: true).operation
    let kernel = try #require(WinogradConvolution(operation))
    let x = Tensor(repeating: .nan, [1, 32, 8, 8])
    let output = kernel.apply(x, kernel.transformed(draw(operation.weightsShape, seed: 7)), bias: nil)
    #expect(output.elements.allSatisfy { $0.isNaN })
  }

  @Test func knowsWhatItCannotDo() {
    func kernel(_ change: (inout ConvolutionOperation) -> Void) -> WinogradConvolution? {
      var operation = Case(batch: 1, channels: 32, filters: 32, height: 16, width: 16).operation
      change(&operation)
      return WinogradConvolution(operation)
    }
    #expect(kernel { _ in } != nil)
    #expect(kernel { $0.strideWidth = 2 } == nil)
    #expect(kernel { $0.dilationHeight = 2 } == nil)
    #expect(kernel { $0.groups = 2 } == nil)
    #expect(kernel { $0.kernelWidth = 5 } == nil)
    #expect(kernel { $0.inputChannels = 40 } == nil)
    #expect(kernel { $0.filters = 16 } == nil)
    #expect(kernel { $0.activation = .logistic } == nil)
    #expect(kernel { $0.precision = .bfloat16 } == nil)
    #expect(kernel { $0.left = -1 } == nil)
  }

  @Test func needsTilesEnough() throws {
    func pays(_ side: Int, batch: Int, keepsWeights: Bool = true) throws -> Bool {
      let operation = Case(batch: 1, channels: 64, filters: 64, height: side, width: side).operation
      return try #require(WinogradConvolution(operation)).pays(batch: batch, keepsWeights: keepsWeights)
    }
    #expect(try pays(14, batch: 1) && pays(7, batch: 1) && pays(7, batch: 16))
    #expect(try !pays(4, batch: 1) && !pays(4, batch: 1000) && !pays(7, batch: 1, keepsWeights: false))
    #expect(try pays(14, batch: 1, keepsWeights: false) && pays(4, batch: 16, keepsWeights: false))
  }
}
