public import FoveaImage

/// The colors and type of all sheets.
public enum Palette {
  public static let ink = Color(red: 0x1F, green: 0x24, blue: 0x2B)
  /// For what explains.
  public static let quiet = Color(red: 0x5F, green: 0x68, blue: 0x73)
  /// For grids and frames.
  public static let line = Color(red: 0xD5, green: 0xDA, blue: 0xE0)
  /// As in the color map of signed weights: red is positive, blue is negative.
  public static let positive = Color(red: 0xC8, green: 0x46, blue: 0x4A)
  public static let negative = Color(red: 0x4A, green: 0x6F, blue: 0xC8)
  /// For what was decided.
  public static let accent = Color(red: 0x1E, green: 0x8E, blue: 0x5A)
  /// For bars beside the decided one.
  public static let muted = Color(red: 0xA9, green: 0xB4, blue: 0xC2)

  /// For an outlined part that moves.
  public static let window = Color(red: 0xF0, green: 0x8C, blue: 0x00)
  /// For what is not part of a picture, such as padding.
  public static let empty = Color(red: 0xEE, green: 0xF1, blue: 0xF4)

  public static let title = TextStyle(color: ink, capHeight: 15, thickness: 2)
  public static let heading = TextStyle(color: ink, capHeight: 10, thickness: 1)
  public static let caption = TextStyle(color: ink, capHeight: 8, thickness: 1)
  public static let note = TextStyle(color: quiet, capHeight: 8, thickness: 1)

  /// Pixels between things that belong together.
  public static let gap = 6
  /// Pixels between things that do not.
  public static let space = 18
}
