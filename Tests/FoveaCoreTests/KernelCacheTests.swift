import FoveaCore
import Testing

@Suite struct KernelCacheTests {
  private func kernel(_ count: Int) throws(KernelError) -> Kernel {
    try Kernel.sum([.plain, .plain], shape: [count], destination: .plain)
  }

  @Test func theKernelThatWasNotUsedForLongestGoes() throws {
    let cache = KernelCache<Int>(limit: 3)
    var made: [Int] = []
    func use(_ key: Int) throws {
      _ = try cache.kernel(key) { key throws(KernelError) in
        made.append(key)
        return try kernel(key)
      }
    }
    for key in [1, 2, 3, 1, 2, 3, 1] { try use(key) }
    #expect(made == [1, 2, 3])
    try use(4)
    #expect(made == [1, 2, 3, 4] && cache.count == 3)
    // The second one went, which had waited longest, and goes for the third now.
    for key in [3, 1, 4, 2] { try use(key) }
    #expect(made == [1, 2, 3, 4, 2] && cache.count == 3)
    for key in [1, 4, 2] { try use(key) }
    #expect(made.count == 5)
    try use(3)
    #expect(made.count == 6)
  }

  @Test func oneKernelIsKeptForEachNumberOfThreads() throws {
    let cache = KernelCache<Int>()
    let threads = KernelThreads.current
    defer { KernelThreads.set(threads) }
    var kernels: [Kernel] = []
    for count in [1, 2, 1, 2] {
      KernelThreads.set(count)
      kernels.append(try cache.kernel(7) { key throws(KernelError) in try kernel(key) })
    }
    #expect(cache.count == 2)
    #expect(kernels[0] === kernels[2] && kernels[1] === kernels[3] && kernels[0] !== kernels[1])
  }

  /// What is kept of a shape goes with the kernels for it, and these with those that were not used for longest.
  @Test func thousandsOfShapesLeaveNothing() {
    for batch in 1...10_000 {
      let plain = Tensor(repeating: Float(batch), [batch % 7 + 1, 3, 1, batch])
      guard let last = Layout.channelsLast(plain.shape) else { continue }
      let moved = plain.converted(to: last)
      if batch % 1_000 == 0 { #expect(moved.plain().elements == plain.elements) }
    }
    // Ten thousand shapes have two each.
    #expect(Layout.shapedCount < 10_000)
  }

  @Test(arguments: [0, -1, 1 << 31, 1 << 40, .max])
  func impossibleSizesAreAnError(size: Int) {
    var convolution = ConvolutionOperation(
      batch: size, input: (3, 8, 8), output: (4, 8, 8), kernel: (1, 1), hasBias: false)
    let pooling = PoolingOperation(.maximum, batch: 1, input: (size, 8, 8), window: (2, 2), stride: (2, 2))
    let product = InnerProductOperation(batch: 2, inputs: size, outputs: size, hasBias: true)
    for pass in [Kernel.Pass.inference, .backwardData] {
      #expect(throws: KernelError.self) { try Kernel.convolution(convolution, pass: pass, source: .plain) }
      #expect(throws: KernelError.self) { try Kernel.pooling(pooling, pass: pass, source: .plain) }
      #expect(throws: KernelError.self) { try Kernel.innerProduct(product, pass: pass) }
    }
    (convolution.batch, convolution.groups) = (1, size)
    #expect(throws: KernelError.self) {
      try Kernel.convolution(convolution, pass: .inference, source: .plain, weights: .plain, destination: .plain)
    }
  }

  @Test func aKernelThatGoesStaysWithWhoRunsIt() throws {
    let cache = KernelCache<Int>(limit: 1)
    let first = try cache.kernel(2) { key throws(KernelError) in try kernel(key) }
    _ = try cache.kernel(3) { key throws(KernelError) in try kernel(key) }
    let sum = Tensor(uninitialized: [2])
    try first.run([.source(at: 0): Tensor([1, 2], [2]), .source(at: 1): Tensor([3, 5], [2]), .destination: sum])
    #expect(sum.elements == [4, 7])
  }
}
