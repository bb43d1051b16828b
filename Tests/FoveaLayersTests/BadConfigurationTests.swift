import FoveaCore
import FoveaLayers
import FoveaTesting
import Testing

/// Each bad setting is refused when the layer is made, with the error that says so.
@Suite struct BadConfigurationTests {
  private static let huge = 1 << 62

  private func error<L: Layer>(_ type: L.Type, _ configuration: L.Configuration, _ inputs: Shape...) -> LayerError? {
    do throws(LayerError) {
      _ = try L(configuration, inputs: inputs)
      return nil
    } catch {
      return error
    }
  }

  private func invalid(_ kind: String, _ key: String, _ expected: String, _ got: String) -> LayerError {
    .invalidConfiguration(kind: kind, key: key, expected: expected, got: got)
  }

  @Test func convolution() {
    func check(
      _ configuration: Convolution.Configuration, _ expected: LayerError, input: Shape = [6, 9, 7],
      _ location: SourceLocation = #_sourceLocation
    ) {
      #expect(error(Convolution.self, configuration, input) == expected, sourceLocation: location)
    }
    func bad(_ key: String, _ expected: String, _ got: String) -> LayerError {
      invalid("convolution", key, expected, got)
    }
    check(.init(filters: 0, kernel: 3), bad("filters", "at least 1", "0"))
    check(.init(filters: Self.huge, kernel: 3), bad("filters", "at most 16777216", "\(Self.huge)"))
    check(
      .init(filters: 1 << 24, kernel: 1),
      bad("filters", "so small that outputs have at most 268435456 elements", "[16777216, 9, 7]"))
    check(
      .init(filters: 1 << 24, kernel: Extent(height: 9, width: 7)),
      bad("filters", "so small that weights have at most 268435456 elements", "[16777216, 6, 9, 7]"))
    check(.init(filters: 2, kernel: 0), bad("kernel", "at least 1", "0"))
    check(.init(filters: 2, kernel: Extent(height: 3, width: -1)), bad("kernel", "at least 1", "[3, -1]"))
    check(.init(filters: 2, kernel: Extent(Self.huge)), bad("kernel", "at most 16777216", "\(Self.huge)"))
    check(.init(filters: 2, kernel: 3, stride: 0), bad("stride", "at least 1", "0"))
    check(
      .init(filters: 2, kernel: 3, stride: Extent(height: 1, width: Self.huge)),
      bad("stride", "at most 16777216", "[1, \(Self.huge)]"))
    check(.init(filters: 2, kernel: 3, dilation: 0), bad("dilation", "at least 1", "0"))
    check(.init(filters: 2, kernel: 3, groups: 0), bad("groups", "at least 1", "0"))
    let divisor = "a divisor of the 6 input channels and of the 4 filters"
    check(.init(filters: 4, kernel: 3, groups: 4), bad("groups", divisor, "4"))
    check(.init(filters: 4, kernel: 3, groups: 3), bad("groups", divisor, "3"))
    check(
      .init(filters: 2, kernel: 3, padding: .explicit(Sides(left: -1))), bad("padding.left", "at least 0", "-1"))
    check(
      .init(filters: 2, kernel: 3, padding: .explicit(Sides(bottom: .max))),
      bad("padding.bottom", "at most 16777216", "\(Int.max)"))
    check(
      .init(filters: 2, kernel: Extent(height: 3, width: 8)),
      .invalidInput(
        kind: "convolution", expected: "at least 3×8 pixels, as far as 'kernel' reaches", got: [6, 9, 7]))
    check(
      .init(filters: 2, kernel: 4, dilation: 4, padding: .explicit(Sides(all: 1))),
      .invalidInput(
        kind: "convolution", expected: "at least 13×13 pixels, padding included, as far as 'kernel' reaches",
        got: [6, 9, 7]))
    check(
      .init(filters: 2, kernel: 3),
      .invalidInput(kind: "convolution", expected: "images [channels, height, width]", got: [6, 9]), input: [6, 9])
    check(
      .init(filters: 2, kernel: 3),
      .invalidInput(kind: "convolution", expected: "extents of at least 1", got: [0, 9, 7]), input: [0, 9, 7])
    #expect(
      error(Convolution.self, .init(filters: 2, kernel: 3), [3, 9, 7], [3, 9, 7])
        == .inputCount(kind: "convolution", expected: "one input", got: 2))
  }

  @Test func connectionTables() {
    func check(
      _ table: [[Int]], groups: Int = 1, _ key: String, _ expected: String, _ got: String,
      _ location: SourceLocation = #_sourceLocation
    ) {
      let configuration = Convolution.Configuration(filters: 2, kernel: 3, groups: groups, connections: table)
      #expect(
        error(Convolution.self, configuration, [4, 5, 6]) == invalid("convolution", key, expected, got),
        sourceLocation: location)
    }
    check([[0]], "connections", "one list of input maps for each of 2 filters", "1")
    check([[0], []], "connections.1", "a list of at least one input map", "[]")
    check([[0], [1, 4]], "connections.1", "input maps 0 to 3", "[1, 4]")
    check([[-1], [1]], "connections.0", "input maps 0 to 3", "[-1]")
    check([[0, 1, 0], [1]], "connections.0", "a list that names no input map twice", "[0, 1, 0]")
    check([[0], [1]], groups: 2, "groups", "1 where there are 'connections'", "2")
  }

  @Test func pooling() {
    func bad(_ key: String, _ expected: String, _ got: String) -> LayerError {
      invalid("maximumPooling", key, expected, got)
    }
    func check(
      _ configuration: PoolingConfiguration, _ expected: LayerError, _ location: SourceLocation = #_sourceLocation
    ) {
      #expect(error(MaximumPooling.self, configuration, [3, 5, 7]) == expected, sourceLocation: location)
    }
    check(.init(window: 0), bad("window", "at least 1", "0"))
    check(.init(window: 2, stride: 0), bad("stride", "at least 1", "0"))
    check(
      .init(window: 6),
      .invalidInput(
        kind: "maximumPooling", expected: "at least 6×6 pixels, as far as 'window' reaches", got: [3, 5, 7]))
    check(
      .init(window: 2, padding: .explicit(Sides(left: 2))),
      bad("padding", "smaller than the window, which else would see nothing but padding", "[0, 2, 0, 0]"))
    let sides = Sides(all: (1 << 24) - 1)
    #expect(
      error(
        AveragePooling.self, .init(window: Extent(1 << 24), stride: 1, padding: .explicit(sides)), [1 << 24, 1, 1])
        == invalid(
          "averagePooling", "padding", "so small that outputs have at most 268435456 elements",
          "[16777216, 16777216, 16777216]"))
    #expect(
      error(AveragePooling.self, .init(window: 3, stride: Extent(-2)), [3, 5, 7])
        == invalid("averagePooling", "stride", "at least 1", "-2"))
    #expect(
      error(MinimumPooling.self, .init(window: Extent(Self.huge)), [3, 5, 7])
        == invalid("minimumPooling", "window", "at most 16777216", "\(Self.huge)"))
    #expect(
      error(GlobalAveragePooling.self, .init(), [5])
        == .invalidInput(
          kind: "globalAveragePooling", expected: "images [channels, height, width]", got: [5]))
    #expect(
      error(TrainableSubsampling.self, .init(window: 2, stride: 0), [3, 5, 7])
        == invalid("trainableSubsampling", "stride", "at least 1", "0"))
  }

  @Test func dense() {
    #expect(error(Dense.self, .init(units: 0), [5]) == invalid("dense", "units", "at least 1", "0"))
    #expect(
      error(Dense.self, .init(units: Self.huge), [5])
        == invalid("dense", "units", "at most 16777216", "\(Self.huge)"))
    #expect(
      error(Dense.self, .init(units: 1 << 20), [1 << 20])
        == invalid("dense", "units", "so small that weights have at most 268435456 elements", "[1048576, 1048576]"))
    #expect(
      error(Dense.self, .init(units: 3), [3, 5, 7])
        == .invalidInput(kind: "dense", expected: "vectors [features]; put 'flatten' before it", got: [3, 5, 7]))
  }

  @Test func activations() {
    #expect(
      error(LeakyRelu.self, .init(slope: -0.1), [5])
        == invalid("leakyRelu", "slope", "a number of 0 or more", "-0.1"))
    #expect(
      error(LeakyRelu.self, .init(slope: .nan), [5]) == invalid("leakyRelu", "slope", "a number of 0 or more", "nan"))
    #expect(
      error(ScaledTanh.self, .init(amplitude: 0, slope: 1), [5])
        == invalid("scaledTanh", "amplitude", "a positive number", "0.0"))
    #expect(
      error(ScaledTanh.self, .init(amplitude: 1, slope: .infinity), [5])
        == invalid("scaledTanh", "slope", "a positive number", "inf"))
    #expect(
      error(Relu.self, .init(), [3, 0])
        == .invalidInput(kind: "relu", expected: "extents of at least 1", got: [3, 0]))
  }

  @Test func dropoutAndNormalization() {
    for rate in [-0.1, 1, .nan] as [Float] {
      #expect(
        error(Dropout.self, .init(rate: rate), [5])
          == invalid("dropout", "rate", "at least 0 and less than 1", "\(rate)"))
    }
    for epsilon in [-1, 0] as [Float] {
      #expect(
        error(BatchNormalization.self, .init(epsilon: epsilon), [5])
          == invalid("batchNormalization", "epsilon", "a positive number", "\(epsilon)"))
    }
    #expect(
      error(BatchNormalization.self, .init(momentum: 1.5), [5])
        == invalid("batchNormalization", "momentum", "in 0…1", "1.5"))
    #expect(
      error(BatchNormalization.self, .init(), [3, 5])
        == .invalidInput(
          kind: "batchNormalization", expected: "images [channels, height, width] or vectors [features]", got: [3, 5]))
  }

  @Test func structure() {
    #expect(
      error(ZeroPadding.self, .init(padding: Sides(top: -1)), [3, 5, 7])
        == invalid("zeroPadding", "padding.top", "at least 0", "-1"))
    #expect(
      error(ZeroPadding.self, .init(padding: Sides(top: 1 << 24, left: 1 << 24)), [3, 5, 7])
        == invalid(
          "zeroPadding", "padding", "so small that outputs have at most 268435456 elements",
          "[3, 16777221, 16777223]"))
    #expect(error(Add.self, .init(), [3]) == .inputCount(kind: "add", expected: "two or more inputs", got: 1))
    #expect(
      error(Add.self, .init(), [3, 4], [3, 5])
        == .invalidInput(kind: "add", expected: "[3, 4], as the first input has", got: [3, 5]))
    #expect(
      error(Concatenate.self, .init(), [3, 4, 5], [2, 4, 6])
        == .invalidInput(
          kind: "concatenate", expected: "the first input's [3, 4, 5] in all but the channels", got: [2, 4, 6]))
    #expect(
      error(Concatenate.self, .init(), [3, 4, 5])
        == .inputCount(kind: "concatenate", expected: "two or more inputs", got: 1))
    let largest: Shape = [1 << 24]
    for count in [17, 300] {
      do throws(LayerError) {
        _ = try Concatenate(.init(), inputs: Array(repeating: largest, count: count))
        Issue.record("\(count) inputs of \(largest) go together")
      } catch {
        #expect("\(error)".contains("at most 268435456 elements"))
      }
    }
  }

  @Test func radialBasisOutput() {
    func check(
      _ configuration: RadialBasisOutput.Configuration, input: Shape = [84], _ key: String, _ expected: String,
      _ got: String, _ location: SourceLocation = #_sourceLocation
    ) {
      #expect(
        error(RadialBasisOutput.self, configuration, input) == invalid("radialBasisOutput", key, expected, got),
        sourceLocation: location)
    }
    check(.init(), "units", "given, or 'codes' be given", "missing")
    check(.init(units: 0), "units", "at least 1", "0")
    check(.init(units: 9, codes: .paper), "units", "10, as many as there are codes, or left out", "9")
    check(.init(codes: .paper, characters: ""), "characters", "at least one character, and none twice", "''")
    check(.init(codes: .paper, characters: "abca"), "characters", "at least one character, and none twice", "'abca'")
    check(.init(codes: .paper, characters: "aé"), "characters", "printable ASCII", "'é'")
    check(.init(units: 3, characters: "abc"), "characters", "left out where 'codes' is not 'paper'", "'abc'")
    check(.init(codes: .rows([])), "codes", "a list of at least one row", "empty")
    check(.init(codes: .rows([[1, -1], [1]])), input: [2], "codes.1", "2 numbers, as many as inputs", "1")
    check(.init(codes: .rows([[1, .nan]])), input: [2], "codes.0", "finite numbers", "[1.0, nan]")
    #expect(
      error(RadialBasisOutput.self, .init(codes: .paper), [10])
        == .invalidInput(
          kind: "radialBasisOutput", expected: "84 features, one for each pixel of the paper's codes", got: [10]))
  }

  /// What no layer was made for must not reach a kernel, which would read beyond it.
  @Test func tensorsOfAnotherShapeAreRefused() throws {
    let layer = try Convolution(.init(filters: 2, kernel: 3), input: [3, 5, 7])
    var random = SeededRandom(seed: 1)
    let parameters = layer.parameters.map { $0.makeTensor(using: &random) }
    for shape in [[3, 5, 7], [2, 3, 5, 6], [0, 3, 5, 7], [2, 105]] as [Shape] {
      #expect(throws: LayerError.invalidInput(kind: "convolution", expected: "a batch of [3, 5, 7]", got: shape)) {
        try layer.forward(Tensor(zeros: shape), parameters, TrainingContext(seed: 1)).output
      }
    }
  }
}
