import FoveaCore

/// What this library adds to the toolkit.
public enum GridMaskPlugin: Plugin {
  public static let name = "GridMask"
  public static let version = "1.0.0"

  public static func register(in registry: inout Registry, from origin: Origin) throws {
    try registry.register(GridMaskAugmentation.self, from: origin)
  }
}

@_cdecl("fovea_plugin_information_GridMask")
public func information() -> UnsafeRawPointer { GridMaskPlugin.information }

@_cdecl("fovea_plugin_enter_GridMask")
public func enter(_ slot: UnsafeMutableRawPointer) { GridMaskPlugin.enter(slot) }
