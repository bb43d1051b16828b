import FoveaCore

/// What this library adds to the toolkit.
public enum SignumPlugin: Plugin {
  public static let name = "Signum"
  public static let version = "1.0.0"

  public static func register(in registry: inout Registry, from origin: Origin) throws {
    try registry.register(SignumOptimizer.self, from: origin)
  }
}

@_cdecl("fovea_plugin_information_Signum")
public func information() -> UnsafeRawPointer { SignumPlugin.information }

@_cdecl("fovea_plugin_enter_Signum")
public func enter(_ slot: UnsafeMutableRawPointer) { SignumPlugin.enter(slot) }
