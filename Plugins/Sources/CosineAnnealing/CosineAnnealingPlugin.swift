import FoveaCore

/// What this library adds to the toolkit.
public enum CosineAnnealingPlugin: Plugin {
  public static let name = "CosineAnnealing"
  public static let version = "1.0.0"

  public static func register(in registry: inout Registry, from origin: Origin) throws {
    try registry.register(CosineSchedule.self, from: origin)
  }
}

@_cdecl("fovea_plugin_information_CosineAnnealing")
public func information() -> UnsafeRawPointer { CosineAnnealingPlugin.information }

@_cdecl("fovea_plugin_enter_CosineAnnealing")
public func enter(_ slot: UnsafeMutableRawPointer) { CosineAnnealingPlugin.enter(slot) }
