import FoveaCore
import FoveaLayers

extension Architecture {
  /// The LeNet of today's tutorials: LeNet-5's sizes with rectifiers, maximum pooling and dense outputs.
  ///
  /// For 28×28 pictures without padding it has 44,426 parameters; the often quoted 61,706 are those for 32×32.
  static let lenet = Architecture(
    summary: "28×28 gray, 6c5, pool, 16c5, pool, 120, 84, 10 classes: the LeNet of tutorials",
    description: ModelDescription(
      "lenet", input: [1, 28, 28], loss: .softmaxCrossEntropy, preprocessing: [.toGrayscale, .resize(28), .scale],
      postprocessing: [KindDescription(SoftmaxConfidence())]
    ) {
      Convolution.layer("c1", filters: 6, kernel: 5)
      Relu.layer()
      MaximumPooling.layer("s2", window: 2)
      Convolution.layer("c3", filters: 16, kernel: 5)
      Relu.layer()
      MaximumPooling.layer("s4", window: 2)
      Flatten.layer()
      Dense.layer("f5", units: 120)
      Relu.layer()
      Dense.layer("f6", units: 84)
      Relu.layer()
      Dense.layer("output", units: 10)
    })
}
