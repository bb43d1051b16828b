import FoveaCore
import FoveaLayers

/// What residual networks for ImageNet are made of.
///
/// Source: He, Zhang, Ren, Sun 2016, "Deep Residual Learning for Image Recognition", table 1. As in torchvision, the stride of a
/// bottleneck is that of its 3×3 convolution, and not of the first.
enum ResNet {
  /// 224×224 to 64 maps of 56×56.
  @LayerListBuilder
  static func stem() -> [LayerDescription] {
    Convolution.normalized("conv1", filters: 64, kernel: 7, stride: 2)
    BatchNormalization.layer("bn1")
    Relu.layer()
    MaximumPooling.layer("maxpool", window: 3) {
      $0.stride = 2
      $0.padding = .explicit(1)
    }
  }

  /// A probability for each class, of whatever maps there are.
  @LayerListBuilder
  static func head() -> [LayerDescription] {
    GlobalAveragePooling.layer("avgpool")
    Dense.layer("fc", units: 1000)
  }

  /// Two convolutions of 3×3, and what came in.
  static func basicBlock(
    _ name: String, filters: Int, stride: Int = 1, projects: Bool = false
  ) -> [LayerDescription] {
    LayerDescription.block(name) {
      Convolution.normalized("conv1", filters: filters, kernel: 3, stride: stride)
      BatchNormalization.layer("bn1")
      Relu.layer()
      Convolution.normalized("conv2", filters: filters, kernel: 3)
      BatchNormalization.layer("bn2")
      addition(to: "bn2", filters: filters, stride: stride, projects: projects)
    }
  }

  /// A convolution of 3×3 between two of 1×1, which make maps few and then four times as many; and what came in.
  static func bottleneck(
    _ name: String, filters: Int, stride: Int = 1, projects: Bool = false
  ) -> [LayerDescription] {
    LayerDescription.block(name) {
      Convolution.normalized("conv1", filters: filters)
      BatchNormalization.layer("bn1")
      Relu.layer()
      Convolution.normalized("conv2", filters: filters, kernel: 3, stride: stride)
      BatchNormalization.layer("bn2")
      Relu.layer()
      Convolution.normalized("conv3", filters: 4 * filters)
      BatchNormalization.layer("bn3")
      addition(to: "bn3", filters: 4 * filters, stride: stride, projects: projects)
    }
  }

  /// - Parameter projects: whether what came in gets as many maps, of the size, as are added to it.
  @LayerListBuilder
  private static func addition(
    to last: String, filters: Int, stride: Int, projects: Bool
  ) -> [LayerDescription] {
    if projects {
      Convolution.normalized(
        "downsample.0", inputs: [LayerDescription.blockInput], filters: filters, stride: stride)
      BatchNormalization.layer("downsample.1")
    }
    Add.layer(inputs: [last, projects ? "downsample.1" : LayerDescription.blockInput])
    Relu.layer()
  }
}
