import Foundation
import FoveaCore
import FoveaImage

/// Decodes the pictures whose paths come on standard input, one a line. For each, a line of JSON goes to standard
/// output, and behind it the pixels, height × width × 3 bytes. `Tests/Conformance` compares them.
@main
struct DecodePictures {
  struct Head: Encodable {
    var width: Int?
    var height: Int?
    var warnings: [String]?
    var error: String?
  }

  static func main() throws {
    while let path = readLine() {
      do throws(ImageError) {
        let picture = try ImageDecoder().read(path: path)
        try? write(
          Head(width: picture.image.width, height: picture.image.height, warnings: picture.warnings))
        FileHandle.standardOutput.write(Data(try picture.image.bytes().pixelBytes))
      } catch {
        try? write(Head(error: error.description))
      }
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
