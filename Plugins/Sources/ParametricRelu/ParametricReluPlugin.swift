import FoveaCore

/// What this library adds to the toolkit.
public enum ParametricReluPlugin: Plugin {
  public static let name = "ParametricRelu"
  public static let version = "1.0.0"

  public static func register(in registry: inout Registry, from origin: Origin) throws {
    try registry.register(ParametricReluLayer.self, from: origin)
  }
}

@_cdecl("fovea_plugin_information_ParametricRelu")
public func information() -> UnsafeRawPointer { ParametricReluPlugin.information }

@_cdecl("fovea_plugin_enter_ParametricRelu")
public func enter(_ slot: UnsafeMutableRawPointer) { ParametricReluPlugin.enter(slot) }
