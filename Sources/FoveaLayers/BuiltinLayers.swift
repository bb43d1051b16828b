public import FoveaCore

/// The layers that come with the toolkit.
public enum BuiltinLayers: BuiltinKinds {
  public static var sort: Sort<any Operator.Type> { .layers }
  /// All of them: what is not in this list cannot be named in a description.
  public static let all: [any Operator.Type] = [
    Convolution.self, TransposedConvolution.self, SeparableConvolution.self,
    MaximumPooling.self, MinimumPooling.self, AveragePooling.self, GlobalAveragePooling.self,
    GlobalMaximumPooling.self, AdaptiveAveragePooling.self, AdaptiveMaximumPooling.self,
    LpPooling.self, TrainableSubsampling.self, Upsampling.self,
    Dense.self,
    Relu.self, LeakyRelu.self, Tanh.self, ScaledTanh.self, Sigmoid.self, Softmax.self,
    Relu6.self, Prelu.self, Elu.self, Silu.self, Gelu.self, HardSwish.self, HardSigmoid.self,
    ThresholdedRelu.self,
    BatchNormalization.self, LayerNormalization.self, GroupNormalization.self, InstanceNormalization.self,
    LocalResponseNormalization.self, ScaleShift.self, Dropout.self,
    Tokens.self, LearnedConstant.self, MultiHeadAttention.self,
    Flatten.self, Reshape.self, Permute.self, ZeroPadding.self, Cropping.self, Broadcast.self,
    Add.self, Subtract.self, Multiply.self, Average.self, Maximum.self, Minimum.self,
    Concatenate.self, Split.self, Constant.self, Cast.self,
    RadialBasisOutput.self, ArgMax.self,
  ]
}
