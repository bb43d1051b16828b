import ArgumentParser
import Foundation
import FoveaCore
import FoveaImage

/// Runs filters that people have thought of over a picture, with the convolution layer, and draws what they answer.
@main
struct HandMadeFilters: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "HandMadeFilters",
    abstract: "Run hand-made line, edge, square and circle detectors over a picture.",
    discussion: "Draws one PNG for each family: the convolution matrices and their answers.")

  enum PaddingRule: String, ExpressibleByArgument, CaseIterable {
    case valid, same
  }

  @Option(name: .shortAndLong, help: "A picture; without it, a drawing with lines, squares and circles.")
  var image: String?

  @Option(name: .shortAndLong, help: "The folder for the pictures.")
  var output = "Output/HandMadeFilters"

  @Option(help: "The step of the convolution, in pixels.")
  var stride = 1

  @Option(help: "What surrounds the picture: \(PaddingRule.allCases.map(\.rawValue).joined(separator: " or ")).")
  var padding = PaddingRule.valid

  @Option(help: "The longest side to which a picture is scaled down before, in pixels.")
  var size = 300

  func validate() throws {
    guard (1...64).contains(stride) else { throw ValidationError("'--stride' must be 1 to 64, but is \(stride)") }
    guard (32...4096).contains(size) else { throw ValidationError("'--size' must be 32 to 4096, but is \(size)") }
  }

  func run() throws {
    let picture = try loadPicture()
    try FileManager.default.createDirectory(atPath: output, withIntermediateDirectories: true)
    for family in FilterFamily.all {
      let sheet = FilterSheet(family: family, image: picture, stride: stride, padding: padding.rawValue)
      let path = "\(output)/\(family.name).png"
      try ImageEncoder.png().write(try sheet.draw(), to: path)
      print(path)
    }
  }

  /// Gray, 0…255.
  private func loadPicture() throws -> Image {
    guard let image else { return try LineDrawing.make() }
    let picture = try ImageDecoder(colorModel: .gray).decode(path: image)
    let scale = Double(size) / Double(max(picture.width, picture.height))
    guard scale < 1 else { return picture }
    return try picture.resized(
      width: max(1, Int(Double(picture.width) * scale)), height: max(1, Int(Double(picture.height) * scale)),
      interpolation: .area)
  }
}
