import FoveaCore
import FoveaLayers

extension Architecture {
  /// Fifty layers with weights, in residual blocks of three; 25,557,032 trainable numbers.
  ///
  /// Source: He, Zhang, Ren, Sun 2016, "Deep Residual Learning for Image Recognition", table 1.
  static let resNet50 = Architecture(
    summary: "224×224 color, residual blocks of three convolutions, 1000 classes: ResNet-50",
    description: .imageNet("resnet50") {
      ResNet.stem()
      for (index, blocks) in [3, 4, 6, 3].enumerated() {
        let (stage, filters) = ("layer\(index + 1)", 64 << index)
        ResNet.bottleneck("\(stage).0", filters: filters, stride: index == 0 ? 1 : 2, projects: true)
        for block in 1..<blocks { ResNet.bottleneck("\(stage).\(block)", filters: filters) }
      }
      ResNet.head()
    })
}
