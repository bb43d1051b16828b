public import FoveaCore
public import FoveaLayers

// Layers with settings that have no useful default: in Swift, the compiler asks for them.

extension Convolution {
  /// A convolution in a description.
  public static func layer(
    _ name: String? = nil, inputs: [String]? = nil, filters: Int, kernel: Extent,
    _ configure: (inout Configuration) -> Void = { _ in }
  ) -> LayerDescription {
    layer(name, inputs: inputs, Configuration(filters: filters, kernel: kernel), configure)
  }
}

extension Dense {
  /// A dense layer in a description.
  public static func layer(
    _ name: String? = nil, inputs: [String]? = nil, units: Int, _ configure: (inout Configuration) -> Void = { _ in }
  ) -> LayerDescription {
    layer(name, inputs: inputs, Configuration(units: units), configure)
  }
}

extension Layer where Configuration == PoolingConfiguration {
  /// A pooling in a description.
  public static func layer(
    _ name: String? = nil, inputs: [String]? = nil, window: Extent,
    _ configure: (inout Configuration) -> Void = { _ in }
  ) -> LayerDescription {
    layer(name, inputs: inputs, Configuration(window: window), configure)
  }
}

extension AveragePooling {
  /// An average pooling in a description.
  public static func layer(
    _ name: String? = nil, inputs: [String]? = nil, window: Extent,
    _ configure: (inout Configuration) -> Void = { _ in }
  ) -> LayerDescription {
    layer(name, inputs: inputs, Configuration(window: window), configure)
  }
}

extension Layer where Configuration == AdaptivePoolingConfiguration {
  /// A pooling to a size in a description.
  public static func layer(_ name: String? = nil, inputs: [String]? = nil, size: Extent) -> LayerDescription {
    layer(name, inputs: inputs, Configuration(size: size))
  }
}

extension TrainableSubsampling {
  /// A trainable subsampling in a description.
  public static func layer(
    _ name: String? = nil, inputs: [String]? = nil, window: Extent,
    _ configure: (inout Configuration) -> Void = { _ in }
  ) -> LayerDescription {
    layer(name, inputs: inputs, Configuration(window: window), configure)
  }
}

extension ZeroPadding {
  /// Zeros around each map in a description.
  public static func layer(
    _ name: String? = nil, inputs: [String]? = nil, padding: Sides,
    _ configure: (inout Configuration) -> Void = { _ in }
  ) -> LayerDescription {
    layer(name, inputs: inputs, Configuration(padding: padding), configure)
  }
}

extension RadialBasisOutput {
  /// Radial basis units in a description, with codes that are drawn from −1 and +1.
  public static func layer(
    _ name: String? = nil, inputs: [String]? = nil, units: Int, _ configure: (inout Configuration) -> Void = { _ in }
  ) -> LayerDescription {
    layer(name, inputs: inputs, Configuration(units: units), configure)
  }

  /// Radial basis units in a description, one for each of the codes.
  public static func layer(
    _ name: String? = nil, inputs: [String]? = nil, codes: OutputCodes,
    _ configure: (inout Configuration) -> Void = { _ in }
  ) -> LayerDescription {
    layer(name, inputs: inputs, Configuration(codes: codes), configure)
  }
}

extension Split {
  /// A split in a description: outputs with so many channels each.
  public static func layer(_ name: String? = nil, inputs: [String]? = nil, sizes: [Int]) -> LayerDescription {
    layer(name, inputs: inputs, Configuration(sizes: sizes))
  }
}

extension Constant {
  /// A constant in a description, with one number in all its places, or with as many as it has elements.
  public static func layer(
    _ name: String? = nil, shape: [Int], value: [Double], of element: ElementType = .float32
  ) -> LayerDescription {
    layer(name, inputs: nil, Configuration(shape: shape, value: value, of: element))
  }
}

extension Cast {
  /// The same numbers as elements of another type, in a description.
  public static func layer(
    _ name: String? = nil, inputs: [String]? = nil, to element: ElementType,
    _ configure: (inout Configuration) -> Void = { _ in }
  ) -> LayerDescription {
    layer(name, inputs: inputs, Configuration(to: element), configure)
  }
}

extension TransposedConvolution {
  /// A transposed convolution in a description.
  public static func layer(
    _ name: String? = nil, inputs: [String]? = nil, filters: Int, kernel: Extent,
    _ configure: (inout Configuration) -> Void = { _ in }
  ) -> LayerDescription {
    layer(name, inputs: inputs, Configuration(filters: filters, kernel: kernel), configure)
  }
}

extension SeparableConvolution {
  /// A separable convolution in a description.
  public static func layer(
    _ name: String? = nil, inputs: [String]? = nil, filters: Int, kernel: Extent,
    _ configure: (inout Configuration) -> Void = { _ in }
  ) -> LayerDescription {
    layer(name, inputs: inputs, Configuration(filters: filters, kernel: kernel), configure)
  }
}

extension LpPooling {
  /// A pooling by the p-norm in a description.
  public static func layer(
    _ name: String? = nil, inputs: [String]? = nil, window: Extent,
    _ configure: (inout Configuration) -> Void = { _ in }
  ) -> LayerDescription {
    layer(name, inputs: inputs, Configuration(window: window), configure)
  }
}

extension Upsampling {
  /// Larger maps in a description.
  public static func layer(
    _ name: String? = nil, inputs: [String]? = nil, factor: Extent,
    _ configure: (inout Configuration) -> Void = { _ in }
  ) -> LayerDescription {
    layer(name, inputs: inputs, Configuration(factor: factor), configure)
  }
}

extension GroupNormalization {
  /// A normalization of groups of channels in a description.
  public static func layer(
    _ name: String? = nil, inputs: [String]? = nil, groups: Int,
    _ configure: (inout Configuration) -> Void = { _ in }
  ) -> LayerDescription {
    layer(name, inputs: inputs, Configuration(groups: groups), configure)
  }
}

extension MultiHeadAttention {
  /// An attention in a description.
  public static func layer(
    _ name: String? = nil, inputs: [String]? = nil, heads: Int,
    _ configure: (inout Configuration) -> Void = { _ in }
  ) -> LayerDescription {
    layer(name, inputs: inputs, Configuration(heads: heads), configure)
  }
}

extension LearnedConstant {
  /// Numbers that are learned, in a description.
  public static func layer(
    _ name: String? = nil, inputs: [String]? = nil, shape: [Int],
    _ configure: (inout Configuration) -> Void = { _ in }
  ) -> LayerDescription {
    layer(name, inputs: inputs, Configuration(shape: shape), configure)
  }
}
