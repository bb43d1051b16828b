import Foundation
import FoveaCore
import FoveaImage

/// Decodes the pictures whose paths come on standard input, one a line, and does the preprocessing steps that are given as
/// arguments, each as JSON. For each picture, a line of JSON goes to standard output, and behind it the pixels, height ×
/// width × 3 bytes. `Tests/Conformance` compares them.
@main
struct DecodePictures {
  struct Head: Encodable {
    var width: Int?
    var height: Int?
    var warnings: [String]?
    var error: String?
  }

  static func main() throws {
    let steps = try CommandLine.arguments.dropFirst().map(step)
    while let path = readLine() {
      do throws(ImageError) {
        let picture = try ImageDecoder(for: steps).read(path: path)
        var image = picture.image
        for step in steps { image = try step.apply(image) }
        try? write(Head(width: image.width, height: image.height, warnings: picture.warnings))
        FileHandle.standardOutput.write(Data(try image.bytes().pixelBytes))
      } catch {
        try? write(Head(error: error.description))
      }
    }
  }

  private static func step(_ json: String) throws -> any PreprocessingStep {
    var registry = Registry()
    try registry.registerImageKinds()
    let description = try JSONDecoder().decode(KindDescription.self, from: Data(json.utf8))
    return try registry.make(description, of: .preprocessing) { settings, type throws(KindError) in
      try settings.read(type)
    }
  }

  private static func write(_ head: Head) throws {
    FileHandle.standardOutput.write(try JSONEncoder().encode(head) + Data("\n".utf8))
  }
}

extension Image {
  fileprivate var pixelBytes: [UInt8] {
    switch pixels {
    case .bytes(let bytes): bytes
    case .floats: []
    }
  }
}
