import Foundation
import Fovea

/// A task that a tiny network learns in a moment: noisy stripes, across or down, or none.
enum Stripes {
  static let labels = ["across", "down", "none"]
  static let side = 16

  static let description = """
    name: stripes
    input: [1, 16, 16]
    preprocessing:
      - kind: toGrayscale
      - {kind: resize, width: 16, height: 16}
      - kind: scale
    layers:
      - {name: c1, kind: convolution, filters: 4, kernel: 3}
      - {kind: relu}
      - {name: s1, kind: maximumPooling, window: 2}
      - {kind: flatten}
      - {name: output, kind: dense, units: 3}
    loss: {kind: softmaxCrossEntropy}
    postprocessing:
      - kind: softmax

    """

  static func picture(_ label: Int, seed: UInt64) throws -> Image {
    var random = SeededRandom(seed: seed &* 31 &+ UInt64(label))
    let shift = Int(random.next() % 4)
    let bytes = (0..<side * side).map { index in
      let position = (label == 0 ? index / side : index % side) + shift
      let base = label == 2 ? 100 : position % 4 < 2 ? 190 : 40
      return UInt8(base + Int(random.next() % 40))
    }
    return try Image(width: side, height: side, channels: 1, pixels: .bytes(bytes))
  }

  /// One folder of PNG files for each class.
  static func writeFolders(to folder: String, count: Int, seed: UInt64 = 1) throws {
    for (label, name) in labels.enumerated() {
      try FileManager.default.createDirectory(atPath: "\(folder)/\(name)", withIntermediateDirectories: true)
      for number in 0..<count {
        try ImageEncoder.png().write(
          picture(label, seed: seed + UInt64(number)), to: "\(folder)/\(name)/\(number).png")
      }
    }
  }

  /// Pairs of IDX files, of which the test part is a third as large as the training part.
  static func writeIDX(to folder: String, count: Int) throws {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    for (prefix, count) in [("train", count), ("t10k", count / 3)] {
      var pixels: [UInt8] = []
      for index in 0..<count {
        guard case .bytes(let bytes) = try picture(index % 3, seed: UInt64(index)).pixels else { continue }
        pixels += bytes
      }
      try IDXWriter.write(
        pixels, dimensions: [count, side, side], to: "\(folder)/\(prefix)-images-idx3-ubyte")
      try IDXWriter.write(
        (0..<count).map { UInt8($0 % 3) }, dimensions: [count], to: "\(folder)/\(prefix)-labels-idx1-ubyte")
    }
    try Data((labels.joined(separator: "\n") + "\n").utf8).write(to: URL(fileURLWithPath: folder + "/labels.txt"))
  }
}
