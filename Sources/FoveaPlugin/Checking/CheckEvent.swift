import Foundation

/// What the process that checks a plugin tells the one that reports, a line each.
enum CheckEvent: Codable, Equatable {
  case loaded(LoadedPlugin)
  /// The plugin cannot be used, and why.
  case refused(String)
  case began(subject: String, check: String)
  case ended(subject: String, check: String, passed: Bool, detail: String)
  /// The process has done all that it was asked for.
  case finished

  /// No other line that a plugin might print begins like this.
  private static let mark = "fovea-check "

  /// The event as a line, without its end.
  var line: String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    // Neither texts nor flags can fail to be encoded.
    return Self.mark + ((try? encoder.encode(self)).map { String(decoding: $0, as: UTF8.self) } ?? "")
  }

  /// Nil for a line that somebody else printed.
  init?(line: some StringProtocol) {
    guard line.hasPrefix(Self.mark) else { return nil }
    let json = Data(line.dropFirst(Self.mark.count).utf8)
    guard let event = try? JSONDecoder().decode(CheckEvent.self, from: json) else { return nil }
    self = event
  }
}
