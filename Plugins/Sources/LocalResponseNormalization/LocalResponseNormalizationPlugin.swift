import FoveaCore

/// What this library adds to the toolkit.
public enum LocalResponseNormalizationPlugin: Plugin {
  public static let name = "LocalResponseNormalization"
  public static let version = "1.0.0"

  public static func register(in registry: inout Registry, from origin: Origin) throws {
    try registry.register(LocalResponseNormalizationLayer.self, from: origin)
  }
}

@_cdecl("fovea_plugin_information_LocalResponseNormalization")
public func information() -> UnsafeRawPointer { LocalResponseNormalizationPlugin.information }

@_cdecl("fovea_plugin_enter_LocalResponseNormalization")
public func enter(_ slot: UnsafeMutableRawPointer) { LocalResponseNormalizationPlugin.enter(slot) }
