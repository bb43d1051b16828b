import FoveaCore
import Testing

/// Bytes are multiplied exactly: each kernel beside a sum of whole numbers, element by element, with every set of instructions.
@Suite struct ByteConvolutionTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let name: String
    let operation: ConvolutionOperation
    var zeroPoint: UInt8 = 0
    var isLargest = false

    var testDescription: String { name }
  }

  private static func operation(
    _ channels: Int, _ size: (Int, Int), _ filters: Int, kernel: (Int, Int), stride: Int = 1, dilation: Int = 1,
    padding: Int = 0, groups: Int = 1
  ) -> ConvolutionOperation {
    func extent(_ size: Int, _ kernel: Int) -> Int { (size + 2 * padding - (kernel - 1) * dilation - 1) / stride + 1 }
    var operation = ConvolutionOperation(
      batch: 1, input: (channels, size.0, size.1),
      output: (filters, extent(size.0, kernel.0), extent(size.1, kernel.1)), kernel: kernel, hasBias: true)
    (operation.strideHeight, operation.strideWidth) = (stride, stride)
    (operation.dilationHeight, operation.dilationWidth) = (dilation, dilation)
    (operation.top, operation.left, operation.bottom, operation.right) = (padding, padding, padding, padding)
    operation.groups = groups
    return operation
  }

  static let cases = [
    Case(name: "3×3", operation: operation(5, (7, 9), 11, kernel: (3, 3), padding: 1), zeroPoint: 128),
    Case(name: "1×1, every other pixel", operation: operation(24, (9, 8), 40, kernel: (1, 1), stride: 2)),
    Case(
      name: "dilated", operation: operation(13, (11, 12), 25, kernel: (3, 2), stride: 2, dilation: 2, padding: 3),
      zeroPoint: 128),
    Case(name: "depthwise", operation: operation(24, (9, 7), 24, kernel: (3, 3), stride: 2, padding: 1, groups: 24)),
    Case(name: "dense", operation: operation(70, (1, 1), 10, kernel: (1, 1)), zeroPoint: 128),
    // Pairs of such products have no room in 16 bits, in which processors without VNNI would add them up.
    Case(name: "largest", operation: operation(64, (5, 6), 16, kernel: (3, 3), padding: 1), isLargest: true),
    Case(
      name: "largest, depthwise", operation: operation(16, (5, 6), 16, kernel: (3, 3), padding: 1, groups: 16),
      isLargest: true),
  ]

  private func sum(_ o: ConvolutionOperation, _ x: [Int], _ w: [Int], _ n: Int, _ f: Int, _ i: Int, _ j: Int) -> Int {
    let channels = o.inputChannels / o.groups
    let first = f / (o.filters / o.groups) * channels
    var sum = 0
    for c in 0..<channels {
      for u in 0..<o.kernelHeight {
        for v in 0..<o.kernelWidth {
          let row = i * o.strideHeight + u * o.dilationHeight - o.top
          let column = j * o.strideWidth + v * o.dilationWidth - o.left
          guard row >= 0, row < o.inputHeight, column >= 0, column < o.inputWidth else { continue }
          let place = ((n * o.inputChannels + first + c) * o.inputHeight + row) * o.inputWidth + column
          sum += x[place] * w[((f * channels + c) * o.kernelHeight + u) * o.kernelWidth + v]
        }
      }
    }
    return sum
  }

  @Test(arguments: cases, VectorInstructions.allCases.filter(\.isAvailable))
  func isExact(_ test: Case, _ instructions: VectorInstructions) throws {
    let (o, batch) = (test.operation, 2)
    var random = SeededRandom(seed: 7)
    let lowest = -Int(test.zeroPoint)
    let shape: Shape = [batch, o.inputChannels, o.inputHeight, o.inputWidth]
    // Powers of two, so that the reference in floats is exact, too.
    let scale = ByteScale(scale: 0.25, zeroPoint: test.zeroPoint)
    let x = (0..<shape.count).map { _ in test.isLargest ? 255 : lowest + Int(random.uniform(in: 0...255.9)) }
    let weightShape: Shape = [o.filters, o.inputChannels / o.groups, o.kernelHeight, o.kernelWidth]
    let w = (0..<weightShape.count).map { i in
      test.isLargest ? (i / 9 % 5 == 4 ? -127 : 127) : Int(random.uniform(in: -127.9...127.9))
    }
    let rows = try #require(
      QuantizedRows(
        numbers: Tensor(elements: w.map { Int8($0) }, weightShape), scales: Tensor(repeating: 0.5, [o.filters])))
    let bias = Tensor((0..<o.filters).map { Float($0) }, [o.filters])
    let input = Tensor(x.map { Float($0) * 0.25 }, shape).converted(to: .bytes(scale))
    #expect(input.elements == x.map { Float($0) * 0.25 })

    let kernel = try #require(ByteConvolution(o, instructions: instructions))
    let outputScale = ByteScale(scale: 1024, zeroPoint: 128)
    let addendScale = ByteScale(scale: 256, zeroPoint: 0)
    let outputShape: Shape = [batch, o.filters, o.outputHeight, o.outputWidth]
    let added = (0..<outputShape.count).map { Float($0 % 256) * 256 }
    let addend = Tensor(added, outputShape).converted(to: .bytes(addendScale))
    let floats = kernel.apply(
      input, kernel.prepare(rows, bias, .init(input: scale, output: nil), bounds: nil), adding: nil
    ).elements
    let rectified = kernel.apply(
      input, kernel.prepare(rows, bias, .init(input: scale, output: nil), bounds: 0...6), adding: nil
    ).elements
    let bytes = kernel.apply(
      input, kernel.prepare(rows, bias, .init(input: scale, addend: addendScale, output: outputScale), bounds: nil),
      adding: addend
    ).elements
    var place = 0
    for n in 0..<batch {
      for f in 0..<o.filters {
        for i in 0..<o.outputHeight {
          for j in 0..<o.outputWidth {
            let exact = Float(sum(o, x, w, n, f, i, j)) * 0.125 + Float(f)
            #expect(floats[place] == exact, "\(n) \(f) \(i) \(j)")
            #expect(rectified[place] == min(max(exact, 0), 6))
            let steps = (exact / 1024 + added[place] / 1024).rounded(.toNearestOrEven)
            #expect(bytes[place] == min(max(steps, -128), 127) * 1024)
            place += 1
          }
        }
      }
    }
  }

  @Test func refusesWhatItHasNoKernelFor() {
    // Of 70,000 products, the sum has no room in 32 bits.
    #expect(ByteConvolution(Self.operation(70_000, (1, 1), 2, kernel: (1, 1))) == nil)
    #expect(ByteConvolution(Self.operation(8, (4, 4), 8, kernel: (3, 3), groups: 2)) == nil)
  }

  @Test(arguments: [UInt8(0), 128]) func bytesAreTheNearest(zeroPoint: UInt8) throws {
    let scale = ByteScale(scale: 0.1, zeroPoint: zeroPoint)
    let numbers = (0..<2 * 7 * 3 * 5).map { Float($0 - 40) * 0.07 }
    let plain = Tensor(numbers, [2, 7, 3, 5])
    let (lowest, highest) = (-Float(zeroPoint), 255 - Float(zeroPoint))
    let expected = numbers.map { min(max(($0 * (1 / 0.1 as Float)).rounded(.toNearestOrEven), lowest), highest) * 0.1 }
    #expect(plain.converted(to: .bytes(scale)).elements == expected)
    let channelsLast = try #require(Layout.channelsLast(plain.shape))
    #expect(plain.converted(to: channelsLast).converted(to: .bytes(scale)).elements == expected)
    // A vector is maps of one pixel.
    let vector = plain.reshaped([2, 105]).converted(to: .bytes(scale))
    #expect(vector.elements == expected)
    #expect(try #require(plain.converted(to: .bytes(scale)).byteMeans()).shape == [2, 7])
  }

  @Test func weightsComeBack() {
    var random = SeededRandom(seed: 3)
    let weights = Tensor((0..<6 * 50).map { $0 < 50 ? 0 : random.uniform(in: -3...3) }, [6, 5, 10])
    let rows = QuantizedRows(weights)
    let again = QuantizedRows(rows.weights)
    #expect(again.numbers == rows.numbers)
    for (weight, rounded) in zip(weights.elements, rows.weights.elements) { #expect(abs(weight - rounded) <= 3 / 254) }
    // What multiplies a filter, as a normalization does, changes no number.
    let scaled = Tensor(rows.weights.elements.map { $0 * 0.37 }, weights.shape)
    #expect(QuantizedRows(scaled).numbers == rows.numbers)
  }
}
