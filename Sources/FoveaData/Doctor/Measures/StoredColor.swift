import FoveaImage

/// How a file stores colors, as its header says.
///
/// Source: ITU-T T.81, Annex B; PNG 1.2, section 11.2.2; TIFF 6.0, section 8; ICC.1:2022, sections 7.2 and 10.15.
public struct StoredColor: Sendable, Hashable, CustomStringConvertible {
  public enum Model: String, Sendable {
    case gray
    case color
    case cmyk = "CMYK"
    case lab = "Lab"
  }

  public let model: Model
  public var hasOpacity = false
  /// Of one sample.
  public var bits = 8
  /// The name of the embedded color profile, where that is another than sRGB and as decoders do not heed it.
  public var profile: String?

  public init(_ model: Model, hasOpacity: Bool = false, bits: Int = 8, profile: String? = nil) {
    (self.model, self.hasOpacity, self.bits, self.profile) = (model, hasOpacity, bits, profile)
  }

  /// `16-bit gray with opacity`, `color in Adobe RGB (1998)`.
  public var description: String {
    (bits > 8 ? "\(bits)-bit " : "") + model.rawValue + (hasOpacity ? " with opacity" : "")
      + (profile.map { " in \($0)" } ?? "")
  }

  /// Nil for other formats than JPEG, PNG and TIFF, and for headers that cannot be understood.
  init?(of file: ByteReader) {
    let color =
      switch (file.byte(0), file.byte(1)) {
      case (0xFF, 0xD8): Self.jpeg(file)
      case (0x89, 0x50): Self.png(file)
      case (0x49, 0x49): Self.tiff(file, .little)
      case (0x4D, 0x4D): Self.tiff(file, .big)
      default: nil as StoredColor?
      }
    guard let color else { return nil }
    self = color
  }

  private static func jpeg(_ file: ByteReader) -> StoredColor? {
    var color: StoredColor?
    var profile: String?
    var offset = 2
    // Up to the start of the scan, which may be of many segments.
    while file.byte(offset) == 0xFF, let marker = file.byte(offset + 1), marker != 0xDA {
      guard let length = file.u16(offset + 2, .big), length >= 2 else { break }
      switch marker {
      case 0xC4, 0xC8, 0xCC: break
      case 0xC0...0xCF:
        let model: Model? = [1: .gray, 3: .color, 4: .cmyk][file.byte(offset + 9) ?? 0]
        color = model.map { StoredColor($0, bits: Int(file.byte(offset + 4) ?? 8)) }
      case 0xE2 where text(file, offset + 4, 11) == "ICC_PROFILE": profile = ICCName.read(file, at: offset + 18)
      default: break
      }
      offset += 2 + length
    }
    color?.profile = profile
    return color
  }

  private static func png(_ file: ByteReader) -> StoredColor? {
    guard let bits = file.byte(24).map({ max(8, Int($0)) }) else { return nil }
    return switch file.byte(25) {
    case 0: StoredColor(.gray, bits: bits)
    case 2: StoredColor(.color, bits: bits)
    case 3: StoredColor(.color)
    case 4: StoredColor(.gray, hasOpacity: true, bits: bits)
    case 6: StoredColor(.color, hasOpacity: true, bits: bits)
    default: nil
    }
  }

  private static func tiff(_ file: ByteReader, _ order: ByteReader.Order) -> StoredColor? {
    guard file.u16(2, order) == 42, let start = file.u32(4, order), let count = file.u16(start, order) else {
      return nil
    }
    var model: Model?
    var bits = 8
    for entry in (0..<count).map({ start + 2 + 12 * $0 }) {
      switch file.u16(entry, order) {
      // Several samples' bits lie where the value points to.
      case 258:
        let isOne = file.u32(entry + 4, order) == 1
        bits = file.u16(isOne ? entry + 8 : file.u32(entry + 8, order) ?? 0, order) ?? 8
      case 262:
        model = [0: .gray, 1: .gray, 2: .color, 3: .color, 5: .cmyk, 6: .color, 8: .lab][file.u16(entry + 8, order)]
      default: break
      }
    }
    return model.map { StoredColor($0, bits: max(8, bits)) }
  }

  private static func text(_ file: ByteReader, _ start: Int, _ count: Int) -> String {
    String(decoding: (start..<start + count).compactMap(file.byte), as: UTF8.self)
  }

  /// The name of a color profile.
  private enum ICCName {
    /// Nil for those that mean what pictures without a profile mean.
    static func read(_ file: ByteReader, at start: Int) -> String? {
      guard let count = file.u32(start + 128, .big), count < 200 else { return nil }
      for entry in (0..<count).map({ start + 132 + 12 * $0 }) where text(file, entry, 4) == "desc" {
        guard let offset = file.u32(entry + 4, .big), let length = file.u32(entry + 8, .big), length < 4096 else {
          break
        }
        let bytes = (start + offset..<start + offset + length).compactMap(file.byte)
        // Plain characters, or UTF-16 in 'mluc': of both, what is printable ASCII is the name.
        let header = text(file, start + offset, 4) == "mluc" ? 28 : 12
        let name = String(decoding: bytes.dropFirst(header).filter { (32..<127).contains($0) }, as: UTF8.self)
        let isUsual = ["sRGB", "Gray", "Dot Gain", "c2"].contains { name.contains($0) }
        return name.isEmpty || isUsual ? nil : String(name.prefix(40))
      }
      return nil
    }
  }
}
