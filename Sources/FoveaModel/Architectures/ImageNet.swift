import FoveaCore
import FoveaLayers

// What the networks that were made for ImageNet have in common. Their layers have torchvision's names, so that `layer1.0.conv1.weight`
// there is `layer1.0.conv1.kernel` here.

extension ModelDescription {
  /// A network for color photographs of 224×224 and a thousand classes.
  ///
  /// - Parameter interpolation: by which photographs were brought to their size when its weights were published.
  static func imageNet(
    _ name: String, interpolation: String = "bilinearAntialiased", @LayerListBuilder layers: () -> [LayerDescription]
  ) -> ModelDescription {
    ModelDescription(
      name, input: [3, 224, 224], loss: .softmaxCrossEntropy,
      preprocessing: [
        KindDescription(
          kind: "resizeShorterSide", configuration: ["side": 256, "interpolation": .string(interpolation)]),
        .toRGB, KindDescription(kind: "centerCrop", configuration: ["width": 224, "height": 224]), .scale,
        PreprocessingPreset.imageNetNormalization,
      ], postprocessing: [KindDescription(SoftmaxConfidence())], layers: layers)
  }
}

extension Convolution {
  /// A convolution in front of a normalization, which makes a bias useless, with as much padding on each side as half its kernel.
  static func normalized(
    _ name: String, inputs: [String]? = nil, filters: Int, kernel: Int = 1, stride: Int = 1, groups: Int = 1
  ) -> LayerDescription {
    layer(name, inputs: inputs, filters: filters, kernel: Extent(kernel)) {
      $0.stride = Extent(stride)
      $0.groups = groups
      if kernel > 1 { $0.padding = .explicit(Sides(all: kernel / 2)) }
      $0.bias = false
      $0.initialization = .heNormal
    }
  }
}
