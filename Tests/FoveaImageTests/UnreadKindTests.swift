import FoveaCore
import FoveaImage
import Testing

/// Well-known files that are not read are called by their names.
@Suite struct UnreadKindTests {
  private static let takesFrames = "'fovea classify --fps' takes frames of it"
  private static let conversion = "picture, which is not read; convert it to JPEG or PNG"

  @Test(arguments: [
    ("\0\0\0\u{18}ftypheic\0\0\0\0mif1heic", "it is a HEIC \(conversion)"),
    ("\0\0\0\u{1C}ftypmif1\0\0\0\0mif1heicmiaf", "it is a HEIC \(conversion)"),
    ("\0\0\0\u{18}ftypmif1\0\0\0\0mif1miaf", "it is a HEIF \(conversion)"),
    ("\0\0\0\u{20}ftypavif\0\0\0\0avifmif1miafMA1B", "it is an AVIF \(conversion)"),
    ("\0\0\0\u{1C}ftypmif1\0\0\0\0mif1avifmiaf", "it is an AVIF \(conversion)"),
    ("\0\0\0\u{18}ftypcrx \0\0\0\u{1}crx isom", "it is a raw camera (CR3) \(conversion)"),
    ("\0\0\0\u{18}ftypisom\0\0\0\u{1}isomavc1", "it is a video, and no picture; \(takesFrames)"),
    ("RIFF\u{10}\0\0\0AVI LIST", "it is a video, and no picture; \(takesFrames)"),
    ("II*\0\u{10}\0\0\0CR\u{2}\0", "it is a raw camera (CR2) \(conversion)"),
    ("\0\0\0\u{C}JXL \r\n", "it is a JPEG XL \(conversion)"), ("8BPS\0\u{1}", "it is a Photoshop (PSD) \(conversion)"),
    ("\0\0\u{1}\0\u{1}\0\u{10}\u{10}\0\0", "it is an ICO \(conversion)"), ("qoif\0\0", "it is a QOI \(conversion)"),
    ("\0\0\u{2}\0\0\0\0\0\0\0\0\0\u{8}\0\u{8}\0\u{18}\0", "it is a TGA \(conversion)"),
    ("<?xml version='1.0'?>\n<!-- drawn -->\n<svg/>", "it is an SVG \(conversion)"),
    ("  <SVG/>", "it is an SVG \(conversion)"),
    ("<!DOCTYPE html><html>404</html>", "it is a web page, and no picture: a download may have failed"),
    (
      "version https://git-lfs.github.com/spec/v1\noid",
      "it is a Git LFS pointer in place of the file; 'git lfs pull' fetches that"
    ),
    ("%PDF-1.7\n", "it is a PDF document, and no picture; convert its pages to JPEG or PNG"),
  ])
  func names(_ content: String, _ reason: String) {
    #expect(throws: ImageError.undecodable(source: "it", reason: reason, as: .unsupported)) {
      try ImageDecoder().decode([UInt8](content.utf8), source: "it")
    }
  }

  @Test(arguments: [
    ([0xFF, 0x0A, 0, 0], "a JPEG XL"), ([0xFF, 0x4F, 0xFF, 0x51], "a JPEG 2000"), ([1, 0xDA, 0, 1], "an SGI"),
  ])
  func namesBytesThatAreNoCharacters(_ bytes: [UInt8], _ kind: String) {
    #expect(throws: ImageError.undecodable(source: "it", reason: "it is \(kind) \(Self.conversion)", as: .unsupported))
    {
      try ImageDecoder().decode(bytes, source: "it")
    }
  }
}
