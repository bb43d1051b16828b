import FoveaCore
import FoveaLayers

extension Architecture {
  /// TensorFlow's "Deep MNIST for Experts": two wide convolutions and one wide dense layer; 3,274,634 parameters.
  static let mnist2Conv = Architecture(
    summary: "28×28 gray, 32c5 same, pool, 64c5 same, pool, 1024, dropout, 10 classes",
    description: ModelDescription(
      "mnist-2conv", input: [1, 28, 28], loss: .softmaxCrossEntropy,
      preprocessing: [.toGrayscale, .resize(28), .scale], postprocessing: [KindDescription(SoftmaxConfidence())]
    ) {
      for (index, filters) in [32, 64].enumerated() {
        Convolution.layer("conv\(index + 1)", filters: filters, kernel: 5) { $0.padding = .same }
        Relu.layer()
        MaximumPooling.layer("pool\(index + 1)", window: 2)
      }
      Flatten.layer()
      Dense.layer("hidden", units: 1024)
      Relu.layer()
      Dropout.layer { $0.rate = 0.5 }
      Dense.layer("output", units: 10)
    })
}
