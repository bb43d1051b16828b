public import FoveaCore

/// A preprocessing that many published networks share, by a name. The next one costs an entry.
public struct PreprocessingPreset: Sendable {
  public let name: String
  /// One line for listings.
  public let summary: String
  private let make: @Sendable (_ height: Int, _ width: Int) -> [KindDescription]

  /// The steps for a network that takes `[3, height, width]`; nil where it takes something else.
  public func steps(for input: Shape) -> [KindDescription]? {
    guard input.rank == 3, input[0] == 3 else { return nil }
    return make(input[1], input[2])
  }

  /// Nil where there is no such preset.
  public static func named(_ name: String) -> PreprocessingPreset? { all.first { $0.name == name } }

  /// For help and errors.
  public static let names = all.map(\.name).joined(separator: ", ")

  /// Source: torchvision, "torchvision.models", the transforms of each entry's weights; Keras,
  /// `keras/src/applications/imagenet_utils.py`, `preprocess_input` with the modes caffe, tf and torch.
  ///
  /// Deviates: where Keras' examples load pictures with the nearest pixel, these are bilinear, as its data sets are.
  public static let all = [
    PreprocessingPreset(
      name: "imagenet-torchvision",
      summary: "shorter side to 8/7 of the input (256 for 224), its middle, mean and deviation of ImageNet",
      make: { height, width in
        [
          KindDescription(
            kind: "resizeShorterSide",
            configuration: [
              "side": .integer(min(height, width) * 256 / 224), "interpolation": "bilinearAntialiased",
            ]),
          .toRGB,
          KindDescription(kind: "centerCrop", configuration: ["width": .integer(width), "height": .integer(height)]),
          .scale, imageNetNormalization,
        ]
      }),
    PreprocessingPreset(
      name: "keras-caffe", summary: "to the input's size, blue first, less ImageNet's mean: ResNet50, VGG16, VGG19",
      make: { height, width in
        keras(height, width) + [
          KindDescription(kind: "reverseChannels"),
          KindDescription(
            kind: "normalize", configuration: ["mean": [103.939, 116.779, 123.68], "deviation": [1, 1, 1]]),
        ]
      }),
    PreprocessingPreset(
      name: "keras-tf",
      summary: "to the input's size, −1 to 1: MobileNet, MobileNetV2, ResNet50V2, InceptionV3, Xception, NASNet",
      make: { height, width in
        keras(height, width) + [KindDescription(kind: "scale", configuration: ["lower": -1, "upper": 1])]
      }),
    PreprocessingPreset(
      name: "keras-torch", summary: "to the input's size, mean and deviation of ImageNet: DenseNet, RegNet",
      make: { height, width in keras(height, width) + [.scale, imageNetNormalization] }),
    PreprocessingPreset(
      name: "keras-raw",
      summary: "to the input's size, 0 to 255, for networks that scale themselves: EfficientNet, MobileNetV3, ConvNeXt",
      make: { height, width in keras(height, width) }),
  ]

  private static func keras(_ height: Int, _ width: Int) -> [KindDescription] {
    [
      KindDescription(
        kind: "resize",
        configuration: ["width": .integer(width), "height": .integer(height), "interpolation": "bilinear"]), .toRGB,
    ]
  }

  /// Of the colors of ImageNet's photographs.
  static let imageNetNormalization = KindDescription(
    kind: "normalize", configuration: ["mean": [0.485, 0.456, 0.406], "deviation": [0.229, 0.224, 0.225]])
}
