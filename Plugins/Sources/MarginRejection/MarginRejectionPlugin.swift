import FoveaCore

/// What this library adds to the toolkit.
public enum MarginRejectionPlugin: Plugin {
  public static let name = "MarginRejection"
  public static let version = "1.0.0"

  public static func register(in registry: inout Registry, from origin: Origin) throws {
    try registry.register(RejectByMargin.self, from: origin)
  }
}

@_cdecl("fovea_plugin_information_MarginRejection")
public func information() -> UnsafeRawPointer { MarginRejectionPlugin.information }

@_cdecl("fovea_plugin_enter_MarginRejection")
public func enter(_ slot: UnsafeMutableRawPointer) { MarginRejectionPlugin.enter(slot) }
