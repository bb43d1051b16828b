/// A color to draw with; each part 0…255.
public struct Color: Sendable, Hashable {
  public var red: UInt8
  public var green: UInt8
  public var blue: UInt8

  public init(red: UInt8, green: UInt8, blue: UInt8) {
    self.red = red
    self.green = green
    self.blue = blue
  }

  public init(gray: UInt8) {
    self.init(red: gray, green: gray, blue: gray)
  }

  public static let white = Color(gray: 255)
  public static let black = Color(gray: 0)

  var components: [UInt8] { [red, green, blue] }
}
