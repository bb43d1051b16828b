import FoveaCore
import FoveaLayers

extension Architecture {
  /// Inverted residual blocks whose maps are weighed by what is in all of them; 5,288,548 trainable numbers.
  ///
  /// Source: Tan, Le 2019, "EfficientNet: Rethinking Model Scaling for Convolutional Neural Networks", table 1.
  /// Deviates: no block is left out at random in training.
  static let efficientNetB0 = Architecture(
    summary: "224×224 color, inverted residual blocks with squeeze-and-excitation, 1000 classes: EfficientNet-B0",
    description: .imageNet("efficientnet-b0", interpolation: "bicubicAntialiased") {
      convolution("features.0", filters: 32, kernel: 3, stride: 2)
      for (stage, blocks) in efficientStages.enumerated() {
        for (index, block) in blocks.enumerated() {
          efficientBlock("features.\(stage + 1).\(index)", block)
        }
      }
      convolution("features.8", filters: 1280)
      GlobalAveragePooling.layer()
      Dropout.layer("classifier.0") { $0.rate = 0.2 }
      Dense.layer("classifier.1", units: 1000)
    })

  private struct EfficientBlock {
    let channels, filters, kernel, stride: Int
    /// How many times as many maps there are between.
    let widening: Int

    var width: Int { channels * widening }
    var adds: Bool { stride == 1 && channels == filters }
  }

  private static let efficientStages = [
    stage(1, from: 32, to: 16, kernel: 3, stride: 1, widening: 1),
    stage(2, from: 16, to: 24, kernel: 3, stride: 2),
    stage(2, from: 24, to: 40, kernel: 5, stride: 2),
    stage(3, from: 40, to: 80, kernel: 3, stride: 2),
    stage(3, from: 80, to: 112, kernel: 5, stride: 1),
    stage(4, from: 112, to: 192, kernel: 5, stride: 2),
    stage(1, from: 192, to: 320, kernel: 3, stride: 1),
  ]

  /// So many blocks, of which the first has the stride.
  private static func stage(
    _ count: Int, from channels: Int, to filters: Int, kernel: Int, stride: Int, widening: Int = 6
  ) -> [EfficientBlock] {
    (0..<count).map { index in
      EfficientBlock(
        channels: index == 0 ? channels : filters, filters: filters, kernel: kernel, stride: index == 0 ? stride : 1,
        widening: widening)
    }
  }

  private static func efficientBlock(_ name: String, _ block: EfficientBlock) -> [LayerDescription] {
    // The first stage does not widen, so that its layers' numbers are smaller by one.
    let first = block.widening > 1 ? 1 : 0
    return LayerDescription.block(name) {
      if block.widening > 1 { convolution("block.0", filters: block.width) }
      convolution(
        "block.\(first)", filters: block.width, kernel: block.kernel, stride: block.stride, groups: block.width)
      excitation("block.\(first + 1)", channels: block.width, squeezed: block.channels / 4)
      Convolution.normalized("block.\(first + 2).0", filters: block.filters)
      BatchNormalization.layer("block.\(first + 2).1")
      if block.adds { Add.layer(inputs: [LayerDescription.blockInput, "block.\(first + 2).1"]) }
    }
  }

  /// Weighs each map by what is in all of them.
  ///
  /// Source: Hu, Shen, Sun 2018, "Squeeze-and-Excitation Networks".
  private static func excitation(_ name: String, channels: Int, squeezed: Int) -> [LayerDescription] {
    LayerDescription.block(name) {
      AdaptiveAveragePooling.layer("avgpool", inputs: [LayerDescription.blockInput], size: 1)
      Convolution.layer("fc1", filters: squeezed, kernel: 1)
      Silu.layer()
      Convolution.layer("fc2", filters: channels, kernel: 1)
      Sigmoid.layer("weights")
      Multiply.layer(inputs: [LayerDescription.blockInput, "weights"])
    }
  }

  private static func convolution(
    _ name: String, filters: Int, kernel: Int = 1, stride: Int = 1, groups: Int = 1
  ) -> [LayerDescription] {
    LayerDescription.block(name) {
      Convolution.normalized("0", filters: filters, kernel: kernel, stride: stride, groups: groups)
      BatchNormalization.layer("1")
      Silu.layer("2")
    }
  }
}
