import FoveaCore
import FoveaLayers

extension Architecture {
  /// Eighteen layers with weights, in residual blocks of two; 11,689,512 trainable numbers.
  ///
  /// Source: He, Zhang, Ren, Sun 2016, "Deep Residual Learning for Image Recognition", table 1.
  static let resNet18 = Architecture(
    summary: "224×224 color, residual blocks of two convolutions, 1000 classes: ResNet-18",
    description: .imageNet("resnet18") {
      ResNet.stem()
      ResNet.basicBlock("layer1.0", filters: 64)
      ResNet.basicBlock("layer1.1", filters: 64)
      for (index, filters) in [128, 256, 512].enumerated() {
        ResNet.basicBlock("layer\(index + 2).0", filters: filters, stride: 2, projects: true)
        ResNet.basicBlock("layer\(index + 2).1", filters: filters)
      }
      ResNet.head()
    })
}
