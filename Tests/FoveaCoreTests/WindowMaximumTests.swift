import FoveaCore
import Testing

/// Maximum pooling in use beside loops of a few lines.
@Suite struct WindowMaximumTests {
  struct Case: Sendable {
    let batch, channels, height, width: Int
    let window, stride: (height: Int, width: Int)
    var top = 0
    var left = 0
    let output: (height: Int, width: Int)
  }

  private static let cases = [
    Case(batch: 2, channels: 32, height: 8, width: 6, window: (2, 2), stride: (2, 2), output: (4, 3)),
    // Padding on all sides, of which the last rows see none.
    Case(
      batch: 3, channels: 16, height: 13, width: 14, window: (3, 3), stride: (2, 2), top: 1, left: 1, output: (7, 7)),
    Case(batch: 1, channels: 48, height: 5, width: 9, window: (1, 4), stride: (1, 3), left: 2, output: (5, 3)),
    // More than a thread's share.
    Case(batch: 4, channels: 64, height: 40, width: 40, window: (3, 3), stride: (1, 1), output: (38, 38)),
  ]

  @Test(arguments: VectorInstructions.allCases.filter(\.isAvailable))
  func isTheLargest(_ instructions: VectorInstructions) throws {
    for one in Self.cases {
      var operation = PoolingOperation(
        .maximum, batch: one.batch, input: (one.channels, one.height, one.width), window: one.window, stride: one.stride
      )
      (operation.top, operation.left) = (one.top, one.left)
      let shape: Shape = [one.channels, one.output.height, one.output.width]
      guard let kernel = WindowMaximum(operation, output: shape, instructions: instructions) else {
        #expect(instructions == .avx512)
        continue
      }
      var random = SeededRandom(seed: 5)
      var values = (0..<one.batch * one.channels * one.height * one.width).map { _ in random.uniform(in: -1...1) }
      // What is not a number is never the largest.
      values[0] = .nan
      let input = Tensor(values, [one.batch, one.channels, one.height, one.width])
      let channelsLast = try #require(Layout.channelsLast(input.shape))
      #expect(kernel.apply(input) == nil)
      for threads in [1, 3] {
        let before = KernelThreads.current
        KernelThreads.set(threads)
        defer { KernelThreads.set(before) }
        let output = try #require(kernel.apply(input.converted(to: channelsLast)))
        #expect(output.layout == channelsLast && output.elements == largest(one, values))
      }
    }
  }

  private func largest(_ one: Case, _ values: [Float]) -> [Float] {
    var result: [Float] = []
    for map in 0..<one.batch * one.channels {
      for i in 0..<one.output.height {
        for j in 0..<one.output.width {
          var most = -Float.infinity
          for u in 0..<one.window.height {
            for v in 0..<one.window.width {
              let (row, column) = (i * one.stride.height + u - one.top, j * one.stride.width + v - one.left)
              guard (0..<one.height).contains(row), (0..<one.width).contains(column) else { continue }
              let value = values[(map * one.height + row) * one.width + column]
              if value > most { most = value }
            }
          }
          result.append(most)
        }
      }
    }
    return result
  }

  @Test func knowsNothingElse() {
    let operation = PoolingOperation(.average, batch: 1, input: (16, 4, 4), window: (2, 2), stride: (2, 2))
    #expect(WindowMaximum(operation, output: [16, 2, 2]) == nil)
  }
}
