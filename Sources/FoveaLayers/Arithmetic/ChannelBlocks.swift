import FoveaCore

/// How the numbers of `[batch, channels, …]` lie in memory, as `[batch][blocks][positions][lanes]`: lanes are channels that lie
/// side by side, as many as fill a vector in a blocked layout, all where channels are last, one in plain order.
///
/// What a layer does channel by channel it does here in whatever order a convolution has left.
struct ChannelBlocks {
  let batch, channels, blocks, positions, lanes: Int

  /// - Parameter tensor: as ``Tensor/inChannelBlocks()`` has it.
  init(of tensor: Tensor) {
    let shape = tensor.shape
    batch = shape[0]
    channels = shape[1]
    positions = shape.withoutBatch.withoutBatch.count
    lanes = shape.rank == 2 ? shape[1] : shape.rank == 4 ? tensor.lanes ?? 1 : 1
    blocks = (channels + lanes - 1) / lanes
  }

  /// Numbers for each channel, `[rows][channels]`, with zeros where a block has more lanes than there are channels.
  func padded(_ numbers: UnsafePointer<Float>, rows: Int) -> [Float] {
    let width = blocks * lanes
    var result = [Float](repeating: 0, count: rows * width)
    for row in 0..<rows {
      for channel in 0..<channels { result[row * width + channel] = numbers[row * channels + channel] }
    }
    return result
  }

  /// Calls `body` with each block of each example: where its numbers begin, and where those of its first channel do, in
  /// `[batch][blocks · lanes]`. Large tensors are shared out among the threads that kernels use.
  @inline(__always)
  func forEach(_ body: (_ start: Int, _ channel: Int, _ example: Int) -> Void) {
    let (size, all) = (positions * lanes, batch * blocks)
    func run(_ range: Range<Int>) {
      for index in range { body(index * size, index % blocks * lanes, index / blocks) }
    }
    let threads = size * all < 1 << 15 ? 1 : min(all, KernelThreads.current)
    guard threads > 1 else { return run(0..<all) }
    KernelThreads.run(threads) { part in run(all * part / threads..<all * (part + 1) / threads) }
  }

  /// z[n, c, p] = body(x[n, c, p], factor of c, shift of c), which must be 0 for three zeros.
  ///
  /// - Parameters:
  ///   - factors: as ``padded(_:rows:)`` gives them, for each example, or for all the same.
  ///   - shifts: for all the same; nil for zeros.
  @inline(__always)
  func map(
    _ x: Tensor, _ factors: [Float], _ shifts: [Float]? = nil, to z: Tensor, _ body: (Float, Float, Float) -> Float
  ) {
    let width = blocks * lanes
    let row = factors.count == width ? 0 : width
    let shifts = shifts ?? [Float](repeating: 0, count: width)
    let (source, result) = (x.address, z.address)
    factors.withUnsafeBufferPointer { factors in
      shifts.withUnsafeBufferPointer { shifts in
        forEach { start, channel, example in
          let first = example * row + channel
          if lanes == 1 {
            let (factor, shift) = (factors[first], shifts[channel])
            for i in start..<start + positions { result[i] = body(source[i], factor, shift) }
          } else {
            for position in 0..<positions {
              let i = start + position * lanes
              for lane in 0..<lanes {
                result[i + lane] = body(source[i + lane], factors[first + lane], shifts[channel + lane])
              }
            }
          }
        }
      }
    }
    withExtendedLifetime((x, z)) {}
  }

  /// Σ over the positions of body(x, y): `[batch][channels]`.
  @inline(__always)
  func sums(_ x: Tensor, _ y: Tensor, _ body: (SIMD16<Float>, SIMD16<Float>) -> SIMD16<Float>) -> Tensor {
    let result = Tensor(uninitialized: [batch, channels])
    let (first, second, sums) = (x.address, y.address, result.address)
    forEach { start, channel, example in
      let count = min(lanes, channels - channel)
      let target = sums + example * channels + channel
      if lanes == 1 {
        var sum = SIMD16<Float>()
        Self.vectors(positions) { i, used in
          sum += body(Self.load(first + start + i, used), Self.load(second + start + i, used))
        }
        target[0] = sum.sum()
      } else {
        Self.vectors(count) { lane, used in
          var sum = SIMD16<Float>()
          for position in 0..<positions {
            let i = start + position * lanes + lane
            sum += body(Self.load(first + i, used), Self.load(second + i, used))
          }
          for offset in 0..<used { target[lane + offset] = sum[offset] }
        }
      }
    }
    withExtendedLifetime((x, y)) {}
    return result
  }

  @inline(__always)
  private static func vectors(_ count: Int, _ body: (_ start: Int, _ used: Int) -> Void) {
    for start in stride(from: 0, to: count, by: 16) { body(start, min(16, count - start)) }
  }

  @inline(__always)
  private static func load(_ address: UnsafePointer<Float>, _ used: Int) -> SIMD16<Float> {
    if used == 16 { return UnsafeRawPointer(address).loadUnaligned(as: SIMD16<Float>.self) }
    var vector = SIMD16<Float>()
    for lane in 0..<used { vector[lane] = address[lane] }
    return vector
  }
}

extension Tensor {
  /// This tensor in an order that ``ChannelBlocks`` knows.
  func inChannelBlocks() -> Tensor {
    guard layout != .plain else { return self }
    return shape.rank == 4 && layout.holdsFloats && lanes != nil ? self : plain()
  }
}
