import FoveaCore
import FoveaLayers

extension Architecture {
  /// A small network for two kinds of photographs, with one logit as its output; 3,937,409 parameters.
  static let catsAndDogs = Architecture(
    summary: "64×64 color, 32c3, pool, 128, 1 logit: one of two classes",
    description: ModelDescription(
      "cats-and-dogs", input: [3, 64, 64], loss: KindDescription(kind: "binaryCrossEntropy"),
      // Resizing comes first, so that the JPEG decoder can scale down: photographs are far larger than needed.
      preprocessing: [.resize(64, reducedDecoding: true), .toRGB, .scale],
      postprocessing: [KindDescription(SigmoidConfidence())]
    ) {
      Convolution.layer("c1", filters: 32, kernel: 3)
      Relu.layer()
      MaximumPooling.layer("s2", window: 2)
      Flatten.layer()
      Dense.layer("hidden", units: 128)
      Relu.layer()
      Dense.layer("output", units: 1)
    })
}
