/// Where a registered kind comes from.
public enum Origin: Sendable, Hashable, Codable, CustomStringConvertible {
  /// The toolkit itself.
  case builtin
  /// The program that uses the toolkit, at compile time.
  case program
  /// A plugin that was loaded at run time.
  case plugin(name: String, version: String)

  public var description: String {
    switch self {
    case .builtin: "built-in"
    case .program: "program"
    case .plugin(let name, let version): "plugin \(name) \(version)"
    }
  }
}
