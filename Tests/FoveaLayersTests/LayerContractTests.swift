import Foundation
import FoveaCore
import FoveaLayers
import FoveaTesting
import Testing

/// Every layer keeps the contract, over shapes that hide nothing: not square, odd, overlapping windows, partial tables.
@Suite struct LayerContractTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let type: any Operator.Type
    let values: [String: ConfigurationValue]
    let inputs: [Shape]
    var options = LayerContract.Options()

    init(
      _ type: any Operator.Type, _ values: [String: ConfigurationValue] = [:], _ inputs: Shape...,
      adjust: (inout LayerContract.Options) -> Void = { _ in }
    ) {
      self.type = type
      self.values = values
      self.inputs = inputs
      adjust(&options)
    }

    var testDescription: String { "\(type.kind) \(ConfigurationValue.object(values)) of \(inputs)" }
  }

  static let cases: [Case] = [
    Case(Convolution.self, ["filters": 4, "kernel": [3, 2]], [3, 6, 5]),
    Case(
      Convolution.self,
      ["filters": 3, "kernel": 3, "stride": [2, 3], "dilation": [1, 2], "padding": "same", "bias": false], [2, 7, 8]),
    Case(
      Convolution.self,
      [
        "filters": 6, "kernel": [2, 3], "groups": 3, "stride": 2,
        "padding": ["top": 2, "left": 0, "bottom": 1, "right": 3],
      ], [3, 5, 6]),
    Case(Convolution.self, ["filters": 5, "kernel": [4, 3]], [2, 4, 3]),
    Case(
      Convolution.self,
      ["filters": 3, "kernel": [2, 3], "stride": [1, 2], "connections": [[0], [1, 3], [0, 1, 2, 3]]], [4, 5, 7]),
    Case(TransposedConvolution.self, ["filters": 4, "kernel": [3, 2], "stride": [2, 1]], [3, 4, 5]),
    Case(
      TransposedConvolution.self,
      [
        "filters": 6, "kernel": 3, "stride": 2, "dilation": [1, 2], "groups": 3, "bias": false,
        "padding": ["top": 1, "right": 2], "outputPadding": ["bottom": 1],
      ], [3, 4, 5]),
    Case(SeparableConvolution.self, ["filters": 5, "kernel": [3, 2], "stride": 2, "padding": "same"], [3, 7, 6]),
    Case(SeparableConvolution.self, ["filters": 2, "kernel": 3, "multiplier": 2, "bias": false], [3, 5, 6]),
    Case(MaximumPooling.self, ["window": [2, 3], "stride": [1, 2]], [3, 5, 7]),
    Case(MaximumPooling.self, ["window": 3, "stride": 2, "padding": "same"], [2, 7, 6]),
    Case(MinimumPooling.self, ["window": 3, "stride": 2, "padding": ["bottom": 2, "left": 1]], [3, 5, 6]),
    Case(AveragePooling.self, ["window": [3, 2], "stride": [2, 1], "padding": "same"], [3, 7, 5]),
    Case(AveragePooling.self, ["window": 3, "stride": 2, "padding": 2, "countsPadding": true], [2, 5, 6]),
    Case(GlobalAveragePooling.self, [:], [5, 7, 3]),
    Case(GlobalMaximumPooling.self, [:], [5, 7, 3]),
    Case(AdaptiveAveragePooling.self, ["size": [2, 3]], [3, 5, 7]),
    Case(AdaptiveAveragePooling.self, ["size": 1], [3, 5, 7]),
    Case(AdaptiveAveragePooling.self, ["size": [2, 1]], [3, 6, 5]),
    Case(AdaptiveMaximumPooling.self, ["size": [4, 3]], [3, 5, 7]),
    Case(AdaptiveMaximumPooling.self, ["size": [2, 3]], [2, 6, 6]),
    Case(LpPooling.self, ["window": [2, 3], "stride": [1, 2]], [3, 5, 7]),
    Case(LpPooling.self, ["window": 3, "stride": 2, "padding": 1, "p": 3], [2, 5, 6]),
    Case(LpPooling.self, ["window": 2, "p": 1], [2, 4, 6]),
    Case(Upsampling.self, ["factor": [2, 3]], [3, 4, 5]),
    Case(Upsampling.self, ["factor": [3, 2], "interpolation": "bilinear"], [3, 4, 5]),
    Case(TrainableSubsampling.self, ["window": [2, 3], "stride": [1, 2]], [3, 5, 7]),
    Case(TrainableSubsampling.self, ["window": 2], [6, 5, 4]),
    Case(Dense.self, ["units": 7], [13]),
    Case(Dense.self, ["units": 1, "bias": false, "initialization": "heNormal"], [33]),
    Case(Dense.self, ["units": 3], [5, 7]),
    Case(Tokens.self, [:], [3, 5, 4]),
    Case(LearnedConstant.self, ["shape": [2, 3]], [4]),
    Case(MultiHeadAttention.self, ["heads": 2], [5, 6]),
    Case(MultiHeadAttention.self, ["heads": 3, "bias": false], [18, 9]),
    Case(MultiHeadAttention.self, ["heads": 2, "size": 5], [4, 6]),
    Case(Relu.self, [:], [3, 5, 7]),
    Case(LeakyRelu.self, ["slope": 0.2], [3, 5, 7]),
    Case(Tanh.self, [:], [3, 5, 7]),
    Case(ScaledTanh.self, [:], [3, 5, 7]),
    Case(Sigmoid.self, [:], [19]),
    Case(Relu6.self, [:], [3, 5, 7]) { $0.inputRange = -8...8 },
    Case(Prelu.self, [:], [3, 5, 7]),
    Case(Prelu.self, ["shared": true, "initial": 0.1], [5]),
    Case(Elu.self, ["alpha": 0.7], [3, 5, 7]),
    Case(Silu.self, [:], [3, 5, 7]),
    Case(Gelu.self, [:], [3, 5, 7]),
    Case(Gelu.self, ["approximate": true], [3, 5, 7]),
    Case(HardSwish.self, [:], [3, 5, 7]) { $0.inputRange = -4...4 },
    Case(HardSigmoid.self, [:], [3, 5, 7]) { $0.inputRange = -4...4 },
    Case(Softmax.self, [:], [11]),
    Case(Softmax.self, [:], [3, 5, 2]),
    Case(BatchNormalization.self, ["momentum": 0.3], [3, 5, 4]) { $0.differsInTraining = true },
    Case(BatchNormalization.self, ["epsilon": 0.01], [5]) {
      $0.differsInTraining = true
      $0.batch = 7
    },
    Case(LayerNormalization.self, [:], [5, 7]),
    Case(LayerNormalization.self, ["axis": 0, "epsilon": 0.01], [3, 5, 4]),
    Case(LayerNormalization.self, ["axis": 1, "scale": false], [3, 5, 4]),
    Case(GroupNormalization.self, ["groups": 2], [6, 3, 5]),
    Case(GroupNormalization.self, ["groups": 3, "scale": false], [9]),
    Case(InstanceNormalization.self, [:], [3, 5, 4]),
    Case(InstanceNormalization.self, ["scale": false, "epsilon": 0.01], [2, 3, 5]),
    Case(LocalResponseNormalization.self, ["size": 3, "alpha": 0.5, "k": 2], [7, 3, 5]) { $0.largeFactor = 100 },
    Case(ScaleShift.self, [:], [3, 5, 4]),
    Case(ScaleShift.self, ["initial": 0.2, "shift": false], [17]),
    Case(ScaleShift.self, ["learned": false], [3, 5, 4]),
    Case(ThresholdedRelu.self, [:], [3, 5, 7]) { $0.inputRange = -3...3 },
    Case(ThresholdedRelu.self, ["threshold": 0.5, "slope": 0.2, "most": 2], [19]) { $0.inputRange = -3...3 },
    Case(Reshape.self, ["shape": [5, 12]], [3, 4, 5]),
    Case(Permute.self, ["axes": [2, 0, 1]], [3, 4, 5]),
    Case(Permute.self, ["axes": [1, 0]], [3, 7]),
    Case(Permute.self, ["axes": [0, 3, 2, 1]], [2, 3, 4, 5]),
    Case(Broadcast.self, ["shape": [3, 4, 5]], [1, 4, 5]),
    Case(Broadcast.self, ["shape": [3, 4, 5]], [3, 1, 1]),
    Case(Broadcast.self, ["shape": [2, 3, 4, 5]], [1, 3, 1, 5]),
    Case(Broadcast.self, ["shape": [3, 7]], [3, 7]),
    Case(Cropping.self, ["sides": ["top": 1, "right": 2]], [3, 4, 5]),
    Case(Subtract.self, [:], [3, 4, 5], [3, 4, 5]),
    Case(Average.self, [:], [3, 4, 5], [3, 4, 5], [3, 4, 5]),
    Case(Maximum.self, [:], [3, 4, 5], [3, 4, 5], [3, 4, 5]),
    Case(Minimum.self, [:], [7], [7]),
    Case(Dropout.self, ["rate": 0.3], [3, 5, 7]) { $0.differsInTraining = true },
    Case(Flatten.self, [:], [3, 5, 7]),
    Case(ZeroPadding.self, ["padding": ["top": 1, "right": 3]], [3, 4, 5]),
    Case(Add.self, [:], [3, 4, 5], [3, 4, 5], [3, 4, 5]),
    Case(Multiply.self, [:], [3, 4, 5], [3, 4, 5]),
    Case(Multiply.self, [:], [3, 4, 5], [3]),
    Case(Multiply.self, [:], [3, 4, 5], [3, 1, 1]),
    Case(Multiply.self, [:], [7], [7]),
    Case(Concatenate.self, [:], [3, 4, 5], [2, 4, 5], [1, 4, 5]),
    Case(Concatenate.self, [:], [7], [4]),
    Case(Split.self, ["sizes": [2, 1, 3]], [6, 4, 5]),
    Case(Split.self, ["sizes": [3, 4]], [7]),
    Case(Constant.self, ["shape": [2, 3], "value": [1, 2, 3, 4, 5, 6]]),
    Case(Constant.self, ["shape": [3, 2, 2]]),
    Case(ArgMax.self, [:], [5, 3, 2]),
    Case(ArgMax.self, [:], [7]),
    Case(ArgMax.self, ["element": "int64"], [4, 3, 2]),
    Case(Constant.self, ["shape": [2, 2], "value": [1, 2, 3, 4], "element": "int32"]),
    Case(Cast.self, ["to": "int64"], [3, 4, 5]),
    Case(Cast.self, ["to": "uint8", "rounding": "towardZero"], [7]),
    Case(Cast.self, ["to": "float16"], [5, 3]) { $0.largeFactor = 100 },
    Case(RadialBasisOutput.self, ["units": 5, "trainable": true], [13]),
    Case(RadialBasisOutput.self, ["codes": "paper", "characters": "ab1"], [84]),
  ]

  @Test(arguments: cases) func isKept(_ test: Case) {
    let report = Self.check(test.type, test)
    #expect(report.passed, "\(report)")
  }

  @Test func noLayerIsForgotten() {
    #expect(Set(Self.cases.map { $0.type.kind }) == Set(BuiltinLayers.all.map { $0.kind }))
  }

  /// A kind that nobody reads of is not used.
  @Test func eachIsOnThePageOfLayers() throws {
    let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    let page = tests.deletingLastPathComponent().appendingPathComponent("Documentation/Layers.md")
    let text = try String(contentsOf: page, encoding: .utf8)
    for layer in BuiltinLayers.all { #expect(text.contains("| `\(layer.kind)` |"), "\(layer.kind)") }
  }

  private static func check<O: Operator>(_ type: O.Type, _ test: Case) -> ContractReport {
    LayerContract.check(type, values: test.values, inputs: test.inputs, options: test.options)
  }
}
