import ArgumentParser
import Fovea

/// What LeNet-5's last layers hold for each of the 95 classes.
enum OutputCode: String, CaseIterable, ExpressibleByArgument {
  /// The paper's bitmaps: 84 units in F6, and codes that look like the characters.
  case paper
  /// 84 units and codes of random signs: distributed as the paper's are, but without likeness.
  case random
  /// One unit for each class, +1 for its own and −1 for all others: 95 units in F6.
  case place
  /// No codes: 84 units, then a learned weight for each class and unit, and softmax.
  case softmax

  var explanation: String {
    switch self {
    case .paper: "the paper's bitmaps, 84 units"
    case .random: "random signs, 84 units"
    case .place: "place codes, 95 units"
    case .softmax: "84 units, 95 weighted sums, softmax"
    }
  }

  /// Whether the smallest output wins.
  var hasDistances: Bool { self != .softmax }

  /// LeNet-5 of 1998 with this output, for pictures of 32 × 32.
  ///
  /// - Parameter j: of the loss where there are codes: the distance of the paper's class of rubbish.
  func network(j: Float) throws -> ModelDescription {
    var network = try ModelDescription(named: "lenet5-1998")
    let classes = CharacterPictures.characters.count
    network.name = "characters-\(rawValue)"
    network.preprocessing.removeAll { ["resize", "pad"].contains($0.kind) }
    network.labels = CharacterPictures(name: "").labels
    network.loss = KindDescription(MaximumAPosteriori(j: j))
    network.layers.removeLast()
    switch self {
    case .paper:
      network.layers.append(
        RadialBasisOutput.layer("output", codes: .paper) { $0.characters = String(CharacterPictures.characters) })
    case .random:
      network.layers.append(RadialBasisOutput.layer("output", units: classes))
    case .place:
      for index in network.layers.indices where network.layers[index].name == "f6" {
        network.layers[index].configuration["units"] = .integer(classes)
      }
      let rows = (0..<classes).map { row in (0..<classes).map { $0 == row ? Float(1) : -1 } }
      network.layers.append(RadialBasisOutput.layer("output", codes: .rows(rows)))
    case .softmax:
      network.layers.append(Dense.layer("output", units: classes))
      network.loss = KindDescription(SoftmaxCrossEntropy())
      network.postprocessing = [KindDescription(SoftmaxConfidence())]
    }
    return network
  }
}
