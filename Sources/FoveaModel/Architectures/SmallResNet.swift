import FoveaCore
import FoveaLayers

extension Architecture {
  /// A residual network for small photographs, as deep as two cores can train in minutes: three times twice as many maps of half
  /// the size, with a residual block behind each; 1,939,490 trainable numbers.
  ///
  /// Source: He, Zhang, Ren, Sun 2016, "Deep Residual Learning", figure 2. Deviates: maps are widened and halved before a block
  /// and not within it, so that what goes around the block needs no weights, as in D. Page's nets for DAWNBench, 2018.
  static let smallResNet = Architecture(
    summary: "64×64 color, 32c3, three residual blocks of 64, 128, 256 maps, global average, 2 classes: photographs",
    description: ModelDescription(
      "small-resnet", input: [3, 64, 64], loss: .softmaxCrossEntropy,
      // Resizing comes first, so that the JPEG decoder can scale down: photographs are far larger than needed.
      preprocessing: [.resize(64, reducedDecoding: true), .toRGB, .scale],
      postprocessing: [KindDescription(SoftmaxConfidence())]
    ) {
      normalizedConvolution("stem", filters: 32)
      Relu.layer()
      MaximumPooling.layer(window: 2)
      for (stage, filters) in [64, 128, 256].enumerated() {
        let stage = stage + 1
        normalizedConvolution("wide\(stage)", filters: filters)
        Relu.layer()
        MaximumPooling.layer("half\(stage)", window: 2)
        normalizedConvolution("block\(stage)a", filters: filters)
        Relu.layer()
        normalizedConvolution("block\(stage)b", filters: filters)
        Add.layer(inputs: ["half\(stage)", "block\(stage)b"])
        Relu.layer()
      }
      GlobalAveragePooling.layer()
      Dense.layer("output", units: 2)
    })

  /// A convolution that keeps the maps' size, and its normalization, which has the name.
  private static func normalizedConvolution(_ name: String, filters: Int) -> [LayerDescription] {
    [
      Convolution.layer("\(name)c", filters: filters, kernel: 3) {
        $0.padding = .same
        $0.bias = false
        $0.initialization = .heNormal
      },
      BatchNormalization.layer(name),
    ]
  }
}
