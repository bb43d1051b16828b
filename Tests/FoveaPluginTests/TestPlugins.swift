import FoveaCore

/// y = 2·x
struct Doubling: ElementwiseLayer {
  static let kind = "doubling"
  let configuration: NoConfiguration
  let outputShape: Shape

  init(_ configuration: NoConfiguration, input: Shape) throws(LayerError) {
    self.configuration = configuration
    outputShape = input
  }

  func value(_ x: Float) -> Float { 2 * x }
  func derivative(_ x: Float, _ y: Float) -> Float { 2 }
}

/// A map from black to red.
struct Red: ColorMap {
  static let kind = "red"
  var table: [UInt8] { (0..<256).flatMap { [UInt8($0), 0, 0] } }
}

enum Twofold: Plugin {
  static let name = "Twofold"
  static let version = "1.2.3"

  static func register(in registry: inout Registry, from origin: Origin) throws {
    try registry.register(Doubling.self, from: origin)
    try registry.register(Red.self, from: origin)
  }
}

/// Another plugin that has a kind of ``Twofold``, after one of its own.
enum Rival: Plugin {
  static let name = "Rival"
  static let version = "0.1.0"

  struct Blue: ColorMap {
    static let kind = "blue"
    var table: [UInt8] { Red().table }
  }

  static func register(in registry: inout Registry, from origin: Origin) throws {
    try registry.register(Blue.self, from: origin)
    try registry.register(Doubling.self, from: origin)
  }
}

enum Namesake: Plugin {
  static let name = "Twofold"
  static let version = "9.0.0"

  static func register(in registry: inout Registry, from origin: Origin) throws {
    try registry.register(Rival.Blue.self, from: origin)
  }
}

enum Unwell: Plugin {
  static let name = "Unwell"
  static let version = "1.0.0"

  struct NoLicense: Error, CustomStringConvertible {
    var description: String { "the license file is missing" }
  }

  static func register(in registry: inout Registry, from origin: Origin) throws {
    try registry.register(Doubling.self, from: origin)
    throw NoLicense()
  }
}

enum Empty: Plugin {
  static let name = "Empty"
  static let version = "1.0.0"

  static func register(in registry: inout Registry, from origin: Origin) throws {}
}

enum Impostor: Plugin {
  static let name = "Impostor"
  static let version = "1.0.0"

  static func register(in registry: inout Registry, from origin: Origin) throws {
    try registry.register(Doubling.self, from: .builtin)
  }
}

enum Usurper: Plugin {
  static let name = "Usurper"
  static let version = "1.0.0"

  static func register(in registry: inout Registry, from origin: Origin) throws {
    registry = Registry()
    try registry.register(Doubling.self, from: origin)
  }
}

enum Nameless: Plugin {
  static let name = "no name/at all"
  static let version = "1.0.0"

  static func register(in registry: inout Registry, from origin: Origin) throws {}
}

enum Timeless: Plugin {
  static let name = "Timeless"
  static let version = "newest"

  static func register(in registry: inout Registry, from origin: Origin) throws {}
}
