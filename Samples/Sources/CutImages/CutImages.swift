import Foundation
import FoveaCore
import FoveaData
import FoveaImage

/// Cuts the pictures in `Samples/Images` out of two Debian packages, `opencv-doc` and `dataset-fashion-mnist`.
///
///     swift run --package-path Samples CutImages Samples/Images
@main
struct CutImages {
  static let digitSheet = "/usr/share/doc/opencv-doc/examples/data/digits.png"
  static let fashionFolder = "/usr/share/datasets/fashion-mnist"

  static func main() {
    guard CommandLine.arguments.count == 2 else {
      FileHandle.standardError.write(Data("usage: CutImages FOLDER\n".utf8))
      exit(64)
    }
    let folder = CommandLine.arguments[1]
    do {
      let digits = try cutDigits(into: folder + "/digits")
      let clothes = try cutClothes(into: folder + "/clothes")
      print("\(digits) digits and \(clothes) clothes in \(folder)")
    } catch {
      FileHandle.standardError.write(
        Data("\(error)\nThe packages opencv-doc and dataset-fashion-mnist hold what is cut here.\n".utf8))
      exit(1)
    }
  }

  /// The sheet has 5 rows of 100 cells of 20 × 20 pixels for each digit.
  private static func cutDigits(into folder: String) throws -> Int {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let sheet = try ImageDecoder(colorModel: .gray).decode(path: digitSheet)
    let cells = [(row: 0, column: 0), (row: 2, column: 10)]
    for digit in 0..<10 {
      for (number, cell) in cells.enumerated() {
        let picture = try sheet.cropped(
          to: PixelRect(x: cell.column * 20, y: (5 * digit + cell.row) * 20, width: 20, height: 20))
        try ImageEncoder.png(compression: 9).write(
          try HandwrittenDigit.normalize(picture), to: "\(folder)/\(digit)-\(number + 1).png")
      }
    }
    return 10 * cells.count
  }

  /// The first two of each class.
  private static func cutClothes(into folder: String) throws -> Int {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let dataset = try Dataset.open(fashionFolder, part: .test)
    var counts = Array(repeating: 0, count: dataset.labels.count)
    for (index, target) in (dataset.targets.classes ?? []).enumerated() where counts[target] < 2 {
      counts[target] += 1
      let label = dataset.labels[target].lowercased().replacing(/[^a-z0-9]+/, with: "-")
      try ImageEncoder.png(compression: 9).write(
        try dataset.image(at: index), to: "\(folder)/\(label)-\(counts[target]).png")
    }
    return counts.reduce(0, +)
  }
}
