import FoveaCore
import FoveaLayers

extension Architecture {
  /// LeNet-5 as published: 60,000 trainable numbers, 340,908 connections, and 840 fixed ones in the output's codes.
  ///
  /// Source: LeCun, Bottou, Bengio, Haffner 1998, section II-B, table I, appendix A.
  /// Deviates: the paper gives no value for the loss's constant j; here it is 3. Its first weights,
  /// uniform in ±2.4/fan-in, diverge under its own protocol: signals fade from layer to layer, so that the second
  /// derivatives are next to nothing and the steps at their largest. Glorot's rule gives first steps of 2·10⁻⁵ to
  /// 0.022, near the paper's 7·10⁻⁵ to 0.016.
  static let lenet5 = Architecture(
    summary: "LeNet-5 of 1998: 32×32 gray, trainable subsampling, connection table, RBF output, 10 classes",
    description: ModelDescription(
      "lenet5-1998", input: [1, 32, 32],
      loss: KindDescription(kind: "maximumAPosteriori", configuration: ["j": 3]),
      preprocessing: [
        .toGrayscale, .resize(28),
        KindDescription(kind: "pad", configuration: ["top": 2, "bottom": 2, "left": 2, "right": 2]),
        KindDescription(kind: "scale", configuration: ["lower": -0.1, "upper": 1.175]),
      ], postprocessing: [KindDescription(SmallestWins())]
    ) {
      Convolution.layer("c1", filters: 6, kernel: 5)
      ScaledTanh.layer()
      TrainableSubsampling.layer("s2", window: 2)
      ScaledTanh.layer()
      Convolution.layer("c3", filters: 16, kernel: 5) { $0.connections = lenet5Table }
      ScaledTanh.layer()
      TrainableSubsampling.layer("s4", window: 2)
      ScaledTanh.layer()
      Convolution.layer("c5", filters: 120, kernel: 5)
      ScaledTanh.layer()
      Flatten.layer()
      Dense.layer("f6", units: 84)
      ScaledTanh.layer()
      RadialBasisOutput.layer("output", codes: .paper) { $0.characters = "0123456789" }
    })

  /// Which maps of S2 each map of C3 sees: three neighbors, four neighbors, two pairs of two neighbors, all.
  ///
  /// Source: table I of the paper; neighbors are cyclic.
  private static let lenet5Table =
    (0..<6).map { first in (0..<3).map { (first + $0) % 6 }.sorted() }
    + (0..<6).map { first in (0..<4).map { (first + $0) % 6 }.sorted() }
    + [[0, 1, 3, 4], [1, 2, 4, 5], [0, 2, 3, 5], Array(0..<6)]
}
