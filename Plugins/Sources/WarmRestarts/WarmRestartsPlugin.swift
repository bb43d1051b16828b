import FoveaCore

/// What this library adds to the toolkit.
public enum WarmRestartsPlugin: Plugin {
  public static let name = "WarmRestarts"
  public static let version = "1.0.0"

  public static func register(in registry: inout Registry, from origin: Origin) throws {
    try registry.register(WarmRestartsSchedule.self, from: origin)
  }
}

@_cdecl("fovea_plugin_information_WarmRestarts")
public func information() -> UnsafeRawPointer { WarmRestartsPlugin.information }

@_cdecl("fovea_plugin_enter_WarmRestarts")
public func enter(_ slot: UnsafeMutableRawPointer) { WarmRestartsPlugin.enter(slot) }
