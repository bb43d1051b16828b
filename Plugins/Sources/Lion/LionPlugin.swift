import FoveaCore

/// What this library adds to the toolkit.
public enum LionPlugin: Plugin {
  public static let name = "Lion"
  public static let version = "1.0.0"

  public static func register(in registry: inout Registry, from origin: Origin) throws {
    try registry.register(LionOptimizer.self, from: origin)
  }
}

@_cdecl("fovea_plugin_information_Lion")
public func information() -> UnsafeRawPointer { LionPlugin.information }

@_cdecl("fovea_plugin_enter_Lion")
public func enter(_ slot: UnsafeMutableRawPointer) { LionPlugin.enter(slot) }
