import FoveaCore

/// What this library adds to the toolkit.
public enum FocalLossPlugin: Plugin {
  public static let name = "FocalLoss"
  public static let version = "1.0.0"

  public static func register(in registry: inout Registry, from origin: Origin) throws {
    try registry.register(FocalLossFunction.self, from: origin)
  }
}

@_cdecl("fovea_plugin_information_FocalLoss")
public func information() -> UnsafeRawPointer { FocalLossPlugin.information }

@_cdecl("fovea_plugin_enter_FocalLoss")
public func enter(_ slot: UnsafeMutableRawPointer) { FocalLossPlugin.enter(slot) }
