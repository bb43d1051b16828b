import Testing

@testable import FoveaKeras

@Suite struct SnakeCaseTests {
  /// As `keras.src.utils.naming.to_snake_case` says.
  @Test(arguments: [
    ("Conv2D", "conv2d"), ("PReLU", "p_re_lu"), ("BatchNormalization", "batch_normalization"), ("ReLU", "re_lu"),
    ("SeparableConv2D", "separable_conv2d"), ("Conv2DTranspose", "conv2d_transpose"), ("ELU", "elu"),
    ("GlobalAveragePooling2D", "global_average_pooling2d"), ("Dense", "dense"), ("LeakyReLU", "leaky_re_lu"),
    ("Sequential", "sequential"), ("Package>MyLayer", "my_layer"),
  ])
  func isKeras(_ name: String, _ expected: String) {
    #expect(KerasWeights.snakeCase(name) == expected)
  }
}
