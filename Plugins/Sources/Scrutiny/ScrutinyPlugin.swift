import FoveaCore

/// What this library adds to the toolkit.
public enum ScrutinyPlugin: Plugin {
  public static let name = "Scrutiny"
  public static let version = "1.0.0"

  public static func register(in registry: inout Registry, from origin: Origin) throws {
    try registry.register(CohenKappaMetric.self, from: origin)
    try registry.register(WeightLimit.self, from: origin)
    try registry.register(TabRows.self, from: origin)
  }
}

@_cdecl("fovea_plugin_information_Scrutiny")
public func information() -> UnsafeRawPointer { ScrutinyPlugin.information }

@_cdecl("fovea_plugin_enter_Scrutiny")
public func enter(_ slot: UnsafeMutableRawPointer) { ScrutinyPlugin.enter(slot) }
