public import FoveaCore

/// From black to white.
public struct Gray: ColorMap {
  public static let kind = "gray"
  private static let colors = (0..<256).flatMap { [UInt8](repeating: UInt8($0), count: 3) }

  public init() {}

  public var table: [UInt8] { Self.colors }
}
