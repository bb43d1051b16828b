import COneDNN
import Testing

@Suite struct ConvolutionTests {
  static let cases: [fovea_dnn_convolution] = [
    // LeNet's first layer.
    .init(channels: 1, 6, input: (28, 28), kernel: (5, 5)),
    // Channels that fill no block.
    .init(batch: 3, channels: 6, 16, input: (12, 13), kernel: (5, 4)),
    // Asymmetric padding, as TensorFlow's "same" makes it with stride 2.
    .init(channels: 3, 8, input: (9, 12), kernel: (3, 4), stride: (2, 2), padding: (0, 1, 1, 2)),
    .init(channels: 16, 32, input: (10, 11), kernel: (3, 3), padding: (1, 1, 1, 1)),
    .init(channels: 4, 6, input: (13, 11), kernel: (3, 2), dilation: (2, 3), padding: (2, 0, 1, 3)),
    .init(channels: 6, 9, input: (8, 7), kernel: (3, 3), stride: (1, 2), groups: 3),
    // Depthwise.
    .init(channels: 16, 16, input: (9, 9), kernel: (3, 3), padding: (1, 1, 1, 1), groups: 16),
    .init(channels: 5, 7, input: (6, 5), kernel: (1, 1), hasBias: false),
    // Enough for Winograd's algorithm, where there is one, and tiles that reach over the edge.
    .init(batch: 4, channels: 64, 64, input: (16, 15), kernel: (3, 3), padding: (1, 1, 1, 1)),
    .init(batch: 1, channels: 80, 80, input: (27, 14), kernel: (3, 3), padding: (1, 1, 1, 1)),
    // A kernel as large as the image.
    .init(channels: 16, 120, input: (5, 5), kernel: (5, 5)),
  ]

  @Test(arguments: cases.indices)
  func allPassesEqualTheSum(index: Int) throws {
    var convolution = Self.cases[index]
    let reference = Reference(convolution)
    let source = numbers(reference.sourceCount, seed: 1)
    let weights = numbers(reference.weightsCount, seed: 2)
    let bias = convolution.has_bias ? numbers(Int(convolution.output_channels), seed: 3) : []
    let gradient = numbers(reference.destinationCount, seed: 4)
    let inputs = [
      FOVEA_DNN_SRC: source, FOVEA_DNN_WEIGHTS: weights, FOVEA_DNN_BIAS: bias, FOVEA_DNN_DIFF_DST: gradient,
    ]
    for pass in [FOVEA_DNN_INFERENCE, FOVEA_DNN_TRAINING] {
      let output = try Primitive { fovea_dnn_convolution_create(&convolution, pass, nil, nil, nil, $0) }
        .run(inputs, to: [FOVEA_DNN_DST])
      #expect(difference(output[0], reference.forward(source, weights, bias)) < 1e-4)
    }
    let data = try Primitive {
      fovea_dnn_convolution_create(&convolution, FOVEA_DNN_BACKWARD_DATA, nil, nil, nil, $0)
    }.run(inputs, to: [FOVEA_DNN_DIFF_SRC])
    #expect(difference(data[0], reference.backwardData(gradient, weights)) < 1e-4)
    let parameters = try Primitive {
      fovea_dnn_convolution_create(&convolution, FOVEA_DNN_BACKWARD_WEIGHTS, nil, nil, nil, $0)
    }.run(inputs, to: [FOVEA_DNN_DIFF_WEIGHTS, FOVEA_DNN_DIFF_BIAS])
    #expect(difference(parameters[0], reference.backwardWeights(gradient, source)) < 5e-4)
    if convolution.has_bias {
      #expect(difference(parameters[1], reference.backwardBias(gradient)) < 5e-4)
    } else {
      #expect(parameters.count == 1)
    }
  }

  @Test(arguments: [
    fovea_dnn_activation(kind: FOVEA_DNN_RELU, alpha: 0, beta: 0),
    fovea_dnn_activation(kind: FOVEA_DNN_LEAKY_RELU, alpha: 0.1, beta: 0),
    fovea_dnn_activation(kind: FOVEA_DNN_TANH, alpha: 1.7159, beta: 2.0 / 3),
    fovea_dnn_activation(kind: FOVEA_DNN_LOGISTIC, alpha: 0, beta: 0),
    fovea_dnn_activation(kind: FOVEA_DNN_LINEAR, alpha: 2, beta: -0.5),
  ])
  func anActivationIsFused(activation: fovea_dnn_activation) throws {
    var convolution = fovea_dnn_convolution(batch: 2, channels: 3, 5, input: (8, 9), kernel: (3, 3))
    let reference = Reference(convolution)
    convolution.activation = activation
    let source = numbers(reference.sourceCount, seed: 1)
    let weights = numbers(reference.weightsCount, seed: 2)
    let bias = numbers(5, seed: 3)
    let output = try Primitive {
      fovea_dnn_convolution_create(&convolution, FOVEA_DNN_INFERENCE, nil, nil, nil, $0)
    }.run([FOVEA_DNN_SRC: source, FOVEA_DNN_WEIGHTS: weights, FOVEA_DNN_BIAS: bias], to: [FOVEA_DNN_DST])
    let expected = reference.forward(source, weights, bias).map { activation.value($0) }
    #expect(difference(output[0], expected) < 1e-4)
  }

  /// The sum comes before the activation, by each of the implementations that the cases take.
  @Test(arguments: cases.indices)
  func addsToWhatIsThere(index: Int) throws {
    var convolution = Self.cases[index]
    let reference = Reference(convolution)
    convolution.accumulates = true
    let source = numbers(reference.sourceCount, seed: 1)
    let weights = numbers(reference.weightsCount, seed: 2)
    let bias = convolution.has_bias ? numbers(Int(convolution.output_channels), seed: 3) : []
    let before = numbers(reference.destinationCount, seed: 4)
    let sums = zip(reference.forward(source, weights, bias), before).map(+)
    for kind in [FOVEA_DNN_IDENTITY, FOVEA_DNN_RELU] {
      convolution.activation = fovea_dnn_activation(kind: kind, alpha: 0, beta: 0)
      let output = try Primitive {
        fovea_dnn_convolution_create(&convolution, FOVEA_DNN_INFERENCE, nil, nil, nil, $0)
      }.run(
        [FOVEA_DNN_SRC: source, FOVEA_DNN_WEIGHTS: weights, FOVEA_DNN_BIAS: bias, FOVEA_DNN_DST: before],
        to: [FOVEA_DNN_DST])
      #expect(difference(output[0], kind == FOVEA_DNN_RELU ? sums.map { max(0, $0) } : sums) < 1e-4)
    }
  }

  @Test func givenLayoutsAreKept() throws {
    var convolution = fovea_dnn_convolution(channels: 3, 4, input: (6, 7), kernel: (3, 2))
    let plain = try Layouts.plain([2, 3, 6, 7])
    let last = try Layouts.channelsLast([2, 4, 4, 6])
    let weights = try Layouts.plain([4, 3, 3, 2])
    let primitive = try Primitive {
      fovea_dnn_convolution_create(&convolution, FOVEA_DNN_TRAINING, plain, weights, last, $0)
    }
    #expect(primitive.layout(FOVEA_DNN_SRC) == plain)
    #expect(primitive.layout(FOVEA_DNN_WEIGHTS) == weights)
    #expect(primitive.layout(FOVEA_DNN_DST) == last)
    #expect(primitive.layout(FOVEA_DNN_DIFF_SRC) == nil)
    let reference = Reference(convolution)
    let (x, w, b) = (numbers(2 * 3 * 42, seed: 5), numbers(4 * 18, seed: 6), numbers(4, seed: 7))
    let output = try primitive.run(
      [FOVEA_DNN_SRC: x, FOVEA_DNN_WEIGHTS: w, FOVEA_DNN_BIAS: b], to: [FOVEA_DNN_DST])
    #expect(difference(output[0], reference.forward(x, w, b)) < 1e-4)
  }

  /// Where there is Winograd's algorithm, large maps take it by tiles of four by four outputs, small ones only in use.
  @Test func winogradsTilesSuitTheMaps() throws {
    var large = fovea_dnn_convolution(
      batch: 1, channels: 64, 64, input: (56, 56), kernel: (3, 3), padding: (1, 1, 1, 1))
    var small = fovea_dnn_convolution(
      batch: 1, channels: 512, 512, input: (7, 7), kernel: (3, 3), padding: (1, 1, 1, 1))
    func implementation(_ convolution: inout fovea_dnn_convolution, _ pass: fovea_dnn_pass) throws -> String {
      try Primitive { fovea_dnn_convolution_create(&convolution, pass, nil, nil, nil, $0) }.implementation
    }
    #expect(try !implementation(&small, FOVEA_DNN_TRAINING).contains("wino"))
    let inUse = try (implementation(&large, FOVEA_DNN_INFERENCE), implementation(&small, FOVEA_DNN_INFERENCE))
    #expect(inUse.0.contains("4x3") == inUse.0.contains("wino"))
    #expect(inUse.0.contains("wino") == inUse.1.contains("wino"))
  }

  /// Winograd's algorithm is for many channels and outputs only, where it saves more than its transformations take.
  @Test func winogradForLittleAndReferenceLoopsAreNotChosen() throws {
    for var convolution in [
      fovea_dnn_convolution(channels: 3, 32, input: (64, 64), kernel: (3, 3)),
      fovea_dnn_convolution(channels: 64, 64, input: (7, 7), kernel: (3, 3), padding: (1, 1, 1, 1)),
      fovea_dnn_convolution(batch: 64, channels: 6, 16, input: (12, 12), kernel: (5, 5)),
    ] {
      for pass in [FOVEA_DNN_INFERENCE, FOVEA_DNN_TRAINING, FOVEA_DNN_BACKWARD_DATA, FOVEA_DNN_BACKWARD_WEIGHTS] {
        let name = try Primitive { fovea_dnn_convolution_create(&convolution, pass, nil, nil, nil, $0) }.implementation
        #expect(!name.contains("wino"))
        #expect(!name.contains("ref"))
      }
    }
  }

  @Test func impossibleConvolutionsAreErrors() throws {
    func message(
      _ convolution: fovea_dnn_convolution, source: fovea_dnn_layout? = nil
    ) -> String? {
      var convolution = convolution
      do {
        _ = try Primitive {
          fovea_dnn_convolution_create(&convolution, FOVEA_DNN_TRAINING, source, nil, nil, $0)
        }
        return nil
      } catch {
        #expect(error.status == FOVEA_DNN_INVALID)
        return error.message
      }
    }
    #expect(
      message(.init(channels: 1, 1, input: (4, 9), kernel: (5, 5)))
        == "convolution: the kernel is larger than the padded input (height: 5 > 4)")
    #expect(
      message(.init(channels: 1, 1, input: (9, 9), kernel: (5, 5), stride: (1, 0)))
        == "convolution: stride (width) must be between 1 and 16777216, not 0")
    #expect(
      message(.init(channels: 1, 1, input: (9, 9), kernel: (3, 3), padding: (0, -1, 0, 0)))
        == "convolution: padding before (width) must be between 0 and 16777216, not -1")
    #expect(
      message(.init(channels: 3, 4, input: (9, 9), kernel: (3, 3), groups: 2))
        == "convolution: groups (2) must divide the input channels (3) and the output channels (4)")
    #expect(
      message(.init(channels: 1, 1, input: (9, 9), kernel: (.max, 1)))
        == "convolution: kernel (height) must be between 1 and 16777216, not 9223372036854775807")
    #expect(
      message(.init(batch: 0, channels: 1, 1, input: (9, 9), kernel: (3, 3)))?
        .hasPrefix("convolution: SRC cannot have the dimensions 0×1×9×9") == true)
    #expect(
      message(.init(channels: 1, 1, input: (9, 9), kernel: (3, 3)), source: try Layouts.plain([2, 1, 9, 8]))
        == "convolution: the layout of SRC must have the dimensions 2×1×9×9, not 2×1×9×8")
  }
}

extension fovea_dnn_convolution {
  /// `padding` is top, left, bottom, right.
  init(
    batch: Int64 = 2, channels input_channels: Int64, _ output_channels: Int64, input: (Int64, Int64),
    kernel: (Int64, Int64), stride: (Int64, Int64) = (1, 1), dilation: (Int64, Int64) = (1, 1),
    padding: (Int64, Int64, Int64, Int64) = (0, 0, 0, 0), groups: Int64 = 1, hasBias: Bool = true
  ) {
    self.init(
      batch: batch, input_channels: input_channels, output_channels: output_channels, input_height: input.0,
      input_width: input.1, kernel_height: kernel.0, kernel_width: kernel.1, stride_height: stride.0,
      stride_width: stride.1, dilation_height: dilation.0, dilation_width: dilation.1, pad_top: padding.0,
      pad_left: padding.1, pad_bottom: padding.2, pad_right: padding.3, groups: groups, has_bias: hasBias,
      accumulates: false,
      activation: fovea_dnn_activation(kind: FOVEA_DNN_IDENTITY, alpha: 0, beta: 0),
      precision: FOVEA_DNN_FLOAT32)
  }
}

/// A convolution as a sum over all pairs of an output and a tap of the kernel.
private struct Reference {
  let convolution: fovea_dnn_convolution
  let outputHeight: Int
  let outputWidth: Int

  init(_ c: fovea_dnn_convolution) {
    convolution = c
    outputHeight = Int(
      (c.input_height + c.pad_top + c.pad_bottom - (c.dilation_height * (c.kernel_height - 1) + 1))
        / c.stride_height + 1)
    outputWidth = Int(
      (c.input_width + c.pad_left + c.pad_right - (c.dilation_width * (c.kernel_width - 1) + 1))
        / c.stride_width + 1)
  }

  var sourceCount: Int {
    Int(convolution.batch * convolution.input_channels * convolution.input_height * convolution.input_width)
  }
  var weightsCount: Int {
    Int(convolution.output_channels * convolution.input_channels / convolution.groups)
      * Int(convolution.kernel_height * convolution.kernel_width)
  }
  var destinationCount: Int { Int(convolution.batch * convolution.output_channels) * outputHeight * outputWidth }

  /// Calls `body` with the offsets into source, weights and destination of every product in the sum.
  func forEachProduct(_ body: (Int, Int, Int) -> Void) {
    let c = convolution
    let inputs = Int(c.input_channels / c.groups)
    let outputs = Int(c.output_channels / c.groups)
    for image in 0..<Int(c.batch) {
      for output in 0..<Int(c.output_channels) {
        for input in 0..<inputs {
          let channel = output / outputs * inputs + input
          for y in 0..<outputHeight {
            for x in 0..<outputWidth {
              for v in 0..<Int(c.kernel_height) {
                for u in 0..<Int(c.kernel_width) {
                  let row = y * Int(c.stride_height) + v * Int(c.dilation_height) - Int(c.pad_top)
                  let column = x * Int(c.stride_width) + u * Int(c.dilation_width) - Int(c.pad_left)
                  guard (0..<Int(c.input_height)).contains(row), (0..<Int(c.input_width)).contains(column) else {
                    continue
                  }
                  body(
                    ((image * Int(c.input_channels) + channel) * Int(c.input_height) + row) * Int(c.input_width)
                      + column,
                    ((output * inputs + input) * Int(c.kernel_height) + v) * Int(c.kernel_width) + u,
                    ((image * Int(c.output_channels) + output) * outputHeight + y) * outputWidth + x)
                }
              }
            }
          }
        }
      }
    }
  }

  func channel(of destination: Int) -> Int {
    destination / (outputHeight * outputWidth) % Int(convolution.output_channels)
  }

  func forward(_ source: [Float], _ weights: [Float], _ bias: [Float]) -> [Float] {
    var result = (0..<destinationCount).map { bias.isEmpty ? 0 : bias[channel(of: $0)] }
    forEachProduct { result[$2] += source[$0] * weights[$1] }
    return result
  }

  func backwardData(_ gradient: [Float], _ weights: [Float]) -> [Float] {
    var result = [Float](repeating: 0, count: sourceCount)
    forEachProduct { result[$0] += gradient[$2] * weights[$1] }
    return result
  }

  func backwardWeights(_ gradient: [Float], _ source: [Float]) -> [Float] {
    var result = [Float](repeating: 0, count: weightsCount)
    forEachProduct { result[$1] += gradient[$2] * source[$0] }
    return result
  }

  func backwardBias(_ gradient: [Float]) -> [Float] {
    var result = [Float](repeating: 0, count: Int(convolution.output_channels))
    for (offset, value) in gradient.enumerated() { result[channel(of: offset)] += value }
    return result
  }
}
