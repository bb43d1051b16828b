/// Files that are well known, are not read, and should be called by their name rather than unknown.
enum UnreadKind {
  /// What follows "it is": the kind, and what to do.
  static func description(of reader: ByteReader) -> String? {
    if let name = picture(reader) { return "\(name) picture, which is not read; convert it to JPEG or PNG" }
    return other(reader)
  }

  private static func picture(_ reader: ByteReader) -> String? {
    if reader.has("ftyp", at: 4) { return brand(reader) }
    if let known = signatures.first(where: { reader.has($0.bytes, at: $0.offset) }) { return known.name }
    if let number = reader.u32(0, .big), let known = numbers.first(where: { number >> $0.shift == $0.number }) {
      return known.name
    }
    if let name = headed(reader) { return name }
    return reader.beginsWithMarkup && reader.contains("<svg", before: 1024) ? "an SVG" : nil
  }

  /// An article and a name, for the first bytes of files.
  private static let signatures: [(bytes: StaticString, offset: Int, name: String)] = [
    ("\u{0}\u{0}\u{0}\u{C}JXL \r\n", 0, "a JPEG XL"), ("\u{0}\u{0}\u{0}\u{C}jP  \r\n", 0, "a JPEG 2000"),
    ("8BPS", 0, "a Photoshop (PSD)"),
    ("v/1\u{1}", 0, "an OpenEXR"), ("#?RADIANCE", 0, "a Radiance HDR"), ("#?RGBE", 0, "a Radiance HDR"),
    ("FUJIFILMCCD-RAW", 0, "a raw camera (RAF)"), ("IIU\u{0}", 0, "a raw camera (RW2)"),
    ("IIRO", 0, "a raw camera (ORF)"), ("IIRS", 0, "a raw camera (ORF)"), ("MMOR", 0, "a raw camera (ORF)"),
    ("CR\u{2}\u{0}", 8, "a raw camera (CR2)"), ("qoif", 0, "a QOI"), ("DDS ", 0, "a DDS"), ("BPG", 0, "a BPG"),
    ("FLIF", 0, "a FLIF"), ("gimp xcf", 0, "a GIMP (XCF)"), ("AT&TFORM", 0, "a DjVu"), ("farbfeld", 0, "a farbfeld"),
    ("/* XPM */", 0, "an XPM"), ("SIMPLE  =", 0, "a FITS"), ("DICM", 128, "a DICOM"), ("MNG\r\n", 1, "an MNG"),
    ("JNG\r\n", 1, "a JNG"), ("PF\n", 0, "a PFM"), ("Pf\n", 0, "a PFM"),
  ]

  /// First bytes that are no characters: without so many of their lower bits, they are this number.
  private static let numbers: [(number: Int, shift: Int, name: String)] = [
    (0xFF0A, 16, "a JPEG XL"), (0xFF4F_FF51, 0, "a JPEG 2000"), (0x4949_BC01, 0, "a JPEG XR"),
    (0x59A6_6A95, 0, "a Sun raster"), (0x01DA, 16, "an SGI"), (0x0A05_01, 8, "a PCX"),
  ]

  /// What is told by several fields, none of which would do alone.
  private static func headed(_ reader: ByteReader) -> String? {
    if let kind = reader.u32(0, .little), kind == 0x1_0000 || kind == 0x2_0000, let count = reader.u16(4, .little),
      count > 0, reader.byte(9) == 0
    {
      return kind == 0x1_0000 ? "an ICO" : "a CUR"
    }
    if reader.u32(0, .little) == 40, reader.u16(12, .little) == 1 { return "a BMP without its file header (DIB)" }
    if reader.has("BA", at: 0), reader.has("BM", at: 14) { return "an OS/2 bitmap array" }
    if reader.has("TRUEVISION-XFILE.", at: reader.count - 18) { return "a TGA" }
    guard let map = reader.byte(1), let kind = reader.byte(2), let bits = reader.byte(16), map <= 1,
      [1, 2, 3, 9, 10, 11].contains(kind), [8, 15, 16, 24, 32].contains(bits), reader.u16(12, .little) != 0,
      reader.u16(14, .little) != 0, map == 1 || (reader.u32(3, .little) == 0 && reader.byte(7) == 0)
    else { return nil }
    return "a TGA"
  }

  /// Source: ISO/IEC 14496-12, section 4.3; ISO/IEC 23008-12, annex B; AVIF 1.1, section 6.
  private static func brand(_ reader: ByteReader) -> String? {
    let brands: [(StaticString, String)] = [
      ("avif", "an AVIF"), ("avis", "an AVIF"), ("hei", "a HEIC"), ("hev", "a HEIC"), ("mif1", "a HEIF"),
      ("msf1", "a HEIF"), ("crx ", "a raw camera (CR3)"), ("jxl ", "a JPEG XL"), ("jp2 ", "a JPEG 2000"),
    ]
    // A general brand may come first, with the particular one among those that follow.
    let end = min(reader.u32(0, .big) ?? 0, reader.count, 256)
    let places = [8] + Array(stride(from: 16, to: max(16, end), by: 4))
    return brands.first { brand in places.contains { reader.has(brand.0, at: $0) } }?.1
  }

  /// What is no picture at all, and often found where pictures are expected.
  private static func other(_ reader: ByteReader) -> String? {
    if reader.has("version https://git-lfs", at: 0) {
      return "a Git LFS pointer in place of the file; 'git lfs pull' fetches that"
    }
    if reader.has("%PDF", at: 0) { return "a PDF document, and no picture; convert its pages to JPEG or PNG" }
    if reader.has("%!PS", at: 0) { return "a PostScript document, and no picture; convert it to JPEG or PNG" }
    if reader.beginsWithMarkup
      && (reader.contains("<html", before: 1024) || reader.contains("<!doctype html", before: 1024))
    {
      return "a web page, and no picture: a download may have failed"
    }
    let isVideo =
      reader.has("ftyp", at: 4) || (reader.has("RIFF", at: 0) && reader.has("AVI ", at: 8))
      || reader.u32(0, .big) == 0x1A45_DFA3  // Matroska and WebM
    if isVideo { return "a video, and no picture; 'fovea classify --fps' takes frames of it" }
    if reader.has("PK\u{3}\u{4}", at: 0) || reader.has("Rar!", at: 0) { return "an archive, and no picture; unpack it" }
    if reader.has("\u{0}\u{5}\u{16}\u{7}", at: 0) {
      return "what macOS keeps beside a file (AppleDouble), and no picture"
    }
    return nil
  }
}

extension ByteReader {
  /// Whether the first character that is no white space is `<`, behind a byte order mark or not.
  fileprivate var beginsWithMarkup: Bool {
    let start = has("\u{FEFF}", at: 0) ? 3 : 0
    return bytes.prefix(1024).dropFirst(start).first { $0 > 32 } == UInt8(ascii: "<")
  }

  /// Whether these characters, given in lower case, stand anywhere in the beginning.
  fileprivate func contains(_ text: String, before end: Int) -> Bool {
    String(decoding: bytes.prefix(end), as: UTF8.self).lowercased().contains(text)
  }
}
