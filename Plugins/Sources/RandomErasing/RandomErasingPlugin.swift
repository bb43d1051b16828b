import FoveaCore

/// What this library adds to the toolkit.
public enum RandomErasingPlugin: Plugin {
  public static let name = "RandomErasing"
  public static let version = "1.0.0"

  public static func register(in registry: inout Registry, from origin: Origin) throws {
    try registry.register(RandomErasingAugmentation.self, from: origin)
  }
}

@_cdecl("fovea_plugin_information_RandomErasing")
public func information() -> UnsafeRawPointer { RandomErasingPlugin.information }

@_cdecl("fovea_plugin_enter_RandomErasing")
public func enter(_ slot: UnsafeMutableRawPointer) { RandomErasingPlugin.enter(slot) }
