import FoveaCore
import FoveaLayers

extension Architecture {
  /// Blocks that widen, look at each map by itself and narrow again, for small processors; 3,504,872 trainable numbers.
  ///
  /// Source: Sandler, Howard, Zhu, Zhmoginov, Chen 2018, "MobileNetV2: Inverted Residuals and Linear Bottlenecks", table 2.
  static let mobileNetV2 = Architecture(
    summary: "224×224 color, inverted residual blocks of depthwise convolutions, 1000 classes: MobileNetV2",
    description: .imageNet("mobilenet-v2") {
      convolution("features.0", filters: 32, kernel: 3, stride: 2)
      depthwiseBlock("features.1", channels: 32, filters: 16)
      for (index, block) in invertedBlocks.enumerated() {
        invertedBlock("features.\(index + 2)", block)
      }
      convolution("features.18", filters: 1280)
      GlobalAveragePooling.layer()
      Dropout.layer("classifier.0") { $0.rate = 0.2 }
      Dense.layer("classifier.1", units: 1000)
    })

  private typealias InvertedBlock = (channels: Int, filters: Int, stride: Int)

  /// Maps that come in and go out, and the stride, block by block.
  private static let invertedBlocks: [InvertedBlock] = [
    (16, 24, 2), (24, 24, 1), (24, 32, 2), (32, 32, 1), (32, 32, 1), (32, 64, 2), (64, 64, 1), (64, 64, 1), (64, 64, 1),
    (64, 96, 1), (96, 96, 1), (96, 96, 1), (96, 160, 2), (160, 160, 1), (160, 160, 1), (160, 320, 1),
  ]

  /// The first block, which does not widen.
  private static func depthwiseBlock(_ name: String, channels: Int, filters: Int) -> [LayerDescription] {
    LayerDescription.block(name) {
      convolution("conv.0", filters: channels, kernel: 3, groups: channels)
      Convolution.normalized("conv.1", filters: filters)
      BatchNormalization.layer("conv.2")
    }
  }

  /// Six times as many maps, each looked at by itself, and as few again; what came in is added where it has that shape.
  private static func invertedBlock(_ name: String, _ block: InvertedBlock) -> [LayerDescription] {
    LayerDescription.block(name) {
      convolution("conv.0", filters: 6 * block.channels)
      convolution("conv.1", filters: 6 * block.channels, kernel: 3, stride: block.stride, groups: 6 * block.channels)
      Convolution.normalized("conv.2", filters: block.filters)
      BatchNormalization.layer("conv.3")
      if block.stride == 1 && block.channels == block.filters {
        Add.layer(inputs: [LayerDescription.blockInput, "conv.3"])
      }
    }
  }

  private static func convolution(
    _ name: String, filters: Int, kernel: Int = 1, stride: Int = 1, groups: Int = 1
  ) -> [LayerDescription] {
    LayerDescription.block(name) {
      Convolution.normalized("0", filters: filters, kernel: kernel, stride: stride, groups: groups)
      BatchNormalization.layer("1")
      Relu6.layer("2")
    }
  }
}
