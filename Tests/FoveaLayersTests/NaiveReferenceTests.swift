import FoveaCore
import FoveaLayers
import Testing

/// Kernels beside loops of a few lines, element by element, over more shapes than the fixtures have.
@Suite struct NaiveReferenceTests {
  private struct Draw {
    var random = SeededRandom(seed: 11)

    mutating func tensor(_ shape: Shape) -> Tensor {
      Tensor((0..<shape.count).map { _ in random.uniform(in: -1...1) }, shape)
    }

    mutating func pick<T>(_ choices: [T]) -> T { choices[Int(random.next() % UInt64(choices.count))] }
  }

  @Test func convolutions() throws {
    var draw = Draw()
    var tried = 0
    for _ in 0..<60 {
      let groups = draw.pick([1, 1, 2, 3])
      let (channels, filters) = (groups * draw.pick([1, 2, 3]), groups * draw.pick([1, 2, 5]))
      let (height, width) = (draw.pick([5, 8, 11]), draw.pick([6, 7, 9]))
      let configuration = Convolution.Configuration(
        filters: filters, kernel: Extent(height: draw.pick([1, 2, 3, 5]), width: draw.pick([1, 3, 4])),
        stride: Extent(height: draw.pick([1, 2, 3]), width: draw.pick([1, 2])),
        dilation: Extent(height: 1, width: draw.pick([1, 1, 2])), groups: groups,
        padding: draw.pick([.valid, .same, .explicit(Sides(top: 2, left: 1, bottom: 0, right: 4))]),
        bias: draw.pick([true, false]))
      // Some kernels reach further than their image.
      guard let layer = try? Convolution(configuration, input: [channels, height, width]) else { continue }
      tried += 1
      let input = draw.tensor([2, channels, height, width])
      let parameters = layer.parameters.map { draw.tensor($0.shape) }
      let output = try layer.infer(input, parameters)
      expectClose(output, convolve(layer, input, parameters), "\(configuration)")
    }
    #expect(tried > 40)
  }

  /// TensorFlow's rule, spelled out: ⌈input / stride⌉ positions, the odd padding at the end.
  private func before(_ size: Int, _ window: Int, _ stride: Int, _ dilation: Int) -> Int {
    let positions = (size + stride - 1) / stride
    return max(0, (positions - 1) * stride + (window - 1) * dilation + 1 - size) / 2
  }

  private func convolve(_ layer: Convolution, _ input: Tensor, _ parameters: [Tensor]) -> Tensor {
    let (c, x) = (layer.configuration, input.elements)
    let (channels, height, width) = (input.shape[1], input.shape[2], input.shape[3])
    let (top, left): (Int, Int) =
      switch c.padding {
      case .valid: (0, 0)
      case .same:
        (
          before(height, c.kernel.height, c.stride.height, c.dilation.height),
          before(width, c.kernel.width, c.stride.width, c.dilation.width)
        )
      case .explicit(let sides): (sides.top, sides.left)
      }
    let own = channels / c.groups
    let weights = parameters[0].elements
    let output = layer.outputShape
    return Tensor(output.batched(input.shape[0])) { result in
      for place in result.indices {
        let (column, row) = (place % output[2], place / output[2] % output[1])
        let (filter, example) = (place / output[2] / output[1] % output[0], place / output.count)
        var sum = c.bias ? parameters[1].elements[filter] : 0
        for k in 0..<own {
          let channel = filter / (c.filters / c.groups) * own + k
          for u in 0..<c.kernel.height {
            for v in 0..<c.kernel.width {
              let y = row * c.stride.height + u * c.dilation.height - top
              let z = column * c.stride.width + v * c.dilation.width - left
              guard (0..<height).contains(y), (0..<width).contains(z) else { continue }
              let weight = weights[((filter * own + k) * c.kernel.height + u) * c.kernel.width + v]
              sum += weight * x[((example * channels + channel) * height + y) * width + z]
            }
          }
        }
        result[place] = sum
      }
    }
  }

  @Test func poolings() throws {
    var draw = Draw()
    for _ in 0..<40 {
      let input = draw.tensor([2, 3, draw.pick([5, 8]), draw.pick([6, 9])])
      let shape = input.shape.withoutBatch
      let window = Extent(height: draw.pick([2, 3]), width: draw.pick([2, 4]))
      let stride = Extent(height: draw.pick([1, 2, 3]), width: draw.pick([1, 2, 5]))
      let sides = Sides(top: draw.pick([0, 1]), left: draw.pick([0, 1]), bottom: draw.pick([0, 1]))
      let settings = PoolingConfiguration(window: window, stride: stride, padding: .explicit(sides))
      let within = AveragePooling.Configuration(window: window, stride: stride, padding: settings.padding)
      let counting = AveragePooling.Configuration(
        window: window, stride: stride, padding: settings.padding, countsPadding: true)
      func check(_ layer: some UnaryLayer, _ reduce: ([Float]) -> Float) throws {
        let output = try layer.infer(input, [])
        expectClose(output, pool(input, layer.outputShape, settings, sides, reduce), "\(settings)")
      }
      try check(MaximumPooling(settings, input: shape)) { $0.max() ?? .nan }
      try check(MinimumPooling(settings, input: shape)) { $0.min() ?? .nan }
      try check(AveragePooling(within, input: shape)) { $0.reduce(0, +) / Float($0.count) }
      try check(AveragePooling(counting, input: shape)) { $0.reduce(0, +) / Float(window.height * window.width) }
    }
  }

  private func pool(
    _ input: Tensor, _ output: Shape, _ settings: PoolingConfiguration, _ sides: Sides, _ reduce: ([Float]) -> Float
  ) -> Tensor {
    let (x, stride) = (input.elements, settings.stride ?? settings.window)
    let (height, width) = (input.shape[2], input.shape[3])
    return Tensor(output.batched(input.shape[0])) { result in
      for place in result.indices {
        let (column, row, map) = (place % output[2], place / output[2] % output[1], place / output[2] / output[1])
        var seen: [Float] = []
        for u in 0..<settings.window.height {
          for v in 0..<settings.window.width {
            let (y, z) = (row * stride.height + u - sides.top, column * stride.width + v - sides.left)
            if (0..<height).contains(y), (0..<width).contains(z) { seen.append(x[(map * height + y) * width + z]) }
          }
        }
        result[place] = reduce(seen)
      }
    }
  }

  private func expectClose(_ got: Tensor, _ expected: Tensor, _ what: String) {
    #expect(got.shape == expected.shape, "\(what)")
    let worst = zip(got.elements, expected.elements).map { abs($0 - $1) }.max() ?? 0
    #expect(worst < 2e-5, "\(what)")
  }
}
