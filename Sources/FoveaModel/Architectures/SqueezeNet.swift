import FoveaCore
import FoveaLayers

extension Architecture {
  /// Few weights: modules that narrow to few maps and widen to 1×1 and 3×3 side by side, and no dense layer; 1,235,496 trainable
  /// numbers.
  ///
  /// Source: Iandola, Han, Moskewicz, Ashraf, Dally, Keutzer 2016, "SqueezeNet", and version 1.1 of its authors, which pools
  /// earlier.
  static let squeezeNet = Architecture(
    summary: "224×224 color, fire modules of few weights, 1000 classes: SqueezeNet 1.1",
    description: .imageNet("squeezenet-1.1") {
      Convolution.layer("features.0", filters: 64, kernel: 3) {
        $0.stride = 2
        $0.initialization = .heUniform
      }
      Relu.layer()
      pooling("features.2")
      fireModule("features.3", squeeze: 16, expand: 64)
      fireModule("features.4", squeeze: 16, expand: 64)
      pooling("features.5")
      fireModule("features.6", squeeze: 32, expand: 128)
      fireModule("features.7", squeeze: 32, expand: 128)
      pooling("features.8")
      fireModule("features.9", squeeze: 48, expand: 192)
      fireModule("features.10", squeeze: 48, expand: 192)
      fireModule("features.11", squeeze: 64, expand: 256)
      fireModule("features.12", squeeze: 64, expand: 256)
      Dropout.layer("classifier.0")
      Convolution.layer("classifier.1", filters: 1000, kernel: 1)
      Relu.layer()
      GlobalAveragePooling.layer()
    })

  /// The published network rounds sizes up, which an odd row and column more at the end are for.
  private static func pooling(_ name: String) -> LayerDescription {
    MaximumPooling.layer(name, window: 3) {
      $0.stride = 2
      $0.padding = .explicit(Sides(bottom: 1, right: 1))
    }
  }

  private static func fireModule(_ name: String, squeeze: Int, expand: Int) -> [LayerDescription] {
    LayerDescription.block(name) {
      Convolution.layer("squeeze", filters: squeeze, kernel: 1) { $0.initialization = .heUniform }
      Relu.layer("squeezed")
      Convolution.layer("expand1x1", filters: expand, kernel: 1) { $0.initialization = .heUniform }
      Relu.layer("points")
      Convolution.layer("expand3x3", inputs: ["squeezed"], filters: expand, kernel: 3) {
        $0.padding = .explicit(1)
        $0.initialization = .heUniform
      }
      Relu.layer("windows")
      Concatenate.layer(inputs: ["points", "windows"])
    }
  }
}
