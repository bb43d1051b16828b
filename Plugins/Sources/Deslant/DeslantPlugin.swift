import FoveaCore

/// What this library adds to the toolkit.
public enum DeslantPlugin: Plugin {
  public static let name = "Deslant"
  public static let version = "1.0.0"

  public static func register(in registry: inout Registry, from origin: Origin) throws {
    try registry.register(DeslantStep.self, from: origin)
  }
}

@_cdecl("fovea_plugin_information_Deslant")
public func information() -> UnsafeRawPointer { DeslantPlugin.information }

@_cdecl("fovea_plugin_enter_Deslant")
public func enter(_ slot: UnsafeMutableRawPointer) { DeslantPlugin.enter(slot) }
