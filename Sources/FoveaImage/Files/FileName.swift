import FoveaCore

/// Names of files as text. To the system they are bytes, which need be no UTF-8 and may move a terminal's cursor.
public enum FileName {
  /// The name with `\xE9` for each byte that is no UTF-8, or that belongs to a character which is not to be printed, such
  /// as a line's end; all else as it is.
  public static func printable(_ bytes: some Collection<UInt8>) -> String {
    FilePath(bytes: bytes).description.printable
  }

  public static func printable(_ name: String) -> String { name.printable }
}
